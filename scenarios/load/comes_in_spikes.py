"""LOAD-012: calm, then five times as much."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import all_answered
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.plan import Shape
from simulators.load.scene import load, plan

_ASSOCIATIONS = 12
_COUNT = 200
_RATE = 100.0
_SPIKES = Shape(kind="spike", peak=5.0, every_s=0.5, for_s=0.2)
_ANSWER_S = 3.0


@scenario(
    id="LOAD-012",
    verifies=["HOUSE/SERVES-UNDER-LOAD"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-833"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.HIGH,
    twin="LOAD-900",
    control="forgets_answers_under_load",
    oracles=[all_answered()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def comes_in_spikes(stage: Stage) -> None:
    """Every request of a sudden spike is answered, late perhaps, but answered.

    A trauma, a shift that begins, a scanner that comes back: load comes in spikes. A device that
    drops a request without a word leaves its caller with an association that hangs until a
    time-out, and with an object of which nobody knows whether it was stored.

    Remedy: Answer each request, by a failure status (A700H) where resources are short.
    """
    acceptor = stage.profile.acceptor
    limit = (acceptor.max_associations if acceptor else None) or _ASSOCIATIONS
    load(
        stage,
        plan(
            stage,
            "store",
            associations=min(limit, _ASSOCIATIONS),
            count=_COUNT,
            rate=_RATE,
            shape=_SPIKES,
            timeout_s=_ANSWER_S,
        ),
    )
