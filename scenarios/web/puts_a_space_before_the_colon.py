"""WEB-07: a field name that is another name for some readers."""

from dataclasses import replace

from harness.model import Role, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.client import WebClient
from simulators.web.honest import look, qido
from simulators.web.target import entitled

_LINES = {
    "any-field": b"X-Assay : 1\r\n",
    "coding": b"Transfer-Encoding : identity\r\n",
}


@scenario(
    id="WEB-007F",
    verifies=["HOUSE/WEB-ONE-READING"],
    threats=["T-INTEG-07"],
    weakness=["CWE-444"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_obs_fold",
    oracles=[turns_away(400), serves_the_web()],
    budget_s=30,
    vary=[{"line": name} for name in _LINES],
)
def puts_a_space_before_the_colon(stage: Stage) -> None:
    """A field name with a space after it is refused.

    RFC 9112 5.1 asks for 400, because readers that trim the space see a field that others do not,
    and smuggling begins with a Transfer-Encoding that only one of two servers sees.

    Remedy: Answer 400, and trim nothing.
    """
    request = entitled(stage, qido(stage, limit="1"))
    hidden = replace(request, folded=_LINES[str(stage.case["line"])])
    with WebClient(stage) as client:
        client.ask(hidden, lie=["folded"])
    look(stage)
