"""DIM-13 for requestors: the final response to a C-MOVE says that objects are missing."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_tells_failure
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import finish_retrieve

_FINAL = {
    "nothing could be sent": (0xA702, 0),
    "some objects failed": (0xB000, 3),
    "destination unknown": (0xA801, 0),
    "unable to process": (0xC001, 0),
}


@scenario(
    id="DIM-113C",
    verifies=["PS3.4/C.4", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-INTEG-05"],
    weakness=["CWE-390", "CWE-345"],
    role=Role.REQUESTOR,
    needs={Claim.MOVE_SCU},
    severity=Severity.HIGH,
    twin="STO-952",
    control="scu_ignores_final_status",
    oracles=[client_tells_failure()],
    vary=[{"final": name} for name in _FINAL],
)
def fails_a_move(stage: Stage) -> None:
    """A device that has objects moved to itself never calls a move complete that failed.

    What was moved comes on another association, so that the final response is all that tells the
    device whether something is missing. A device that waits for it and does not read it believes in
    a study that stayed where it was.

    Remedy: Report any final status but 0000H, and any failed sub-operation, to the user.
    """
    status, completed = _FINAL[str(stage.case["final"])]
    with Acceptor(stage, "move") as hostile:
        asked = hostile.first_request()
        finish_retrieve(hostile, asked, completed=completed, failed=2, status=status, stimulus=True)
        hostile.see_out()
