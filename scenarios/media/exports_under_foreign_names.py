"""MED-07: identifiers of an object that are paths, options or commands."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.exporting import directory_tells_the_truth
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.exports import NAMED_BY_PATHS
from simulators.corpus.playing_media import has_exported


@scenario(
    id="MED-007B",
    verifies=["HOUSE/EXPORT-INSIDE", "HOUSE/READER-IN-ORDER", "HOUSE/EXPORT-TRUE"],
    threats=["T-INTEG-52", "T-CONF-04"],
    weakness=["CWE-22", "CWE-73", "CWE-78"],
    role=Role.READER,
    needs={Claim.EXPORTER},
    severity=Severity.CRITICAL,
    twin="MED-902",
    control="export_names_files_after_patients",
    oracles=[plants_nothing(), survives_reading(), directory_tells_the_truth()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in NAMED_BY_PATHS.makers],
)
def exports_under_foreign_names(stage: Stage) -> None:
    """What stands in an object decides neither where an exporter writes nor what it runs.

    Exporters like to name folders after patients and files after UIDs. Both come from whoever made
    the object; a UID that climbs writes outside of the medium, over what the station needs.

    Remedy: Number folders and files; take nothing of an object into a path or a command line.
    """
    has_exported(stage, NAMED_BY_PATHS)
