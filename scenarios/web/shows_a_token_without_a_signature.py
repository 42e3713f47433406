"""WEB-03: tokens that nobody signed, in spellings that a list of bad ones forgets."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED
from simulators.web.client import WebClient
from simulators.web.honest import metadata, store_by_web
from simulators.web.tokens import without_signature


@scenario(
    id="WEB-003E",
    verifies=["HOUSE/WEB-TOKEN"],
    threats=["T-CONF-42", "T-IMPERS-01"],
    weakness=["CWE-347", "CWE-178"],
    role=Role.ACCEPTOR,
    needs=GUARDED,
    severity=Severity.CRITICAL,
    twin="WEB-901",
    control="web_token_without_signature",
    oracles=[turns_away(401)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def shows_a_token_without_a_signature(stage: Stage) -> None:
    """A token without a signature is refused, whatever it says of its algorithm.

    Where "none" stands on a list of what is forbidden, "None" does not; and a signature that is
    empty is not checked by those who check only what is there (RFC 8725 2.1). Each says what the
    good token says.

    Remedy: Name the one algorithm that is allowed, and verify every token by it.
    """
    request = metadata(stage, store_by_web(stage).study)
    for algorithm in ("None", "NONE", "nOnE", "none ", "", "HS256"):
        with WebClient(stage) as client:
            said = f"alg {algorithm!r} without a signature"
            client.ask(without_signature(stage, request, algorithm), what=said, stimulus=True)
