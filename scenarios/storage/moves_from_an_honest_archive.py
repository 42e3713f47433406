"""The twin of scenarios against devices that have objects moved to themselves."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.answers import MOVER
from simulators.services import serve


@scenario(
    id="STO-952",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/C.4"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.MOVE_SCU},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds(), succeeds(MOVER)],
    budget_s=15,
)
def moves_from_an_honest_archive(stage: Stage) -> None:
    """The device has an honest archive move an object to it by C-MOVE and reports success.

    The object comes on an association of its own, to the port on which the device listens. A device
    that takes in nothing there would refuse hostile objects as well, and prove nothing by it.

    Remedy: Make C-MOVE work with a conforming archive: take in what it sends to the destination
    that the device named, and wait for the final response.
    """
    with Acceptor(stage, "move") as honest:
        serve(honest)
