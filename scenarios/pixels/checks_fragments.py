"""PIX-05: encapsulation whose table or fragments lie."""

from collections.abc import Callable

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import FRAMES, SAMPLES, Value, has_decoded, picture, sent_octets
from simulators.wire import DataItem, Element
from simulators.wire.pixels import encapsulated, offset_table, rle_frame, rle_segment

_FRAME = rle_frame([rle_segment(SAMPLES)])
_SIZE = len(_FRAME) + 8
_LIES: dict[str, Callable[[], Element]] = {
    "table behind the fragments": lambda: _two(offset_table(0, 1 << 20)),
    "table overlaps": lambda: _two(offset_table(0, 0)),
    "table descends": lambda: _two(offset_table(_SIZE, 0)),
    "table into a fragment": lambda: _two(offset_table(0, 66)),
    "table of five octets": lambda: _two(b"\0\0\0\0\1"),
    "no delimiter": lambda: encapsulated([_FRAME], delimiter=False),
    "fragment of odd length": lambda: encapsulated([DataItem(elements=_FRAME + b"\0")]),
    "fragment too long": lambda: encapsulated([DataItem(elements=_FRAME, length=0x7FFF_FFFE)]),
    "no fragment": lambda: encapsulated([]),
}


@scenario(
    id="PIX-005",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.5/A.4"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-787", "CWE-125"],
    references=["CVE-2025-11266"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.CRITICAL,
    twin="PIX-910",
    control="trusts_offset_table",
    oracles=[decodes_truly(may_wait=True)],
    safety=Safety.STORES_OBJECTS,
    vary=[{"encapsulation": lie} for lie in _LIES],
)
def checks_fragments(stage: Stage) -> None:
    """Fragments and offsets that contradict one another are refused, or nothing foreign is shown.

    Compressed frames lie in fragments, and a table of offsets says where each begins. Readers that
    jump by the table read outside the object or decode one patient's fragment twice; those that
    trust the length of a fragment read on behind it. A good device walks the fragments, and uses
    the table only where it agrees with them.

    Remedy: Check each offset against the beginnings of the fragments, and the end of each fragment.
    """
    lie = str(stage.case["encapsulation"])
    pixels = _LIES[lie]()
    frames: dict[int, Value] = {FRAMES: "2 "} if lie.startswith("table") else {}
    has_decoded(stage, picture(stage, pixels, frames), known=sent_octets(pixels))


def _two(table: bytes) -> Element:
    return encapsulated([_FRAME, _FRAME], table=table)
