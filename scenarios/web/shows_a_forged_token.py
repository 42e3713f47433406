"""WEB-03: tokens that nobody has issued."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED
from simulators.web.client import WebClient
from simulators.web.honest import metadata, store_by_web
from simulators.web.tokens import forged


@scenario(
    id="WEB-003",
    verifies=["HOUSE/WEB-TOKEN"],
    threats=["T-CONF-42", "T-IMPERS-01"],
    weakness=["CWE-347"],
    role=Role.ACCEPTOR,
    needs=GUARDED,
    severity=Severity.CRITICAL,
    twin="WEB-901",
    control="web_token_unverified",
    oracles=[turns_away(401)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
    vary=[{"form": form} for form in ("random", "unsigned", "signed-by-nobody", "empty")],
)
def shows_a_forged_token(stage: Stage) -> None:
    """A token that nobody has issued is refused.

    A token is only as good as its check: libraries that take "alg: none", and gateways that look
    whether there is a token, let everybody write his own (RFC 8725 2.1).

    Remedy: Verify signature and algorithm against the one that is configured, on every request.
    """
    request = metadata(stage, store_by_web(stage).study)
    with WebClient(stage) as client:
        client.ask(forged(stage, request, str(stage.case["form"])), stimulus=True)
