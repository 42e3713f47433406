"""MED-08: archives that contradict themselves, or have a password."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, stays_in_the_folder, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.archives import BROKEN
from simulators.corpus.playing_media import lays_archive


@scenario(
    id="MED-008E",
    verifies=["HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52", "T-AVAIL-05"],
    weakness=["CWE-20"],
    role=Role.READER,
    needs={Claim.READER, Claim.ZIP_READER},
    severity=Severity.MEDIUM,
    twin="MED-901",
    control="read_crashes_on_archives",
    oracles=[survives_reading(), plants_nothing(), stays_in_the_folder()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in BROKEN.makers],
)
def is_a_broken_archive(stage: Stage) -> None:
    """An archive that cannot be opened ends no reader.

    The headers before each entry and the directory at the end say the same thing twice, and need
    not agree. Cut downloads and archives with a password are everyday; a reader that ends on one
    of them takes the queue of imports with it.

    Remedy: Trust the directory alone, compare it with the size of the file, and tell the user
    which archive was refused.
    """
    lays_archive(stage, BROKEN)
