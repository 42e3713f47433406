"""WEB-03: tokens that say where the key is by which they are good."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import fetches_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED
from simulators.web.canary import Listener
from simulators.web.client import WebClient
from simulators.web.honest import metadata, store_by_web
from simulators.web.tokens import naming_a_key


@scenario(
    id="WEB-003G",
    verifies=["HOUSE/WEB-TOKEN", "HOUSE/WEB-NO-FETCHING"],
    threats=["T-CONF-31", "T-IMPERS-01"],
    weakness=["CWE-918", "CWE-347"],
    role=Role.ACCEPTOR,
    needs=GUARDED,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="web_token_fetches_key",
    oracles=[turns_away(401), fetches_nothing()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def names_a_key_in_its_token(stage: Stage) -> None:
    """A token that names the address of its own key is refused, and nobody calls there.

    The header of a token is read before anybody knows who wrote it. A server that fetches the key
    from there (jku, x5u, kid) asks inner services for whoever writes a token, and then believes a
    key that the attacker has made (RFC 8725 2.9).

    Remedy: Take keys from the configuration alone; compare jku and x5u with a list before any call.
    """
    request = metadata(stage, store_by_web(stage).study)
    with Listener(stage) as canary:
        for field in ("kid", "jku", "x5u"):
            with WebClient(stage) as client:
                forged = naming_a_key(stage, request, field, f"{canary.url}{field}")
                client.ask(forged, what=f"a token whose {field} is an address", stimulus=True)
