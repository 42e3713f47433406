"""AUT-09: a C-MOVE to a destination that the requester is not entitled to."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_destinations
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.destinations import send_where_nobody_may


@scenario(
    id="AUT-009",
    verifies=["HOUSE/MOVE-DESTINATION", "PS3.4/C.4", "PS3.7/C.5/0124"],
    threats=["T-CONF-31", "T-CONF-30"],
    weakness=["CWE-441", "CWE-862"],
    references=["arc-498"],
    role=Role.ACCEPTOR,
    needs={Claim.MOVE_POLICY},
    severity=Severity.HIGH,
    twin="AUT-931",
    control="moves_to_any_destination",
    oracles=[refuses_destinations()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def sends_to_destinations_of_others(stage: Stage) -> None:
    """A C-MOVE to a destination that the requester may not use sends nothing.

    The destination of a C-MOVE is a title in the device's table. Where everything in the table is
    good for everybody, whoever may retrieve for himself may have the same images sent to a
    research gateway or a foreign hospital. We listen there, and at a title that nobody knows.

    Remedy: Keep the permitted destinations by requester; answer all others with A801H.
    """
    send_where_nobody_may(stage)
