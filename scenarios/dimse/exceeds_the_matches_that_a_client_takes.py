"""DIM-11 for requestors that claim a limit: it is exceeded."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_ends, stops_at_its_limit
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.endless import BEYOND, BUSY_S, LATE_S, send_matches


@scenario(
    id="DIM-111B",
    verifies=["HOUSE/QUERY-LIMIT", "PS3.4/C.4.1"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-770"],
    references=["dcm4che-332"],
    role=Role.REQUESTOR,
    needs={Claim.QUERY_SCU, Claim.QUERY_LIMIT},
    severity=Severity.MEDIUM,
    twin="DIM-951",
    control="scu_collects_pending_without_limit",
    oracles=[client_ends(), stops_at_its_limit()],
    budget_s=110,
)
def exceeds_the_matches_that_a_client_takes(stage: Stage) -> None:
    """A device that claims a limit of matches ends the query that exceeds it.

    The limit is what keeps a worklist usable and a workstation alive when a server answers without
    end. A good device sends C-CANCEL, or ends the association, soon after the limit is reached.

    Remedy: Count the pending responses, and cancel or abort when the claimed limit is reached.
    """
    with Acceptor(stage, "query", busy_s=BUSY_S) as hostile:
        limit = stage.profile.requestor.max_matches if stage.profile.requestor else None
        most = (limit or 0) + BEYOND
        send_matches(hostile, hostile.first_request(), most, size=0, late_s=LATE_S)
