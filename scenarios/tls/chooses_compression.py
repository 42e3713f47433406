"""TLS-11 for requestors: a server that chooses compression."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.answers import try_offer
from simulators.tls import ServerOffer


@scenario(
    id="TLS-115",
    verifies=["RFC9325/3.3", "RFC8446/4.1.2", "HOUSE/NO-GOING-ALONG"],
    threats=["T-CONF-02"],
    weakness=["CWE-310"],
    references=["CVE-2012-4929"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_takes_compression",
    oracles=[tls_refused(TlsAlert.ILLEGAL_PARAMETER), client_refuses(Outcome.ALERT)],
    budget_s=30,
)
def chooses_compression(stage: Stage) -> None:
    """A requestor does not go along with a server that chooses compression.

    What is compressed before it is encrypted shows its content by its length: who can place text of
    his own beside a secret reads the secret octet by octet. The method is chosen here whether the
    device offered it or not; one that offered it finds that in the report on its ClientHello too.

    Remedy: Build or set up the TLS library without compression.
    """
    offer = ServerOffer(compression=1)
    try_offer(stage, offer, what="ServerHello: DEFLATE", lies=["compression_method"])
