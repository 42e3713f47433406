"""The twin of the scenarios in which a device writes media."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.exporting import directory_tells_the_truth, exports
from harness.oracles.reading import plants_nothing, stays_in_the_folder
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.exports import EXPORTS
from simulators.corpus.playing_media import has_exported


@scenario(
    id="MED-902",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/EXPORT-TRUE", "PS3.10/7.1"],
    threats=["T-INTEG-52"],
    weakness=[],
    role=Role.READER,
    needs={Claim.EXPORTER},
    severity=Severity.MEDIUM,
    twin=None,
    control="export_forgets_a_record",
    oracles=[exports(), directory_tells_the_truth(), plants_nothing(), stays_in_the_folder()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def exports_honest_files(stage: Stage) -> None:
    """Honest files are exported to a medium that others can read.

    Two images of one series are what a patient is given. Another library than ours reads what lies
    on the medium and follows its directory; only then it says something what else is there, or is
    not.

    Remedy: Copy each file, write the DICOMDIR last, and name every file in it.
    """
    has_exported(stage, EXPORTS)
