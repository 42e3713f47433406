"""AUT-15: SCP/SCU role selection for every service, in every combination."""

from harness.model import Claim, Role, Severity
from harness.oracles import answers_supported_roles_only
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.roles import BOTH, NEITHER, REVERSED, propose_roles


@scenario(
    id="AUT-015",
    verifies=["PS3.7/D.3.3.4", "HOUSE/ROLE-MATRIX"],
    threats=["T-CONF-30", "T-IMPERS-03"],
    weakness=["CWE-269"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.SUPPORTED_ROLES},
    severity=Severity.LOW,
    twin="ASC-900",
    control="accepts_any_role",
    oracles=[answers_supported_roles_only()],
    vary=[{"roles": which} for which in (REVERSED, BOTH, NEITHER)],
)
def turns_the_roles_round(stage: Stage) -> None:
    """Role selection gives nobody a role that was not proposed or that the device does not have.

    A caller may propose to be the one who serves. Outside C-GET few devices have a use for that,
    and one that agrees to everything has promised to send queries or objects to a stranger.

    Remedy: Answer each role selection with what was proposed and is implemented, and no more.
    """
    propose_roles(stage, str(stage.case["roles"]))
