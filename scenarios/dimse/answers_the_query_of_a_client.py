"""The twin of scenarios against devices that query."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import serve


@scenario(
    id="DIM-951",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/C.4"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.QUERY_SCU},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds()],
    budget_s=15,
)
def answers_the_query_of_a_client(stage: Stage) -> None:
    """The device queries an honest archive by C-FIND and reports success.

    A device that cannot take in honest matches would end any query, and prove nothing by ending a
    hostile one.

    Remedy: Make C-FIND work with a conforming archive: pending matches, then one final response.
    """
    with Acceptor(stage, "query") as honest:
        serve(honest)
