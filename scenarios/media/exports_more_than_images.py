"""MED-07: what else an exported medium tells."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.exporting import holds_only_what_was_asked
from harness.oracles.reading import plants_nothing, stays_in_the_folder
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.exports import MORE_THAN_IMAGES
from simulators.corpus.playing_media import has_exported


@scenario(
    id="MED-007",
    verifies=["HOUSE/EXPORT-ONLY-IMAGES"],
    threats=["T-CONF-41"],
    weakness=["CWE-532", "CWE-538"],
    references=["CVE-2021-27456"],
    role=Role.READER,
    needs={Claim.EXPORTER},
    severity=Severity.HIGH,
    twin="MED-902",
    control="export_leaves_logs",
    oracles=[holds_only_what_was_asked(), plants_nothing(), stays_in_the_folder()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in MORE_THAN_IMAGES.makers],
)
def exports_more_than_images(stage: Stage) -> None:
    """An exported medium holds the images that were asked for, and nothing else names a patient.

    Viewers leave previews, notes and logs beside the images, and exporters add logs of their own.
    Whoever finds the disc reads them without a DICOM viewer; after a de-identified export they
    undo it.

    Remedy: Put on a medium what was chosen, object by object; keep logs on the station; name files
    by number.
    """
    has_exported(stage, MORE_THAN_IMAGES)
