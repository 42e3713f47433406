"""PIX-05, PIX-06: JPEG streams that the standard permits and few devices write."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.oracles.rendering import gives_back_the_samples
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.drawings import LEGAL_JPEG
from simulators.corpus.playing_media import decompresses


@scenario(
    id="PIX-223B",
    verifies=["HOUSE/SAMPLES-GIVEN-BACK", "PS3.5/A.4"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-354", "CWE-682"],
    role=Role.READER,
    needs={Claim.READER, Claim.DECOMPRESSES, Claim.DECOMPRESSES_JPEG},
    severity=Severity.HIGH,
    twin="PIX-921",
    control="read_takes_one_fragment",
    oracles=[gives_back_the_samples(), survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in LEGAL_JPEG.makers],
)
def lies_in_fragments(stage: Stage) -> None:
    """What was compressed by JPEG without loss comes out sample by sample, however it was cut.

    A frame may be cut into fragments anywhere, also inside of a marker, and its stream may hold
    comments and segments of applications. A decoder that takes one fragment for one frame gives
    back half an image, and says that all went well.

    Remedy: Join the fragments of a frame before it is decoded; skip segments that you do not know.
    """
    decompresses(stage, LEGAL_JPEG)
