"""PIX-07: palette descriptors that lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import PHOTOMETRIC, SAMPLES, Value, has_decoded, picture, rle
from simulators.wire import Element

_COLOURS = (0, 1, 2)
_ENTRIES = b"\0\0\1\1"
_LIES: dict[str, tuple[int, ...]] = {
    "65536 entries": (0, 0, 16),
    "255 entries": (255, 0, 16),
    "begins at 200": (2, 200, 16),
    "begins at 65535": (2, 65535, 16),
    "52 bits": (2, 0, 52),
    "a descriptor of two values": (2, 0),
}


@scenario(
    id="PIX-007",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.3/C.7.6.3"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-125"],
    references=["CVE-2026-5445", "CVE-2024-28130", "CVE-2024-22391"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.HIGH,
    twin="PIX-910",
    control="reads_beyond_palette",
    oracles=[decodes_truly()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"palette": lie} for lie in _LIES],
)
def keeps_to_the_palette(stage: Stage) -> None:
    """Samples outside a palette, or a palette shorter than it says, show no foreign memory.

    A palette has a descriptor (how many entries, the first index, how many bits) and entries. A
    device that looks samples up by the descriptor reads memory behind the entries, and gives it
    back as colours: a way to read the server's memory, image by image. A good device clamps the
    index, refuses the palette, or passes it on unread.

    Remedy: Check the descriptor against the length of the entries, and clamp every index.
    """
    said = b"".join(each.to_bytes(2, "little") for each in _LIES[str(stage.case["palette"])])
    changes: dict[int, Value] = {PHOTOMETRIC: "PALETTE COLOR"}
    for colour in _COLOURS:
        entries = Element(tag=0x00281201 + colour, vr="OW", value=_ENTRIES)
        changes |= {0x00281101 + colour: said, 0x00281201 + colour: entries}
    has_decoded(stage, picture(stage, rle(), changes), truth=SAMPLES, known=(0, 1))
