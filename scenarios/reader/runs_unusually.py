"""PIX-05: RLE streams that the standard permits and few devices write."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.oracles.rendering import gives_back_the_samples
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.drawings import LEGAL_RLE
from simulators.corpus.playing_media import decompresses


@scenario(
    id="PIX-223",
    verifies=["HOUSE/SAMPLES-GIVEN-BACK", "PS3.5/A.4"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-354", "CWE-682"],
    role=Role.READER,
    needs={Claim.READER, Claim.DECOMPRESSES, Claim.DECOMPRESSES_RLE},
    severity=Severity.HIGH,
    twin="PIX-921",
    control="read_takes_one_fragment",
    oracles=[gives_back_the_samples(), survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in LEGAL_RLE.makers],
)
def runs_unusually(stage: Stage) -> None:
    """What was compressed by RLE comes out sample by sample, however it was framed.

    A frame may lie behind a table of offsets or without, next to other frames; runs may be literal
    or repeated, with idle octets between. A decoder that knows only what its own encoder writes
    gives back half an image, and says that all went well.

    Remedy: Follow the standard and not the usual file; compare the number of samples with what is
    described.
    """
    decompresses(stage, LEGAL_RLE)
