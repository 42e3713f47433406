"""MED-09: media with thousands of files, or with very deep folders."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.media import CROWDED
from simulators.corpus.playing import lays_media


@scenario(
    id="MED-009",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52"],
    weakness=["CWE-400", "CWE-407"],
    references=[],
    role=Role.READER,
    needs={Claim.READER, Claim.MEDIA_READER},
    severity=Severity.MEDIUM,
    twin="MED-900",
    control="read_searches_each_part",
    oracles=[refuses_or_reads_within(15.0, 256 << 20), plants_nothing()],
    budget_s=60,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
    vary=[{"file": name} for name in CROWDED.makers],
)
def is_crowded(stage: Stage) -> None:
    """Media with thousands of files or very deep folders are read or refused in bounded time.

    A disc of two megabytes has room for thousands of files and sixty folders inside one
    another. Where each costs a search through all others, or a level of recursion, an import
    does not end.

    Remedy: Read the directory once, and bound depth and number of what is imported at a time.
    """
    lays_media(stage, CROWDED)
