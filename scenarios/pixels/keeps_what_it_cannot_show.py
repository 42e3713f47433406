"""PIX-01: uncompressed pictures whose description lies, at devices that only keep them."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_exactly, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import (
    ALLOCATED,
    COLUMNS,
    FRAMES,
    HIGH_BIT,
    PHOTOMETRIC,
    PLANAR,
    ROWS,
    SAMPLES_PER_PIXEL,
    STORED,
    Value,
    keeps_pictures,
)

_BOUND_MIB = 64
_LIES: dict[str, dict[int, Value]] = {
    "more rows than octets": {ROWS: 32},
    "fewer rows than octets": {ROWS: 8},
    "no rows": {ROWS: 0},
    "65535 x 65535": {ROWS: 65535, COLUMNS: 65535},
    "2147483647 frames": {FRAMES: "2147483647"},
    "52 bits": {ALLOCATED: 52, STORED: 52, HIGH_BIT: 51},
    "three planes of one": {SAMPLES_PER_PIXEL: 3, PHOTOMETRIC: "YBR_FULL", PLANAR: 1},
    "a palette without entries": {PHOTOMETRIC: "PALETTE COLOR", 0x00281101: bytes(6)},
}


@scenario(
    id="PIX-001B",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-129", "CWE-131"],
    references=["CVE-2024-47796", "CVE-2025-25472"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.MEDIUM,
    twin="STO-902",
    control="evens_out_pictures",
    oracles=[keeps_exactly(), peak_memory_below(_BOUND_MIB)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def keeps_what_it_cannot_show(stage: Stage) -> None:
    """Uncompressed pictures whose description lies come back octet for octet, or are refused.

    An archive need not look at pixels at all. One that does, to make a preview or to convert, must
    not let its own idea of the picture replace what was sent: octets that it fills up are memory
    of somebody else, and octets that it cuts are lost.

    Remedy: Keep Pixel Data by its length, and never by what the dimensions promise.
    """
    keeps_pictures(stage, _LIES)
