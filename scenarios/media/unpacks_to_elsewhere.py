"""MED-08: entries of an archive whose names climb."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, stays_in_the_folder, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.archives import CLIMBING
from simulators.corpus.playing_media import lays_archive_astray


@scenario(
    id="MED-008",
    verifies=["HOUSE/READER-WRITES-INSIDE", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52"],
    weakness=["CWE-22"],
    references=["CVE-2018-1002200", "arc-4985"],
    role=Role.READER,
    needs={Claim.READER, Claim.ZIP_READER},
    severity=Severity.CRITICAL,
    twin="MED-901",
    control="read_unpacks_by_name",
    oracles=[plants_nothing(), stays_in_the_folder(), survives_reading()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in CLIMBING.makers],
)
def unpacks_to_elsewhere(stage: Stage) -> None:
    """No entry of an archive is written where its name leads.

    An archive says under which names its entries are to be written. Whoever joins them with a
    folder writes wherever two dots and a leading slash lead: beside the configuration, into the
    start folder, over another study.

    Remedy: Read entries without unpacking them, or write each under a name of your own; compare
    resolved paths with the folder before anything is opened.
    """
    lays_archive_astray(stage, CLIMBING)
