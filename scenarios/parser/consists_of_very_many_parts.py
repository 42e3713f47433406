"""PAR-14: a hundred thousand elements, or fifty thousand items."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import busy_at_most, peak_memory_below, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.volume import MANY_PARTS
from simulators.readback import content_of, offer

_BUSY_S = 10.0
_PATIENCE_S = 60.0


@scenario(
    id="PAR-014",
    verifies=["HOUSE/BOUNDED-CPU", "HOUSE/BOUNDED-MEMORY", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-04", "T-AVAIL-05"],
    weakness=["CWE-407"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="PAR-910",
    control="parses_in_square_time",
    oracles=[reacts(), busy_at_most(_BUSY_S), peak_memory_below(512)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    budget_s=90,
    vary=[{"parts": name} for name in MANY_PARTS],
)
def consists_of_very_many_parts(stage: Stage) -> None:
    """An object of very many small parts costs time and memory in proportion to its size.

    A hundred thousand elements fit into two megabytes. Where each new one is compared with all
    before it, the time grows with the square, and an object no larger than a radiograph keeps a
    processor busy for minutes; where each costs a kilobyte of bookkeeping, memory runs out first. A
    good device takes the object in seconds, or refuses it beyond a limit of its own.

    Remedy: Keep elements in a map or in order, and limit how many parts an object may have.
    """
    offer(stage, [MANY_PARTS[str(stage.case["parts"])](content_of(stage))], _PATIENCE_S)
