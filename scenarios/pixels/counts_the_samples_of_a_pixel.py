"""PIX-09: kinds of picture that do not fit their samples."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import (
    PHOTOMETRIC,
    PLANAR,
    SAMPLES_PER_PIXEL,
    Value,
    has_decoded,
    picture,
    rle,
    sent_octets,
)
from simulators.wire import Element

_LIES: dict[str, dict[int, Value]] = {
    "RGB of one plane": {SAMPLES_PER_PIXEL: 3, PHOTOMETRIC: "RGB ", PLANAR: 1},
    "RGB of one sample": {PHOTOMETRIC: "RGB "},
    "three samples of grey": {SAMPLES_PER_PIXEL: 3, PLANAR: 0},
    "YBR_FULL of one plane": {SAMPLES_PER_PIXEL: 3, PHOTOMETRIC: "YBR_FULL", PLANAR: 1},
    "no samples": {SAMPLES_PER_PIXEL: 0},
    "a kind that nobody knows": {PHOTOMETRIC: "X-UNKNOWN-KIND"},
    "garbage for a colour profile": {
        0x00282000: Element(tag=0x00282000, vr="OB", value=b"\xff" * 128)
    },
}


@scenario(
    id="PIX-009",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.3/C.7.6.3"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-787", "CWE-125"],
    references=["CVE-2025-9732"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.HIGH,
    twin="PIX-910",
    control="trusts_samples_per_pixel",
    oracles=[decodes_truly()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"kind": lie} for lie in _LIES],
)
def counts_the_samples_of_a_pixel(stage: Stage) -> None:
    """A kind of picture that does not fit its samples is refused, or shows nothing foreign.

    Samples per pixel, photometric interpretation and planar configuration say the same thing three
    times. Conversion routines are chosen by one and given buffers that were sized by another, so
    that three planes are read where one is. A good device refuses what contradicts itself.

    Remedy: Accept only the combinations that the standard defines, before a conversion is chosen.
    """
    pixels, kind = rle(), str(stage.case["kind"])
    # Conversion of colours makes other octets of those sent.
    known = None if kind.startswith("YBR") else sent_octets(pixels)
    has_decoded(stage, picture(stage, pixels, _LIES[kind]), known=known)
