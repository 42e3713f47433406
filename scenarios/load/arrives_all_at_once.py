"""LOAD-010: every modality comes back at one moment."""

from harness.model import Claim, Role, Severity
from harness.oracles import all_answered, serves_during_load
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.plan import Shape
from simulators.load.scene import callers, load, plan

_MOST = 48
_UNCLAIMED = 16
_SERVED_S = 5.0


@scenario(
    id="LOAD-010",
    verifies=["HOUSE/SERVES-UNDER-LOAD"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-400"],
    references=["DCMTK-single-block"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="accepts_slowly",
    oracles=[serves_during_load(_SERVED_S), all_answered()],
    budget_s=60,
    alone=True,
    bystander=False,
)
def arrives_all_at_once(stage: Stage) -> None:
    """As many associations as the device claims, all asked for at one moment, are served soon.

    When a switch or the archive itself comes back after a failure, every modality calls in the
    same second. A device that takes them one after the other keeps the last one waiting until it
    gives up and tries again, which makes the herd larger.

    Remedy: Accept connections independently of each other; do not resolve names while accepting.
    """
    acceptor = stage.profile.acceptor
    claimed = (acceptor.max_associations if acceptor else None) or _UNCLAIMED
    herd = min(claimed, _MOST)
    load(
        stage,
        plan(
            stage,
            "associate",
            calling=callers(stage),
            associations=herd,
            count=herd,
            shape=Shape(kind="herd"),
        ),
    )
