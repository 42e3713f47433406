"""WEB-905D: the action of the profile, as its own page would do it."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import act, shown_at
from simulators.web.client import WebClient
from simulators.web.target import entitled


@scenario(
    id="WEB-905D",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.BROWSER_ACTION},
    severity=Severity.MEDIUM,
    twin=None,
    control="viewer_forgets_settings",
    oracles=[answers_with("mark")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def changes_a_setting_honestly(stage: Stage) -> None:
    """Whoever is entitled changes what the profile says that he can change.

    A device on which nothing can be changed is not changed by strangers either.

    Remedy: Do what an entitled client asks for.
    """
    with WebClient(stage, actor="polite") as peer:
        peer.ask(act(stage, stage.token))
    with WebClient(stage) as client:
        mark = {"mark": stage.token.encode()}
        client.ask(entitled(stage, shown_at(stage)), stimulus=True, marks=mark)
