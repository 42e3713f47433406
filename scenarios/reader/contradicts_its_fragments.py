"""PIX-05: encapsulation of a file whose table or fragments lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import ENCAPSULATION
from simulators.corpus.playing import lays


@scenario(
    id="PIX-205",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED", "PS3.5/A.4"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-787", "CWE-125"],
    references=["CVE-2025-11266"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_fragments",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in ENCAPSULATION.makers],
)
def contradicts_its_fragments(stage: Stage) -> None:
    """Fragments and offsets that contradict one another lead no reader out of them.

    Compressed frames lie in fragments, and a table says where each begins. A reader that jumps
    by the table leaves the file, and one that trusts the length of a fragment makes room for
    gigabytes.

    Remedy: Check each offset against the beginnings of the fragments, and the end of each
    fragment against the file.
    """
    lays(stage, ENCAPSULATION, like="rle")
