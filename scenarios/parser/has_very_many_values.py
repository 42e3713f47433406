"""PAR-15: one attribute of 65 534 values."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import busy_at_most, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.volume import MANY_VALUES
from simulators.readback import content_of, offer

_BUSY_S = 5.0
_PATIENCE_S = 60.0


@scenario(
    id="PAR-015",
    verifies=["HOUSE/BOUNDED-CPU", "HOUSE/BOUNDED-TIME", "PS3.5/6.4"],
    threats=["T-AVAIL-04", "T-AVAIL-05"],
    weakness=["CWE-400", "CWE-407"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="PAR-910",
    control="parses_in_square_time",
    oracles=[reacts(), busy_at_most(_BUSY_S)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    budget_s=90,
    vary=[{"vr": name} for name in MANY_VALUES],
)
def has_very_many_values(stage: Stage) -> None:
    """An attribute of very many values costs time in proportion to its size.

    Splitting a text at each backslash from the beginning, or copying the rest of it for each value,
    takes time that grows with the square of their number. A few hundred kilobytes then hold a
    receiver as long as a whole study. A good device takes the object in seconds, or refuses it.

    Remedy: Split a value once, and only when somebody asks for its parts.
    """
    offer(stage, [MANY_VALUES[str(stage.case["vr"])](content_of(stage))], _PATIENCE_S)
