"""DIM-13 for requestors: the final response to a C-FIND says that it failed."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_tells_failure
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.answers import match, query_response
from simulators.services import asked_for

_FINAL = {
    "out of resources": 0xA700,
    "identifier does not match": 0xA900,
    "unable to process": 0xC001,
    "cancelled by nobody": 0xFE00,
}


@scenario(
    id="DIM-113D",
    verifies=["PS3.4/C.4", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-INTEG-05"],
    weakness=["CWE-390", "CWE-345"],
    role=Role.REQUESTOR,
    needs={Claim.QUERY_SCU},
    severity=Severity.HIGH,
    twin="DIM-951",
    control="scu_ignores_final_status",
    oracles=[client_tells_failure()],
    vary=[{"final": name} for name in _FINAL],
)
def fails_a_query(stage: Stage) -> None:
    """A device that queries never calls a query answered that failed.

    A query that fails after its first match looks like a short answer, and one that fails at once
    like an empty one: no such study, no prior images, no allergy. The final status alone tells them
    apart.

    Remedy: Report any final status of a C-FIND but 0000H to the user, and mark the list incomplete.
    """
    with Acceptor(stage, "query") as hostile:
        asked = hostile.first_request()
        hostile.invoke(*match(hostile, asked, 1, asked_for(hostile, asked)))
        failure = query_response(asked, _FINAL[str(stage.case["final"])])
        hostile.invoke(asked.context_id, failure, stimulus=True)
        hostile.see_out()
