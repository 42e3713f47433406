"""The honest user: says who he is, and proves it."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_allowed_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.users import call_proven


@scenario(
    id="AUT-910",
    verifies=["HOUSE/USER-PROVEN", "HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-287"],
    role=Role.ACCEPTOR,
    needs={Claim.USER_IDENTITY},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_find",
    oracles=[serves_allowed_cells()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def proves_who_its_user_is(stage: Stage) -> None:
    """A user who proves who he is gets the service that he was granted.

    A device that rejects every user identity rejects the false ones too. So each user of the
    profile shows his name, passcode or token, and asks for something that he may have.

    Remedy: Enter the users in the device as the profile names them, or correct the profile.
    """
    call_proven(stage)
