"""PIX-08: overlays that are larger than their bits, or lie elsewhere."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SAMPLES, SIDE, Value, has_decoded, picture, rle
from simulators.wire import Element

_FAR = (0x7FFF).to_bytes(2, "little") * 2
_LIES: dict[str, dict[int, Value]] = {
    "65535 x 65535": {0x60000010: 65535, 0x60000011: 65535},
    "without its bits": {0x60003000: None},
    "origin far outside": {0x60000050: Element(tag=0x60000050, vr="SS", value=_FAR)},
    "in bit 12 of the pixels": {0x60000100: 16, 0x60000102: 12, 0x60003000: None},
    "the seventeenth": {0x60200010: SIDE, 0x60200011: SIDE},
}


@scenario(
    id="PIX-008",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-125"],
    references=["CVE-2025-52582"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.MEDIUM,
    twin="PIX-910",
    control="draws_overlays",
    oracles=[decodes_truly()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"overlay": lie} for lie in _LIES],
)
def keeps_overlays_within_bounds(stage: Stage) -> None:
    """An overlay that is larger than its bits, or outside the picture, shows no foreign memory.

    An overlay has rows, columns and an origin of its own, and one bit for each pixel. What draws
    it by its dimensions reads behind its bits and writes beside the picture. A good device leaves
    overlays alone, or draws what lies inside both.

    Remedy: Clip each overlay to the picture, and to the bits that are there.
    """
    has_decoded(
        stage,
        picture(stage, rle(), {**_honest(), **_LIES[str(stage.case["overlay"])]}),
        truth=SAMPLES,
        known=(0, 1),
    )


def _honest() -> dict[int, Value]:
    """An overlay of the size of the picture, without a set bit."""
    return {
        0x60000010: SIDE,
        0x60000011: SIDE,
        0x60000040: Element(tag=0x60000040, vr="CS", value="G"),
        0x60000050: Element(tag=0x60000050, vr="SS", value=b"\1\0\1\0"),
        0x60000100: 1,
        0x60000102: 0,
        0x60003000: Element(tag=0x60003000, vr="OW", value=bytes(SIDE * SIDE // 8)),
    }
