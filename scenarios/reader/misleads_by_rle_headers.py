"""PIX-04: an RLE header of a file that lies."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import RLE_HEADERS
from simulators.corpus.playing import lays


@scenario(
    id="PIX-204",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/G"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-787"],
    references=["CVE-2019-1010228", "CVE-2025-25475", "DCMTK-1213"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_fragments",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in RLE_HEADERS.makers],
)
def misleads_by_rle_headers(stage: Stage) -> None:
    """An RLE frame whose header or segments lie is refused, or decoded without leaving its bounds.

    A count and fifteen offsets lead into the frame, and each octet of a segment says how many
    to copy. A decoder that follows them reads outside the fragment and writes past the picture.

    Remedy: Check count, order and range of the offsets, and both ends of every run.
    """
    lays(stage, RLE_HEADERS, like="rle")
