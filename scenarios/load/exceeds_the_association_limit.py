"""LOAD-005: more associations at a time than the device claims."""

from harness.model import Claim, Role, Severity
from harness.oracles import rejects_properly
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import callers, load, plan

_MORE = 6
_MOST = 100
_FOR_S = 0.4
_MOST_RATE = 300.0


@scenario(
    id="LOAD-005",
    verifies=["HOUSE/ASSOCIATION-LIMIT", "PS3.8/9.3.4/LIMIT"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-770"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP, Claim.ASSOCIATION_LIMIT},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="hangs_up_at_limit",
    oracles=[rejects_properly()],
    budget_s=60,
    alone=True,
    bystander=False,
)
def exceeds_the_association_limit(stage: Stage) -> None:
    """Associations beyond the limit are rejected as temporary, and those within it are served.

    A caller that is told "local limit exceeded" (2/3/2) tries again in a minute. One whose
    connection is closed without a word believes that the network is broken, or that the device
    refuses it for ever, and objects stay in the modality.

    Remedy: Answer each request beyond the limit by A-ASSOCIATE-RJ 2/3/2, and go on serving.
    """
    acceptor = stage.profile.acceptor
    limit = (acceptor.max_associations if acceptor else None) or 0
    stage.require(0 < limit <= _MOST, "the claimed limit is more than we may use up")
    together = limit + _MORE
    load(
        stage,
        plan(
            stage,
            "echo",
            calling=callers(stage),
            associations=together,
            duration_s=_FOR_S,
            most_rate=_MOST_RATE,
        ),
    )
