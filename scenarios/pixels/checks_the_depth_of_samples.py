"""PIX-03: bits allocated, bits stored and high bit that contradict one another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import ALLOCATED, HIGH_BIT, STORED, has_decoded, picture, rle

_LIES = {
    "high bit above allocated": {HIGH_BIT: 40},
    "stored above allocated": {STORED: 16, HIGH_BIT: 15},
    "1 allocated": {ALLOCATED: 1, STORED: 1, HIGH_BIT: 0},
    "12 allocated": {ALLOCATED: 12, STORED: 12, HIGH_BIT: 11},
    "52 allocated": {ALLOCATED: 52, STORED: 52, HIGH_BIT: 51},
    "none stored": {STORED: 0, HIGH_BIT: 65535},
}


@scenario(
    id="PIX-003",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.3/C.7.6.3"],
    threats=["T-CONF-05", "T-AVAIL-05"],
    weakness=["CWE-119", "CWE-125"],
    references=["CVE-2024-52333", "CVE-2025-25474"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.HIGH,
    twin="PIX-910",
    control="trusts_bit_depth",
    oracles=[decodes_truly()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"depth": lie} for lie in _LIES],
)
def checks_the_depth_of_samples(stage: Stage) -> None:
    """Bits allocated, stored and high bit that contradict one another make no decoder read beyond.

    The three numbers say how wide a sample is, where it lies and how it is masked. Decoders use
    one for the size of the buffer and another for the copy, or shift by more bits than there are.
    A good device refuses to decode what contradicts itself, or keeps within its buffer.

    Remedy: Accept 8 and 16 bits allocated (1 and 32 where meant) with High Bit = Bits Stored - 1.
    """
    # Masking may make other octets of those sent: only pixels that differ each time are foreign.
    has_decoded(stage, picture(stage, rle(), _LIES[str(stage.case["depth"])]))
