"""LOAD-004: one greedy AE beside polite ones."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_fairly
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.plan import Shape
from simulators.load.scene import callers, load, plan

_FOR_S = 0.8
_GREEDY = 9
_MOST_RATE = 400.0
_TITLES = 4


@scenario(
    id="LOAD-004",
    verifies=["HOUSE/FAIR-SERVICE"],
    threats=["T-AVAIL-10"],
    weakness=["CWE-410"],
    references=["dcm4che-373"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.FAIR_SERVICE,
    },
    severity=Severity.MEDIUM,
    twin="LOAD-900",
    control="serves_one_ae",
    oracles=[serves_fairly()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def lets_one_ae_be_greedy(stage: Stage) -> None:
    """While one AE takes all that it can get, every other one gets its share of the service.

    A workstation that sends its archive again, or a stolen one, need not break anything: it asks
    without a pause on many associations, and the emergency room waits. One AE holds nine
    associations here, three others have one each.

    Remedy: Take requests in turn by calling AE, and limit how many associations one may have.
    """
    titles = callers(stage, _TITLES)
    stage.require(len(titles) >= 3, "fairness needs three calling AE titles that it admits")
    limit = (stage.profile.acceptor.max_associations if stage.profile.acceptor else None) or 24
    claimed = stage.profile.load.ae_associations if stage.profile.load else None
    greedy = min(_GREEDY, limit - len(titles), claimed or _GREEDY)
    stage.require(greedy > 1, "the claimed limit leaves no room for a greedy AE")
    together = greedy + len(titles) - 1
    load(
        stage,
        plan(
            stage,
            "store",
            calling=titles,
            associations=together,
            duration_s=_FOR_S,
            shape=Shape(kind="greedy", greedy=greedy / together),
            most_rate=_MOST_RATE,
        ),
    )
