"""The honest C-MOVE: somebody who may, to where he may."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_allowed_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.destinations import send_home


@scenario(
    id="AUT-931",
    verifies=["HOUSE/MOVE-DESTINATION", "HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-863"],
    role=Role.ACCEPTOR,
    needs={Claim.MOVE_POLICY},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_move",
    oracles=[serves_allowed_cells()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def sends_to_a_permitted_destination(stage: Stage) -> None:
    """A C-MOVE of what the requester may have arrives where he may have it sent.

    A device that sends nothing anywhere refuses forbidden destinations too. So an object is sent
    to a destination of ours that the profile permits, and it has to come.

    Remedy: Configure the destination of ours as the profile says, with the port that it names.
    """
    send_home(stage)
