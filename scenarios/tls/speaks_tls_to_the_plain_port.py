"""TLS-02: a ClientHello on the port that is claimed for DICOM in clear."""

from harness.model import Claim, Role, Severity
from harness.oracles import ends
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.hellos import offer_on_the_plain_port
from simulators.tls import HelloOffer


@scenario(
    id="TLS-002",
    verifies=["HOUSE/PORT-AS-CLAIMED"],
    threats=["T-CONF-01"],
    weakness=["CWE-757"],
    role=Role.ACCEPTOR,
    needs={Claim.PLAIN_ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.LOW,
    twin="ASC-900",
    control="tls_on_plain_port",
    oracles=[ends({Outcome.CLOSED, Outcome.RESET, Outcome.ABORTED})],
    budget_s=30,
)
def speaks_tls_to_the_plain_port(stage: Stage) -> None:
    """A port that is claimed for DICOM in clear does not speak TLS as well.

    A port that guesses from the first byte serves whoever leaves TLS out, and nobody can tell
    from outside which of its clients do. What a port speaks is what the conformance statement and
    the firewall's rules say; a good device ends the connection or aborts.

    Remedy: Give TLS a port of its own, and do not look at the first byte to guess.
    """
    offer_on_the_plain_port(stage, HelloOffer())
