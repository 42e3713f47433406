"""MED-02: links between directory records that go round."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.media import LOOPS
from simulators.corpus.playing import lays_media


@scenario(
    id="MED-002",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52"],
    weakness=["CWE-835", "CWE-674"],
    references=["DCMTK-246cbe63e"],
    role=Role.READER,
    needs={Claim.READER, Claim.MEDIA_READER},
    severity=Severity.HIGH,
    twin="MED-900",
    control="read_walks_record_cycles",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in LOOPS.makers],
)
def goes_round_in_circles(stage: Stage) -> None:
    """A directory whose links go round in a circle is refused or read once, in bounded time.

    Records are linked by offsets, so that a few octets make the last one lead to the first.
    Whoever follows them until there is no next one never ends, and the import of a disc that a
    patient brought never does.

    Remedy: Remember which records were visited, and refuse a directory that leads to one twice.
    """
    lays_media(stage, LOOPS)
