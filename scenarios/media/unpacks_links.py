"""MED-08: symbolic links in an archive."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, stays_in_the_folder, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.archives import LINKS
from simulators.corpus.playing_media import lays_archive_astray


@scenario(
    id="MED-008B",
    verifies=["HOUSE/MEDIA-INSIDE", "HOUSE/READER-WRITES-INSIDE", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52", "T-CONF-04"],
    weakness=["CWE-59"],
    role=Role.READER,
    needs={Claim.READER, Claim.ZIP_READER},
    severity=Severity.CRITICAL,
    twin="MED-901",
    control="read_follows_archived_links",
    oracles=[stays_in_the_folder(), plants_nothing(), survives_reading()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in LINKS.makers],
)
def unpacks_links(stage: Stage) -> None:
    """No link in an archive is followed.

    An archive can hold symbolic links. One that leads to a file of the host makes an import read
    that file as if it were an image; one that leads to a folder carries the entries behind it
    there.

    Remedy: Refuse entries that are neither files nor folders.
    """
    lays_archive_astray(stage, LINKS)
