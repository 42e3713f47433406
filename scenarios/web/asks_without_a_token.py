"""WEB-01: every way to an object, without credentials."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import CLOSED, request_of, require_served
from simulators.web.client import WebClient
from simulators.web.honest import store_by_web

_ROUTES = ("search", "series", "metadata", "instance")


@scenario(
    id="WEB-001",
    verifies=["HOUSE/WEB-TOKEN"],
    threats=["T-CONF-03", "T-CONF-42"],
    weakness=["CWE-306"],
    references=["CVE-2025-0896", "CVE-2023-40150"],
    role=Role.ACCEPTOR,
    needs=CLOSED,
    severity=Severity.CRITICAL,
    twin="WEB-901",
    control="web_ignores_token",
    oracles=[turns_away(401, 403)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
    vary=[{"route": route} for route in _ROUTES],
)
def asks_without_a_token(stage: Stage) -> None:
    """Searches, metadata and objects are refused to whoever shows no token.

    An archive whose web services ask for nothing gives every examination of the house to every
    machine of its network, and to the world where a port was opened for a viewer.

    Remedy: Authenticate before a request is routed, so that no route can be forgotten.
    """
    request = request_of(stage, str(stage.case["route"]), store_by_web(stage))
    require_served(stage, request)
    with WebClient(stage) as client:
        client.ask(request, stimulus=True)
