"""AUT-12: a wrong secret, when the same user has just shown the right one."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import rejects_unproven_users
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.users import call_after_a_good_one


@scenario(
    id="AUT-012",
    verifies=["HOUSE/USER-PROVEN", "HOUSE/ONE-DECISION", "PS3.7/D.3.3.7"],
    threats=["T-CONF-30", "T-IMPERS-01"],
    weakness=["CWE-613", "CWE-287"],
    references=["arc-3241"],
    role=Role.ACCEPTOR,
    needs={Claim.USER_IDENTITY},
    severity=Severity.HIGH,
    twin="AUT-910",
    control="caches_user_identity",
    oracles=[rejects_unproven_users()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def calls_wrongly_after_calling_well(stage: Stage) -> None:
    """A user's proof holds for his own association and for no other.

    Asking a directory for each association is slow, so products remember who was proved, by name
    or by address. While they do, anybody gets in who knows the name.

    Remedy: Check the proof at each association; remember at most a digest of it, and compare that.
    """
    call_after_a_good_one(stage)
