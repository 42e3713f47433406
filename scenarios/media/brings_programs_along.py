"""MED-06: programs, shortcuts and hidden files beside the images."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.media import BROUGHT_ALONG
from simulators.corpus.playing import lays_media


@scenario(
    id="MED-006",
    verifies=["HOUSE/READER-WRITES-INSIDE", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52"],
    weakness=["CWE-426", "CWE-88"],
    references=[],
    role=Role.READER,
    needs={Claim.READER, Claim.MEDIA_READER},
    severity=Severity.HIGH,
    twin="MED-900",
    control="read_starts_programs",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in BROUGHT_ALONG.makers],
)
def brings_programs_along(stage: Stage) -> None:
    """Of media that bring programs along, only what the directory names is read.

    Discs have always brought a viewer that starts by itself. On a workstation that starts it,
    whoever burned the disc is at home; and names that begin with a hyphen are options to tools
    that are called with all files of a folder.

    Remedy: Read what the directory names and nothing else; switch off automatic starting; put
    -- before names of files.
    """
    lays_media(stage, BROUGHT_ALONG)
