"""WEB-03: a token that was good once."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED
from simulators.web.client import WebClient
from simulators.web.honest import metadata, store_by_web
from simulators.web.target import secret_of, web_of, with_token


@scenario(
    id="WEB-003B",
    verifies=["HOUSE/WEB-TOKEN"],
    threats=["T-CONF-42", "T-IMPERS-04"],
    weakness=["CWE-613"],
    references=["CVE-2018-5438"],
    role=Role.ACCEPTOR,
    needs=GUARDED | {Claim.WEB_EXPIRED_TOKEN},
    severity=Severity.HIGH,
    twin="WEB-901",
    control="web_token_never_expires",
    oracles=[turns_away(401)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def shows_an_expired_token(stage: Stage) -> None:
    """A token that has expired is refused.

    Links with tokens are sent by mail and stay in histories; that they end is their only safety.

    Remedy: Compare the time of expiry with a trusted clock on every request.
    """
    request = metadata(stage, store_by_web(stage).study)
    token = secret_of(stage, web_of(stage).expired_token, "expired_token")
    with WebClient(stage) as client:
        client.ask(with_token(request, token), stimulus=True)
