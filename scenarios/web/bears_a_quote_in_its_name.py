"""WEB-11: values with the signs of JSON in them."""

import json

from harness.model import Role, Safety, Severity
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, ask_politely, qido, stow
from simulators.web.target import entitled

_TAG = "00100020"


@scenario(
    id="WEB-011B",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP"],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-116"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_joins_json",
    oracles=[changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def bears_a_quote_in_its_name(stage: Stage) -> None:
    """A value with a quotation mark is that value in JSON, and nothing else.

    Where an answer is put together from strings, a patient number with a quotation mark ends its
    own value and writes the next attribute: another patient's name, for example.

    Remedy: Let an encoder write JSON.
    """
    number = f'S{stage.token[:6]}"],"vr":"SH"'
    with WebClient(stage) as client:
        request = entitled(stage, stow(stage, [part10(stage, PatientID=number)]))
        answer = client.ask(request, stimulus=True)
    if answer is None or answer.status not in (200, 202):
        stage.observe("effect", "polite", what="the object was refused", changed=False)
        return
    study = as_stored(stage).study
    found = ask_politely(stage, qido(stage, StudyInstanceUID=study, includefield=_TAG))
    stage.require(found is not None and found.status == 200, "an honest search was not answered")
    values = _values(found.body if found else b"")
    stage.observe("effect", "polite", what=f"read as {values}", changed=values != [number])


def _values(body: bytes) -> object:
    """The patient numbers of the first match; None where the answer is no JSON."""
    try:
        first = json.loads(body)[0]
        return first[_TAG]["Value"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
