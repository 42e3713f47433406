"""MED-01: Referenced File IDs that lead out of the file-set."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, stays_in_the_folder, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.media import ASTRAY
from simulators.corpus.playing import lays_media_astray


@scenario(
    id="MED-001",
    verifies=["HOUSE/MEDIA-INSIDE", "HOUSE/READER-IN-ORDER", "HOUSE/READER-WRITES-INSIDE"],
    threats=["T-INTEG-52", "T-CONF-04"],
    weakness=["CWE-22", "CWE-73"],
    references=["CVE-2026-32711"],
    role=Role.READER,
    needs={Claim.READER, Claim.MEDIA_READER},
    severity=Severity.CRITICAL,
    twin="MED-900",
    control="read_follows_file_ids",
    oracles=[stays_in_the_folder(), plants_nothing(), survives_reading()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in ASTRAY.makers],
)
def leads_out_of_the_medium(stage: Stage) -> None:
    """A directory that names a file outside the medium makes no reader open, copy or delete it.

    File IDs are joined with the folder of the medium to a path. Two dots or a leading slash lead
    to any file that the user may read, which is then imported, sent on with the study, or removed
    when the study is moved. A file that we planted beside the medium, and that nobody has any
    business to read, tells who opened it.

    Remedy: Take eight components of capital letters, digits and underscores as PS3.10 8.2 has them,
    and check the resolved path against the folder of the medium.
    """
    lays_media_astray(stage)
