"""WEB-03: a good token, where logs and histories keep it."""

from dataclasses import replace

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED
from simulators.web.client import WebClient
from simulators.web.honest import metadata, store_by_web
from simulators.web.target import secret_of, web_of


@scenario(
    id="WEB-003D",
    verifies=["HOUSE/WEB-TOKEN"],
    threats=["T-CONF-42"],
    weakness=["CWE-598"],
    role=Role.ACCEPTOR,
    needs=GUARDED,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="web_token_in_url",
    oracles=[turns_away(401)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
    vary=[{"name": name} for name in ("access_token", "token")],
)
def puts_the_token_into_the_address(stage: Stage) -> None:
    """A token in the address opens nothing.

    Addresses stand in logs, histories and referrers, and are mailed on; RFC 6750 2.3 warns of
    tokens in them, and OAuth 2.1 drops them.

    Remedy: Take tokens from the Authorization field only.
    """
    request = metadata(stage, store_by_web(stage).study)
    token = secret_of(stage, web_of(stage).token, "token")
    target = f"{request.target}?{stage.case['name']}={token}"
    with WebClient(stage) as client:
        client.ask(replace(request, target=target), what="token in the address", stimulus=True)
