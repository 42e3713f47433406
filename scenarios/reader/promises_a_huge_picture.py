"""PIX-02: dimensions of a file whose product wraps, or is more than it holds."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import DIMENSIONS
from simulators.corpus.playing import lays


@scenario(
    id="PIX-202",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-190", "CWE-789"],
    references=["CVE-2026-5443", "CVE-2024-27628", "DCMTK-1099", "CVE-2015-8396"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_trusts_pixel_dimensions",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in DIMENSIONS.makers],
)
def promises_a_huge_picture(stage: Stage) -> None:
    """Dimensions of gigabytes in a file of one kilobyte cost the reader no memory.

    Rows, columns and frames multiply to more than 32 bits hold. The product wraps, little room
    is made and much is written; or it does not wrap, and one small file takes all memory.
    Thumbnails are made of every file in a folder.

    Remedy: Multiply in 64 bits with an overflow check, and compare the product with what the
    file holds.
    """
    lays(stage, DIMENSIONS)
