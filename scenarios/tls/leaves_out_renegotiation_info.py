"""TLS-11 for requestors: a server that does not secure renegotiation."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.answers import try_offer
from simulators.tls import ServerOffer


@scenario(
    id="TLS-119",
    verifies=["RFC9325/3.5/CLIENT", "RFC9325/3.5"],
    threats=["T-CONF-02", "T-INTEG-05"],
    weakness=["CWE-300"],
    references=["CVE-2009-3555"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_ignores_missing_renegotiation_info",
    oracles=[tls_refused(TlsAlert.HANDSHAKE_FAILURE), client_refuses(Outcome.ALERT)],
    budget_s=30,
)
def leaves_out_renegotiation_info(stage: Stage) -> None:
    """A requestor ends a TLS 1.2 handshake whose server leaves out renegotiation_info.

    Without it, what a client takes for its first handshake may be somebody else's second one: the
    bytes that he sent before count as the client's. It is the client that has to insist, since only
    its own handshake is in danger. The key exchange is signed and the flight whole.

    Remedy: Do not enable connections to servers without secure renegotiation (RFC 5746).
    """
    offer = ServerOffer(secure_renegotiation=False)
    try_offer(
        stage, offer, what="ServerHello without renegotiation_info", lies=["extensions.length"]
    )
