"""DIM-08 for Query: more queries than the agreed window permits."""

from harness.model import Claim, Role, Severity
from harness.oracles import answers_each_once
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.ahead import agree_on_window, send_ahead
from simulators.objects import uid
from simulators.queries import QUERY, study_keys
from simulators.requestor import Requestor

_BEYOND = 33


@scenario(
    id="DIM-008B",
    verifies=["HOUSE/ANSWERS-EACH", "PS3.7/D.3.3.3", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-770", "CWE-662"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin="DIM-900",
    control="drops_requests_sent_ahead",
    oracles=[answers_each_once()],
)
def queries_ahead_of_answers(stage: Stage) -> None:
    """Queries beyond the agreed window are answered one by one, or the association is aborted.

    While a query runs, a device looks for a C-CANCEL, and what it finds instead is the next query:
    some throw it away, and some take it for the cancel. Nobody tells the caller.

    Remedy: Keep what is no C-CANCEL until the operation has ended, or abort the association.
    """
    with Requestor(stage) as attacker:
        count = (agree_on_window(attacker, (QUERY,), None) or 1) + _BEYOND
        keys = wire.encode_dataset(study_keys(uid(stage, 2)), attacker.contexts[QUERY.id])
        send_ahead(attacker, [(wire.c_find_rq(), keys)] * count, range(1, count + 1))
