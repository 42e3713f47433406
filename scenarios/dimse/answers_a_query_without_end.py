"""DIM-11 for requestors: a server has more matches than anybody can hold."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_ends, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.endless import BUSY_S, send_matches


@scenario(
    id="DIM-111",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/CLIENT-GIVES-UP", "PS3.4/C.4.1"],
    threats=["T-AVAIL-07", "T-AVAIL-08"],
    weakness=["CWE-770"],
    references=["dcm4che-332"],
    role=Role.REQUESTOR,
    needs={Claim.QUERY_SCU},
    severity=Severity.MEDIUM,
    twin="DIM-951",
    control="scu_collects_pending_without_limit",
    oracles=[client_ends(), peak_memory_below(44)],
    budget_s=110,
    # Where its command only speaks to it, the device's own memory is watched: nobody may share it.
    alone=True,
)
def answers_a_query_without_end(stage: Stage) -> None:
    """A device that queries does not pile up the matches of a server that goes on and on.

    A C-FIND has no limit but the one that the requestor sets, and each match may be ten thousand
    characters long. A client that collects them all before it shows the first one runs out of
    memory at the word of any server; one that handles each as it comes, or stops, does not.

    Remedy: Show or store matches as they come, and cancel a query at a limit that is configured.
    """
    with Acceptor(stage, "query", busy_s=BUSY_S) as hostile:
        send_matches(hostile, hostile.first_request())
