"""The person in the middle leads a TLS requestor to the acceptor's port without TLS."""

from harness.model import Claim, Role, Safety, Severity
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import NEVER_IN_CLEAR, PAIR, strip
from simulators.relay import Relay, Upstream, lead_astray


@scenario(
    id="MIM-001B",
    verifies=["HOUSE/NO-PLAIN-FALLBACK", "PS3.15/B.12/STRICT"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-319", "CWE-757"],
    role=Role.REQUESTOR,
    needs=PAIR | {Claim.PLAIN_ACCEPTOR},
    severity=Severity.CRITICAL,
    twin="MIM-900",
    control="scu_falls_back_to_plain",
    oracles=[*NEVER_IN_CLEAR],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def leads_to_the_plain_port(stage: Stage) -> None:
    """A requestor for TLS that is led to a port without TLS stores nothing there.

    An acceptor with both ports is the attacker's best help: he redirects the connection, and what
    answers is the real archive, with real associations. Nothing looks wrong to anybody but to a
    requestor that insists on TLS; all others work as every day, and he reads along.

    Remedy: Bind each destination to TLS, and close plain ports that no device needs any more.
    """
    deviation = lead_astray("ClientHello, led to the port without TLS")
    strip(stage, Relay(stage, deviation=deviation, upstream=Upstream.PLAIN))
