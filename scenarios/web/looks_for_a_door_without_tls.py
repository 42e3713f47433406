"""WEB-23: HTTP in clear beside the port for HTTPS."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_tls import serves_by_tls_alone
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import BY_TLS
from simulators.web.client import WebClient
from simulators.web.doors import other_doors
from simulators.web.honest import qido


@scenario(
    id="WEB-023B",
    verifies=["HOUSE/WEB-TLS-ALONE"],
    threats=["T-CONF-02"],
    weakness=["CWE-319"],
    role=Role.ACCEPTOR,
    needs=BY_TLS | {Claim.RESTARTABLE},
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_plain_beside",
    oracles=[serves_by_tls_alone()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def looks_for_a_door_without_tls(stage: Stage) -> None:
    """A device that is reached by TLS alone has no other port that serves the web in clear.

    HTTPS is set up in front, and the port that it was set up for stays open behind it. Every port
    on which the device's processes listen, but those that its profile names, is asked in clear.
    What is on loopback only is left out, unless the web port is there as well.

    Remedy: Put what is behind the proxy on a socket file or on loopback, and close what is old.
    """
    with WebClient(stage, plain=True) as client:
        client.ask(qido(stage), what="a search in clear on the port for TLS", stimulus=True)
    for port in other_doors(stage):
        with WebClient(stage, port=port, plain=True) as client:
            if client.connection is not None:
                client.ask(qido(stage), what=f"a search in clear on port {port}", stimulus=True)
