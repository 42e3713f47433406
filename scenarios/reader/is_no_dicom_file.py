"""PAR-10: files that are none."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.meta import NONE
from simulators.corpus.playing import lays


@scenario(
    id="PAR-210B",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.10/7.1"],
    threats=["T-INTEG-07", "T-AVAIL-05"],
    weakness=["CWE-20", "CWE-393"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_guesses_missing_meta",
    oracles=[refuses_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in NONE.makers],
)
def is_no_dicom_file(stage: Stage) -> None:
    """A file that is no DICOM file is not said to be read.

    An import that says yes to an empty file, or to a preamble without anything behind it, loses
    studies without a word: the copy on the disc is deleted when all was imported. Whoever
    guesses what a file without meta information might be also guesses for files that were made
    to be guessed wrongly.

    Remedy: Require the prefix DICM and the elements of group 0002 that PS3.10 7.1 requires, or
    tell the user that the file is none.
    """
    lays(stage, NONE)
