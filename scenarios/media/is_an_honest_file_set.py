"""The twin of the scenarios that lay hostile media before a reader."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, reads, stays_in_the_folder
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays_honest_media


@scenario(
    id="MED-900",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.10/7.1"],
    threats=["T-INTEG-52"],
    weakness=[],
    role=Role.READER,
    needs={Claim.READER, Claim.MEDIA_READER},
    severity=Severity.MEDIUM,
    twin=None,
    control="read_leaves_traces",
    oracles=[reads(), plants_nothing(), stays_in_the_folder()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def is_an_honest_file_set(stage: Stage) -> None:
    """An honest file-set is read by its directory.

    A DICOMDIR with one patient and one image is what a disc from the clinic next door looks like.
    Only of a reader that reads it can be said that it refuses those that lead astray.

    Remedy: Follow the records from the first of the root, and read the files that they name.
    """
    lays_honest_media(stage)
