"""DIM-09: a message number that is in use."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_each_once
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.ahead import agree_on_window, send_ahead
from simulators.inquiry import identifier
from simulators.queries import QUERY
from simulators.requestor import Requestor
from simulators.series import store_series

_IMAGES = 20
_NUMBER = 7


@scenario(
    id="DIM-009C",
    verifies=["HOUSE/ANSWERS-EACH", "PS3.7/C.5", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-662", "CWE-841"],
    references=["ConQuest-log"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP},
    severity=Severity.LOW,
    twin="DIM-900",
    control="drops_requests_sent_ahead",
    oracles=[answers_each_once()],
    safety=Safety.STORES_OBJECTS,
)
def uses_a_number_twice(stage: Stage) -> None:
    """Two queries under one message number get an answer each, or the association is aborted.

    A device that keeps operations in a table by number forgets one when another takes its place,
    and frees the other twice when both are done. Served in turn, refused with 0210H (duplicate
    invocation) and aborted are all well.

    Remedy: Refuse a number that is in use, or serve one request at a time.
    """
    keys = store_series(stage, _IMAGES)
    with Requestor(stage) as attacker:
        agree_on_window(attacker, (QUERY,), 2)
        encoded = wire.encode_dataset(identifier(keys), attacker.contexts[QUERY.id])
        send_ahead(attacker, [(wire.c_find_rq(), encoded)] * 2, [_NUMBER, _NUMBER])
