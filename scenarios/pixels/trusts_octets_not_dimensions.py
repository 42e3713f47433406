"""PIX-01: rows, columns and frames that do not fit the octets."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import (
    COLUMNS,
    FRAMES,
    ROWS,
    Value,
    has_decoded,
    picture,
    rle,
    sent_octets,
)

_BOUND_MIB = 256
_LIES: dict[str, dict[int, Value]] = {
    "one row more": {ROWS: 17},
    "twice the columns": {COLUMNS: 32},
    "half the rows": {ROWS: 8},
    "no rows": {ROWS: 0},
    "rows left out": {ROWS: None},
    "a second frame": {FRAMES: "2 "},
    "minus one frame": {FRAMES: "-1"},
}


@scenario(
    id="PIX-001",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-129", "CWE-125"],
    references=["CVE-2025-25472", "CVE-2024-47796", "CVE-2024-22391", "CVE-2024-22100"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.HIGH,
    twin="PIX-910",
    control="fills_up_with_memory",
    oracles=[decodes_truly(), peak_memory_below(_BOUND_MIB)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"lie": lie} for lie in _LIES],
)
def trusts_octets_not_dimensions(stage: Stage) -> None:
    """A picture whose dimensions do not fit its octets is refused, or shows only what was sent.

    Decoders make room by rows and columns and then copy what the stream gives. When the stream
    gives less, the rest of the picture is whatever lay in that memory: parts of other patients'
    images, or keys. When it gives more, memory behind the picture is overwritten. A good device
    compares both first, or pads with zeros.

    Remedy: Check rows x columns x samples x frames against the decoded length before use.
    """
    pixels = rle()
    thing = picture(stage, pixels, _LIES[str(stage.case["lie"])])
    has_decoded(stage, thing, known=sent_octets(pixels))
