"""DEI-08: original attributes and signatures."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.payloads import originals
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-008",
    verifies=["PS3.15/E.1", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_keeps_originals",
    oracles=[leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def keeps_what_was_before(stage: Stage) -> None:
    """Original attributes and digital signatures of others are gone.

    Archives that correct a name keep the old one in Original Attributes Sequence; a signature
    names its signer, and can tell whether a guessed original is right.

    Remedy: Remove Original Attributes Sequence and Digital Signatures Sequence at every level.
    """
    gives(stage, originals, "original attributes and a signature")
