"""WEB-01: the ways to the pixels that are easily forgotten, without credentials."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import CLOSED, request_of, require_served
from simulators.web.client import WebClient
from simulators.web.honest import store_by_web


@scenario(
    id="WEB-001B",
    verifies=["HOUSE/WEB-TOKEN"],
    threats=["T-CONF-03", "T-CONF-42"],
    weakness=["CWE-306", "CWE-862"],
    role=Role.ACCEPTOR,
    needs=CLOSED,
    severity=Severity.CRITICAL,
    twin="WEB-901",
    control="web_rendered_unguarded",
    oracles=[turns_away(401, 403)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def asks_for_pictures_without_a_token(stage: Stage) -> None:
    """A rendered picture is refused to whoever shows no token, as the object is.

    Rendered pictures and thumbnails are often added later, for pages that show them in an image
    element, which sends no token. The picture shows what the object does.

    Remedy: Guard renderings by the rule of the object; give pages short-lived cookies or fetch.
    """
    request = request_of(stage, "rendered", store_by_web(stage))
    require_served(stage, request)
    with WebClient(stage) as client:
        client.ask(request, stimulus=True)
