"""An honest C-MOVE with one mistake: nobody knows its destination."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import says_destination_unknown
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.destinations import send_where_nobody_is


@scenario(
    id="AUT-932",
    verifies=["PS3.4/C.4", "HOUSE/MOVE-DESTINATION"],
    threats=["T-CONF-31"],
    weakness=["CWE-393"],
    role=Role.ACCEPTOR,
    needs={Claim.MOVE_POLICY},
    severity=Severity.MEDIUM,
    twin="AUT-931",
    control="moves_nowhere_with_success",
    oracles=[says_destination_unknown()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def sends_where_nobody_is(stage: Stage) -> None:
    """A C-MOVE to a destination that the device does not know ends with a failure that says so.

    Whoever moves images before he deletes them believes the answer. One that says success where
    nothing was sent loses them; one that says A801H lets him correct the title.

    Remedy: Answer A801H where the destination is not in the table (PS3.4 C.4.2.1.5).
    """
    send_where_nobody_is(stage)
