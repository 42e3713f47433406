"""AUT-01 for Verification: an AE title that nobody has configured."""

from harness.model import Claim, Role, Severity
from harness.oracles import not_served
from harness.registry import scenario
from harness.stage import Stage
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger


@scenario(
    id="AUT-001",
    verifies=["HOUSE/AE-ALLOW-LIST", "PS3.8/9.3.4/CALLING"],
    threats=["T-IMPERS-01"],
    weakness=["CWE-306"],
    references=["Orthanc-default-store", "Aplite-2023"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.CHECKS_CALLING_AE},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="unknown_ae_may_store",
    oracles=[not_served(source=1, reason=3)],
)
def knows_its_callers(stage: Stage) -> None:
    """A C-ECHO from an unknown AE title is not served.

    An AE title is no secret and proves little, but a device that claims a list of callers should
    keep to it. One that lets strangers in "only for an echo" tells them that it is there, holds an
    association for each, and leaves every other check to code behind the door.

    Remedy: Reject an association from an unlisted calling AE title with reason 3.
    """
    with Requestor(stage, calling=stranger(stage)) as attacker:
        if is_let_in(attacker, lie="calling"):
            attacker.echo()
