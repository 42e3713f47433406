"""WEB-14: TRACE gives back what the client sent, credentials and all."""

from dataclasses import replace

from harness.model import Role, Severity
from harness.oracles.web import gives_away_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.client import WebClient
from simulators.web.honest import qido
from simulators.web.target import entitled


@scenario(
    id="WEB-014C",
    verifies=["HOUSE/WEB-METHODS"],
    threats=["T-CONF-42"],
    weakness=["CWE-693"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.LOW,
    twin="WEB-900",
    control="web_trace",
    oracles=[gives_away_nothing("TRACE gives the request back")],
    budget_s=30,
)
def traces_a_request(stage: Stage) -> None:
    """TRACE does not give back the fields of the request.

    Fields that a script may not read, and those that a proxy adds, come back as content.

    Remedy: Answer TRACE with 405.
    """
    search = entitled(stage, qido(stage, limit="1"))
    field = ("X-Assay-Secret", f"s{stage.token}")
    with WebClient(stage) as client:
        request = replace(search, method="TRACE", headers=(*search.headers, field))
        client.ask(request, stimulus=True, marks={"its fields": field[1].encode()})
