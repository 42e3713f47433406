"""AUT-11: a user identity that is missing, empty, wrong, weak, long or of an unknown type."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import rejects_unproven_users
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.users import EMPTY, LONG, MISSING, UNKNOWN, WEAKER, WRONG, call_unproven


@scenario(
    id="AUT-011",
    verifies=["HOUSE/USER-PROVEN", "PS3.7/D.3.3.7"],
    threats=["T-CONF-30", "T-IMPERS-01"],
    weakness=["CWE-287", "CWE-306"],
    role=Role.ACCEPTOR,
    needs={Claim.USER_IDENTITY},
    severity=Severity.HIGH,
    twin="AUT-910",
    control="user_identity_optional",
    oracles=[rejects_unproven_users()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"identity": what} for what in (MISSING, EMPTY, WRONG, WEAKER, LONG, UNKNOWN)],
)
def shows_no_proof_of_its_user(stage: Stage) -> None:
    """A caller whose user does not prove who he is gets no service.

    User identity is optional in the protocol: a device that checks what is given, and misses
    nothing where nothing is given, protects against honest people only. The same holds for a name
    without its passcode, and for a token that says of itself that nobody signed it.

    Remedy: Reject the association (permanent, source 2) unless a required identity was proved.
    """
    call_unproven(stage, str(stage.case["identity"]))
