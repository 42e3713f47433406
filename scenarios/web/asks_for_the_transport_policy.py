"""WEB-24: what a server says of its own transport."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_tls import names_its_transport_policy
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import BY_TLS
from simulators.web.client import WebClient
from simulators.web.honest import qido
from simulators.web.target import entitled


@scenario(
    id="WEB-024",
    verifies=["RFC9325/3.2/HSTS"],
    threats=["T-CONF-02"],
    weakness=["CWE-523"],
    role=Role.ACCEPTOR,
    needs=BY_TLS | {Claim.WEB_HSTS},
    severity=Severity.LOW,
    twin="WEB-900",
    control="web_no_hsts",
    oracles=[names_its_transport_policy()],
    budget_s=20,
    safety=Safety.STORES_OBJECTS,
)
def asks_for_the_transport_policy(stage: Stage) -> None:
    """A device that claims a strict transport policy names it in its answers.

    Without it a browser that is led to the http address of the same server goes there, and shows
    its cookies to whoever listens (RFC 6797).

    Remedy: Send Strict-Transport-Security with a max-age of months in every answer by TLS.
    """
    with WebClient(stage) as client:
        request = entitled(stage, qido(stage))
        client.ask(request, what="a search by TLS", stimulus=True)
