"""PIX-05, PIX-06: streams that the standard permits and few devices write."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.oracles.rendering import gives_back_the_samples
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.drawings import LEGAL
from simulators.corpus.playing_media import decompresses


@scenario(
    id="PIX-223",
    verifies=["HOUSE/SAMPLES-GIVEN-BACK", "PS3.5/A.4"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-354", "CWE-682"],
    role=Role.READER,
    needs={Claim.READER, Claim.DECOMPRESSES},
    severity=Severity.HIGH,
    twin="PIX-921",
    control="read_takes_one_fragment",
    oracles=[gives_back_the_samples(), survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in LEGAL.makers],
)
def is_compressed_unusually(stage: Stage) -> None:
    """What was compressed without loss comes out sample by sample, however it was cut and framed.

    A frame may lie in several fragments, with or without a table of offsets; runs may be literal
    or repeated, with idle octets between. A decoder that takes one fragment for one frame gives
    back half an image, and says that all went well.

    Remedy: Join the fragments of a frame before it is decoded; compare the number of samples with
    what is described.
    """
    decompresses(stage)
