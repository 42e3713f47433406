"""DIM-13 for requestors: the final response to a C-GET says that objects are missing."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_tells_failure
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import finish_retrieve

_FINAL = {
    "nothing could be sent": (0xA702, 0),
    "some objects failed": (0xB000, 3),
    "identifier does not match": (0xA900, 0),
    "unable to process": (0xC001, 0),
    "cancelled by nobody": (0xFE00, 1),
}


@scenario(
    id="DIM-113B",
    verifies=["PS3.4/C.4", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-INTEG-05"],
    weakness=["CWE-390", "CWE-345"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU},
    severity=Severity.HIGH,
    twin="STO-951",
    control="scu_ignores_final_status",
    oracles=[client_tells_failure()],
    vary=[{"final": name} for name in _FINAL],
)
def fails_a_retrieval(stage: Stage) -> None:
    """A device that retrieves never calls a retrieval complete of which objects are missing.

    The archive is honest here: its final status and its counts say that sub-operations failed. A
    device that looks only for the end of the retrieval shows half a study as the whole, and nobody
    looks for the other half.

    Remedy: Report any final status but 0000H, and any failed sub-operation, to the user.
    """
    status, completed = _FINAL[str(stage.case["final"])]
    with Acceptor(stage, "retrieve") as hostile:
        asked = hostile.first_request()
        finish_retrieve(hostile, asked, completed=completed, failed=2, status=status, stimulus=True)
        hostile.see_out()
