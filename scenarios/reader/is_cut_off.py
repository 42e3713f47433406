"""PAR-16: a file that ends too early."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import CUT


@scenario(
    id="PAR-216",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/7.1"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-125", "CWE-248"],
    references=["pydicom-8bcd586e02", "CVE-2022-2121", "CVE-2024-1453"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_cut_file",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in CUT.makers],
)
def is_cut_off(stage: Stage) -> None:
    """A file that ends too early is refused in order, or read as far as it goes.

    Every read of a tag, a length or a value is a place where the end of the file may come
    first, and one unchecked read is enough. Files are cut so by full disks, broken downloads
    and on purpose.

    Remedy: Check before each read that as many octets are there.
    """
    lays(stage, CUT)
