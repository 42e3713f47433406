"""WEB-23: HTTP in clear on the port for HTTPS."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_tls import serves_by_tls_alone
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import BY_TLS
from simulators.web.client import WebClient
from simulators.web.honest import qido


@scenario(
    id="WEB-023",
    verifies=["HOUSE/WEB-TLS-ALONE"],
    threats=["T-CONF-02"],
    weakness=["CWE-319"],
    role=Role.ACCEPTOR,
    needs=BY_TLS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_plain_on_tls",
    oracles=[serves_by_tls_alone()],
    budget_s=20,
    safety=Safety.STORES_OBJECTS,
)
def comes_without_tls(stage: Stage) -> None:
    """A request without TLS on the port for HTTPS is not served.

    Servers that tell TLS from HTTP by the first octet serve both on one port. A workstation whose
    address was typed without the s then works, and sends its token and its patients in clear.
    Whoever stands between rewrites the address and reads along. The request shows no token: a
    server that asks for one has spoken already.

    Remedy: Speak TLS alone on that port; send who comes without it to the https address.
    """
    with WebClient(stage, plain=True) as client:
        client.ask(qido(stage), what="a search in clear on the port for TLS", stimulus=True)
