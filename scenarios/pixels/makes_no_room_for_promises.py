"""PIX-02: dimensions whose product wraps 32 bits."""

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

_BOUND_MIB = 64
_PATIENCE_S = 40.0
"""A device that is at work on gigabytes would spoil what is measured after this."""
_LIES: dict[str, dict[int, Value]] = {
    "16384 x 16384": {ROWS: 16384, COLUMNS: 16384},
    "2147483647 frames": {FRAMES: "2147483647"},
    "16777217 frames": {FRAMES: "16777217"},
    "65535 x 65535": {ROWS: 65535, COLUMNS: 65535},
}


@scenario(
    id="PIX-002",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE", "HOUSE/NO-FOREIGN-MEMORY"],
    threats=["T-AVAIL-05", "T-AVAIL-03", "T-CONF-05"],
    weakness=["CWE-190", "CWE-789"],
    references=["CVE-2026-5443", "CVE-2026-5442", "CVE-2024-27628", "DCMTK-1099", "CVE-2015-8396"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.CRITICAL,
    twin="PIX-910",
    control="allocates_by_dimensions",
    oracles=[decodes_truly(), peak_memory_below(_BOUND_MIB)],
    budget_s=100,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"dimensions": lie} for lie in _LIES],
)
def makes_no_room_for_promises(stage: Stage) -> None:
    """Dimensions of gigabytes in an object of one kilobyte cost the device no memory.

    Rows and columns are sixteen bits wide and frames are text, so that their product exceeds what
    thirty-two bits hold. It then wraps to a small number, room is made for that, and the decoder
    writes far beyond it; or it does not wrap, and one small object takes all memory. A good device
    sees that a few octets cannot decode to so many.

    Remedy: Multiply in 64 bits with an overflow check, and bound the product by the coded length.
    """
    pixels = rle()
    thing = picture(stage, pixels, _LIES[str(stage.case["dimensions"])])
    has_decoded(stage, thing, known=sent_octets(pixels), patience_s=_PATIENCE_S)
