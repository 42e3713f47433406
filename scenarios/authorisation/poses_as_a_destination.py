"""AUT-10: a second host calls by the title of a C-MOVE destination."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import sends_only_home
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.destinations import pose_as_the_destination


@scenario(
    id="AUT-010",
    verifies=["HOUSE/MOVE-DESTINATION"],
    threats=["T-CONF-31", "T-IMPERS-01"],
    weakness=["CWE-345", "CWE-441"],
    role=Role.ACCEPTOR,
    needs={Claim.MOVE_POLICY},
    severity=Severity.HIGH,
    twin="AUT-931",
    control="learns_destinations",
    oracles=[sends_only_home()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def poses_as_a_destination(stage: Stage) -> None:
    """A caller by the title of a destination does not become that destination.

    Some products learn where a title lives from whoever last called by it, so that a modality
    with a new address goes on working. An attacker then only has to say a title once, from his own
    address, to receive what others have sent there.

    Remedy: Take addresses of destinations from the configuration only.
    """
    pose_as_the_destination(stage)
