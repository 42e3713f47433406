"""The twin of the scenarios on RLE Lossless pictures."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import gives_back_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SAMPLES, has_decoded, picture, rle


@scenario(
    id="PIX-910",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.5/G"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.MEDIUM,
    twin=None,
    control="cannot_decode",
    oracles=[gives_back_truly()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def decodes_an_honest_picture(stage: Stage) -> None:
    """A picture stored as RLE Lossless comes back uncompressed, sample for sample.

    Refusing a picture that lies means something only where honest ones are decoded: an archive
    that converts nothing would withstand every hostile stream without ever reading one.

    Remedy: Decode what was stored compressed where the peer takes no compressed transfer syntax.
    """
    has_decoded(stage, picture(stage, rle()), truth=SAMPLES)
