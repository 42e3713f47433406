"""MED-03: directory records that disagree with the file."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.media import DISAGREEING
from simulators.corpus.playing import lays_media


@scenario(
    id="MED-003",
    verifies=["HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52", "T-INTEG-07"],
    weakness=["CWE-345"],
    references=[],
    role=Role.READER,
    needs={Claim.READER, Claim.MEDIA_READER},
    severity=Severity.MEDIUM,
    twin="MED-900",
    control="read_crashes_on_disagreement",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in DISAGREEING.makers],
)
def says_otherwise_than_its_files(stage: Stage) -> None:
    """A directory that disagrees with its files ends no reader.

    The directory says who the patient is, and the file says it again. A reader that holds one
    against the other must be able to bear that they differ, that the kind of a record is
    unknown, or that there is no file.

    Remedy: Believe the file, tell the user of the difference, and go on with the next record.
    """
    lays_media(stage, DISAGREEING)
