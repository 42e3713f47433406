"""DIM-09: C-CANCEL of a query that matches much."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import stops_when_cancelled
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.inquiry import Question, ask
from simulators.queries import QUERY
from simulators.requestor import Requestor
from simulators.series import honest_question, store_series

_IMAGES = 120
_NUMBER = 77


@scenario(
    id="DIM-009B",
    verifies=["HOUSE/RESULT-LIMIT", "PS3.4/C.4.1", "PS3.7/9.3.2.3"],
    threats=["T-AVAIL-04"],
    weakness=["CWE-400"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP},
    severity=Severity.LOW,
    twin="DIM-900",
    control="ignores_cancel",
    oracles=[stops_when_cancelled(_IMAGES // 2)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def changes_its_mind(stage: Stage) -> None:
    """A query that matches much ends soon after its caller has cancelled it.

    Whoever asked for too much by mistake can take it back only by C-CANCEL. A device that never
    looks for it works on for nobody, and a peer that cancels and asks again, and again, keeps as
    many searches running as it likes. One C-CANCEL goes with the query, and one follows its first
    match, for devices that forget what came before they began.

    Remedy: Look between any two matches whether the caller has cancelled, and answer FE00H.
    """
    keys = store_series(stage, _IMAGES)
    with Requestor(stage) as peer:
        peer.associate((QUERY,))
        ask(peer, honest_question(keys))
        question = Question(name="SeriesInstanceUID", form="cancelled", keys=keys)

        def cancel_again() -> None:
            peer.invoke(wire.c_cancel_rq(_NUMBER), context_id=QUERY.id)

        ask(peer, question, message_id=_NUMBER, cancels=(_NUMBER,), at_first=cancel_again)
