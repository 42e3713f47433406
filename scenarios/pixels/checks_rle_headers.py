"""PIX-04: an RLE header that lies."""

from collections.abc import Callable

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SAMPLES, has_decoded, picture, sent_octets
from simulators.wire.pixels import encapsulated, rle_frame, rle_segment

_HONEST = rle_segment(SAMPLES)
_LIES: dict[str, Callable[[], bytes]] = {
    "no segments": lambda: rle_frame([_HONEST], count=0),
    "two segments": lambda: rle_frame([_HONEST], count=2, offsets=[64, 64]),
    "2^31 segments": lambda: rle_frame([_HONEST], count=0x8000_0000),
    "begins in the header": lambda: rle_frame([_HONEST], offsets=[4]),
    "begins behind the frame": lambda: rle_frame([_HONEST], offsets=[0x0001_0000]),
    "begins at 2^32 - 2": lambda: rle_frame([_HONEST], offsets=[0xFFFF_FFFE]),
    "gives too little": lambda: rle_frame([_HONEST[:100]]),
    "gives too much": lambda: rle_frame([b"\x81\x01" * 64]),
    "header cut": lambda: rle_frame([_HONEST])[:20],
}


@scenario(
    id="PIX-004",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.5/G"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-125", "CWE-787"],
    references=["CVE-2019-1010228", "CVE-2025-25475", "DCMTK-1213"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.CRITICAL,
    twin="PIX-910",
    control="trusts_rle_offsets",
    oracles=[decodes_truly()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"header": lie} for lie in _LIES],
)
def checks_rle_headers(stage: Stage) -> None:
    """An RLE frame whose header or segments lie is refused, or decodes to nothing foreign.

    The header holds a count and fifteen offsets, and each octet of a segment tells how many to
    copy. A decoder that follows them without looking reads outside the fragment, and sends what it
    finds there as pixels; or it writes past the picture and ends the process that all use.

    Remedy: Check count, order and range of the offsets, and both ends of every run.
    """
    pixels = encapsulated([_LIES[str(stage.case["header"])]()])
    has_decoded(stage, picture(stage, pixels), known=sent_octets(pixels))
