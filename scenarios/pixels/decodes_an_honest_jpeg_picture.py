"""The twin of the scenarios on JPEG Lossless pictures."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import gives_back_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SAMPLES, SIDE, has_decoded, picture
from simulators.wire import uids
from simulators.wire.pixels import encapsulated, jpeg_lossless


@scenario(
    id="PIX-911",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.5/A.4"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.JPEG_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.MEDIUM,
    twin=None,
    control="cannot_decode",
    oracles=[gives_back_truly()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def decodes_an_honest_jpeg_picture(stage: Stage) -> None:
    """A picture stored as JPEG Lossless comes back uncompressed, sample for sample.

    Only a device that decodes honest streams can be judged for what it does with hostile ones:
    where every stream is refused, no marker has ever been read.

    Remedy: Decode JPEG Lossless (process 14, selection value 1) for peers that take no JPEG.
    """
    pixels = encapsulated([jpeg_lossless(SAMPLES, SIDE)])
    has_decoded(stage, picture(stage, pixels, syntax=uids.JPEG_LOSSLESS), truth=SAMPLES)
