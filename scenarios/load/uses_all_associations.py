"""LOAD-015: as many associations as the device claims, all held and all used."""

from harness.model import Claim, Role, Severity
from harness.oracles import all_answered
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import callers, load, plan

_MOST = 100
_EACH = 4


@scenario(
    id="LOAD-015",
    verifies=["HOUSE/SERVES-UNDER-LOAD", "HOUSE/ASSOCIATION-LIMIT"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-400"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.ASSOCIATION_LIMIT,
    },
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="dies_at_peak",
    oracles=[all_answered()],
    budget_s=60,
    alone=True,
    bystander=False,
)
def uses_all_associations(stage: Stage) -> None:
    """As many associations as the device claims can be open and used at a time.

    A limit that was written into a conformance statement and never tried may be beyond what the
    memory, the descriptors or the threads of the device bear. On each of them a few C-ECHOs are
    asked for, while all others are open, too.

    Remedy: Claim what the device bears, and refuse what is beyond it by A-ASSOCIATE-RJ 2/3/2.
    """
    acceptor = stage.profile.acceptor
    limit = (acceptor.max_associations if acceptor else None) or 0
    stage.require(0 < limit <= _MOST, "the claimed limit is more than we may use up")
    load(
        stage,
        plan(
            stage,
            "echo",
            calling=callers(stage),
            associations=limit,
            count=_EACH * limit,
        ),
    )
