"""DIM-09: C-CANCEL for an unknown number, and from another association."""

from contextlib import ExitStack

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import goes_on_undisturbed
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.inquiry import Question, ask
from simulators.queries import QUERY
from simulators.requestor import Requestor
from simulators.series import honest_question, store_series

_IMAGES = 40
_NUMBER, _OTHER = 77, 78


@scenario(
    id="DIM-009",
    verifies=["HOUSE/OWN-OPERATIONS", "PS3.7/9.3.2.3", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02", "T-CONF-05"],
    weakness=["CWE-639", "CWE-841"],
    references=["ConQuest-log"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.MEDIUM,
    twin="DIM-900",
    control="cancels_whatever_runs",
    oracles=[goes_on_undisturbed()],
    vary=[{"cancels": "an unknown number"}, {"cancels": "the number of another association"}],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def cancels_what_is_not_its_own(stage: Stage) -> None:
    """A C-CANCEL ends no operation but the one of its own association that it names.

    Message numbers are small and easy to guess, and belong to one association. A device that looks
    operations up by number alone lets a stranger stop the work of others, and whoever gets half of
    the matches with a final status does not know that there are more.

    Remedy: Look for the operation among those of the association on which the C-CANCEL came.
    """
    keys = store_series(stage, _IMAGES)
    with ExitStack() as stack:
        peer, other = (
            stack.enter_context(Requestor(stage, actor=a)) for a in ("attacker", "other")
        )
        peer.associate((QUERY,))
        other.associate((QUERY,))
        ask(peer, honest_question(keys))
        foreign = stage.case["cancels"] != "an unknown number"
        form = "elsewhere" if foreign else "unknown"
        question = Question(name="SeriesInstanceUID", form=form, keys=keys)
        if foreign:
            ask(peer, question, message_id=_NUMBER, beside=lambda: _cancel(other))
        else:
            ask(peer, question, message_id=_NUMBER, cancels=(_OTHER,))


def _cancel(other: Requestor) -> None:
    other.invoke(wire.c_cancel_rq(_NUMBER), context_id=QUERY.id, stimulus=True)
