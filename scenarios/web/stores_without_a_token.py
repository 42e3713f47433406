"""WEB-01: STOW-RS without credentials."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import CLOSED
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, stow, witness_holding


@scenario(
    id="WEB-001C",
    verifies=["HOUSE/WEB-TOKEN", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-01"],
    weakness=["CWE-306"],
    role=Role.ACCEPTOR,
    needs=CLOSED,
    severity=Severity.CRITICAL,
    twin="WEB-900",
    control="web_ignores_token",
    oracles=[turns_away(401, 403), changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def stores_without_a_token(stage: Stage) -> None:
    """A store request without a token is refused, and nothing is stored.

    Whoever may store without saying who he is puts images into the examinations of others. A
    server that stores first and asks later refuses in its answer only.

    Remedy: Authenticate before the body is read.
    """
    with WebClient(stage) as client:
        client.ask(stow(stage, [part10(stage)]), stimulus=True)
    witness_holding(stage, as_stored(stage).study)
