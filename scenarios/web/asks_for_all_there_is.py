"""WEB-16: searches without a limit, and with one of no use."""

import json

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_service import limits_web_results, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.objects import part10, uid
from simulators.web.client import WebClient
from simulators.web.honest import ask_politely, look, qido, stow
from simulators.web.target import entitled, web_of

_BEYOND = 20
_AT_ONCE = 50


@scenario(
    id="WEB-016",
    verifies=["HOUSE/RESULT-LIMIT", "HOUSE/WEB-BOUNDED"],
    threats=["T-AVAIL-04", "T-CONF-42"],
    weakness=["CWE-770"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_RESULT_LIMIT},
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_answers_unbounded",
    oracles=[limits_web_results(), serves_the_web()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    vary=[{"limit": limit} for limit in ("", "1000000000")],
)
def asks_for_all_there_is(stage: Stage) -> None:
    """A search without a useful limit is answered up to the server's own.

    One request for everything takes the archive's memory, and its list of patients, at once.

    Remedy: Apply a maximum of the server, and say by a Warning field that there is more.
    """
    held = (web_of(stage).max_results or 0) + _BEYOND
    for start in range(0, held, _AT_ONCE):
        numbers = range(start, min(held, start + _AT_ONCE))
        answer = ask_politely(stage, stow(stage, [part10(stage, 1 + number) for number in numbers]))
        taken = answer is not None and answer.status == 200
        stage.require(taken, "honest objects were not stored by STOW-RS")
    keys = {"limit": str(stage.case["limit"])} if stage.case["limit"] else {}
    request = qido(stage, "instances", StudyInstanceUID=uid(stage, 2), **keys)
    with WebClient(stage) as client:
        found = client.ask(entitled(stage, request), what="a search for all", stimulus=True)
    if found is not None and found.whole:
        stage.observe("matches", count=_count(found.status, found.body), held=held)
    look(stage)


def _count(status: int, body: bytes) -> int:
    """How many matches an answer holds; none where it is a refusal."""
    if status != 200:
        return 0
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return 0
    return len(found) if isinstance(found, list) else 0
