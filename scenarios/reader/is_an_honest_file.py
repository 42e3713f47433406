"""The twin of the scenarios that lay hostile files before a reader."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, prints_no_control_bytes, reads
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays_honestly


@scenario(
    id="PAR-920",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.10/7.1"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin=None,
    control="read_leaves_traces",
    oracles=[reads(), plants_nothing(), prints_no_control_bytes()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def is_an_honest_file(stage: Stage) -> None:
    """An honest file is opened and read.

    A reader that refuses every file is safe from all of them and of no use; what it refuses of
    hostile files says something only where it reads the honest one.

    Remedy: Read Secondary Capture in Explicit VR Little Endian, and end with the documented code.
    """
    lays_honestly(stage)
