"""AUT-16: a stranger asks for what exists and for what does not."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import tells_nothing_of_existence
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.inquiry import Question, ask
from simulators.objects import uid
from simulators.queries import QUERY, store_honestly
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger

_PAIRS = 50


@scenario(
    id="AUT-016",
    verifies=["HOUSE/NO-EXISTENCE-ORACLE", "HOUSE/AE-ALLOW-LIST"],
    threats=["T-CONF-03"],
    weakness=["CWE-203", "CWE-208"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP, Claim.CHECKS_CALLING_AE},
    severity=Severity.MEDIUM,
    twin="DIM-900",
    control="tells_what_exists",
    oracles=[tells_nothing_of_existence()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def asks_whether_it_exists(stage: Stage) -> None:
    """A stranger cannot tell from the answers whether a study exists.

    A refusal that comes only for what is there says that it is there: that somebody was examined,
    and when a UID was guessed right. Devices that look first and ask for permission later give this
    away by status, by the number of matches, or by the time they take.

    Remedy: Decide whether the caller may ask before anything is looked up, and answer all alike.
    """
    study = store_honestly(stage).study
    with Requestor(stage, calling=stranger(stage)) as attacker:
        if not is_let_in(attacker, (QUERY,), lie="calling"):
            return
        kinds = ["existing", "random"] * _PAIRS
        stage.rng.shuffle(kinds)
        for number, kind in enumerate(kinds):
            name = study if kind == "existing" else uid(stage, 9, number)
            keys = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": name}
            answer = ask(attacker, Question(name="StudyInstanceUID", form=kind, keys=keys))
            if answer.outcome is not Outcome.RESPONDED:
                break
