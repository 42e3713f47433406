"""DEI-09: preamble, file meta information, padding, file name."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.payloads import outskirts
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-009",
    verifies=["PS3.15/E.1/PREAMBLE", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    references=["kitware-41"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_keeps_file_head",
    oracles=[leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def keeps_what_surrounds_the_object(stage: Stage) -> None:
    """Preamble, file meta information, padding and file name are new.

    Programs work on the data set and write it into the old file. What stands before it tells
    the station that sent it, what stands behind it anything, and files of archives are called
    after patients.

    Remedy: Write a new preamble, new file meta information and a new name, and nothing behind
    the data set.
    """
    gives(stage, outskirts, "a file with canaries around its data set")
