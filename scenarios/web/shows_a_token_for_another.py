"""WEB-03: a good token that is meant for another server."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED
from simulators.web.client import WebClient
from simulators.web.honest import metadata, store_by_web
from simulators.web.target import secret_of, web_of, with_token


@scenario(
    id="WEB-003C",
    verifies=["HOUSE/WEB-TOKEN"],
    threats=["T-CONF-42", "T-IMPERS-42"],
    weakness=["CWE-1270"],
    role=Role.ACCEPTOR,
    needs=GUARDED | {Claim.WEB_FOREIGN_TOKEN},
    severity=Severity.HIGH,
    twin="WEB-901",
    control="web_token_any_audience",
    oracles=[turns_away(401, 403)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def shows_a_token_for_another(stage: Stage) -> None:
    """A token that was issued for another server is refused.

    All services of a house trust one issuer. Where nobody looks at the audience, the least of them
    collects tokens that open the archive (RFC 8725 3.9).

    Remedy: Refuse a token whose audience does not name this server.
    """
    request = metadata(stage, store_by_web(stage).study)
    token = secret_of(stage, web_of(stage).foreign_token, "foreign_token")
    with WebClient(stage) as client:
        client.ask(with_token(request, token), stimulus=True)
