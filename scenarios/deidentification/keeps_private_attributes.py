"""DEI-03: private attributes."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.objects import private
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-003",
    verifies=["PS3.15/E.1/PRIVATE", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_keeps_private",
    oracles=[leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def keeps_private_attributes(stage: Stage) -> None:
    """Private attributes that are not known to be safe are gone, whatever their VR and block.

    Manufacturers keep whole headers, names of operators and copies of the patient in private
    attributes, in text and in binary. What a program does not understand it cannot call safe.

    Remedy: Remove every attribute of an odd group, at every depth, but those on a list of safe
    ones.
    """
    gives(stage, private, "private attributes")
