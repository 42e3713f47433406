"""PAR-03: delimiters of a file that are missing or surplus."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import OPEN


@scenario(
    id="PAR-203",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED", "PS3.5/7.5"],
    threats=["T-AVAIL-05", "T-INTEG-52"],
    weakness=["CWE-835"],
    references=["fodicom-http"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_waits_for_delimiter",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in OPEN.makers],
)
def leaves_lists_open(stage: Stage) -> None:
    """A sequence that nothing ends is refused, or read to the end of the file, in bounded time.

    Who waits for a delimiter that never comes may wait for ever at the end of the file, and a
    delimiter of nothing makes others leave a sequence that they never entered. Either keeps an
    import at work on one file while the others wait.

    Remedy: Take the end of the file for the end of everything, and refuse delimiters of what is
    not open.
    """
    lays(stage, OPEN, like="items")
