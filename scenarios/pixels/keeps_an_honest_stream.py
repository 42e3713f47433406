"""The twin of the scenarios on streams that a device may keep undecoded."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import returns_values
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SIDE, keeps_streams
from simulators.wire import uids
from simulators.wire.pixels import jpeg_ls


@scenario(
    id="PIX-912",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.5/A.4"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.JPEG_LS},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_get",
    oracles=[returns_values()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def keeps_an_honest_stream(stage: Stage) -> None:
    """A picture stored as JPEG-LS comes back as JPEG-LS, with all that describes it.

    A device that refuses each JPEG-LS picture would withstand every stream that lies without ever
    having kept one.

    Remedy: Give back compressed pictures in the transfer syntax in which they came.
    """
    keeps_streams(stage, {uids.JPEG_LS_LOSSLESS: {"honest": jpeg_ls(SIDE, SIDE)}})
