"""DEI-14: logs and temporary files."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import tells_nobody
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.objects import spoken
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-014",
    verifies=["HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-532", "CWE-459"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_talks_of_patients",
    oracles=[tells_nobody()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def tells_others_on_the_way(stage: Stage) -> None:
    """What a de-identifier prints and leaves behind tells nothing of the patient.

    A log that says which name became which number is the key to all that was de-identified, and
    is sent to support with the rest. A temporary copy outlives the program on a shared disk.

    Remedy: Log tags and counts instead of values, and remove temporary files, also when
    something fails.
    """
    gives(stage, spoken, "an object with identities")
