"""WEB-06: a body within a body within a body."""

from harness.model import Role, Severity
from harness.oracles.web_service import acknowledges_nothing, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.client import WebClient
from simulators.web.documents import nested
from simulators.web.honest import look, stow_body, witness_listed
from simulators.web.target import entitled

_DEPTH = 4000


@scenario(
    id="WEB-006C",
    verifies=["HOUSE/BOUNDED-DEPTH", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-674"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_multipart_recurses",
    oracles=[acknowledges_nothing(), serves_the_web()],
    budget_s=60,
)
def nests_bodies(stage: Stage) -> None:
    """Multipart bodies in multipart bodies do not exhaust the server.

    Libraries for mail unpack what is nested, and PS3.18 has no use for it. Some thousand levels
    fit into a small request.

    Remedy: Do not unpack nested bodies.
    """
    with WebClient(stage) as client:
        request = entitled(stage, stow_body(stage, nested(_DEPTH)))
        answer = client.ask(request, stimulus=True)
    witness_listed(stage, answer)
    look(stage)
