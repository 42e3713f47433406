"""WEB-06: a part that is all header."""

from harness.model import Role, Severity
from harness.oracles.web_service import acknowledges_nothing, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import look, stow_body, witness_listed
from simulators.web.target import entitled

_BODIES = {
    "header-without-end": multipart.body([multipart.Part(content=b"", blank=b"")]),
    "no-part": b"--%b--\r\n" % multipart.BOUNDARY.encode(),
    "nothing": b"\r\n",
    "no-last-delimiter": b"--%b\r\n" % multipart.BOUNDARY.encode(),
}


@scenario(
    id="WEB-006D",
    verifies=["HOUSE/STAYS-IN-SERVICE", "HOUSE/ORDERLY-REFUSAL"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-20", "CWE-248"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_dies_on_multipart",
    oracles=[acknowledges_nothing(), serves_the_web()],
    budget_s=60,
    vary=[{"body": name} for name in _BODIES],
)
def leaves_out_the_end_of_a_header(stage: Stage) -> None:
    """A multipart body that is cut or empty is refused, and the server goes on.

    Each delimiter that is searched for and not found is a position of minus one for somebody.

    Remedy: Parse by a grammar; what does not fit it is answered with 400.
    """
    body = _BODIES[str(stage.case["body"])]
    with WebClient(stage) as client:
        answer = client.ask(entitled(stage, stow_body(stage, body)), lie=["body"])
    witness_listed(stage, answer)
    look(stage)
