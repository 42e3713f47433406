"""The twin of the scenarios that lay hostile archives before a reader."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, reads, stays_in_the_folder
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.archives import HONEST_ARCHIVE
from simulators.corpus.playing_media import lays_archive


@scenario(
    id="MED-901",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.10/7.1"],
    threats=["T-INTEG-52"],
    weakness=[],
    role=Role.READER,
    needs={Claim.READER, Claim.ZIP_READER},
    severity=Severity.MEDIUM,
    twin=None,
    control="read_leaves_traces",
    oracles=[reads(), plants_nothing(), stays_in_the_folder()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def is_an_honest_archive(stage: Stage) -> None:
    """The image in an honest archive is read.

    Studies arrive as ZIP files through portals and mail more often than on discs. Only of a reader
    that opens an honest one can be said that it refuses those that are none.

    Remedy: Read each entry as a file of its own, whatever it is called.
    """
    lays_archive(stage, HONEST_ARCHIVE)
