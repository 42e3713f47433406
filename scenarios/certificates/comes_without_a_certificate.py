"""CRT-01: a client without any certificate."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, asks_for_certificate, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.trials import try_without_certificate


@scenario(
    id="CRT-001",
    verifies=["HOUSE/MUTUAL-TLS", "RFC8446/4.4.2.4", "IHE/ITI-19"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-306"],
    references=["DCM4CHE-499", "ORTHANC-TLS-CLIENTCERT"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="client_certificate_optional",
    oracles=[
        tls_refused(
            TlsAlert.CERTIFICATE_REQUIRED, TlsAlert.HANDSHAKE_FAILURE, TlsAlert.BAD_CERTIFICATE
        ),
        asks_for_certificate(),
    ],
    budget_s=40,
    vary=[{"version": span} for span in SPANS],
)
def comes_without_a_certificate(stage: Stage) -> None:
    """A device that claims mutual authentication serves nobody who shows no certificate.

    Without the client's certificate TLS hides the images from the line but tells the archive
    nothing about who asks for them. A finished handshake proves nothing here, since a TLS 1.3
    client is done before the server has judged it; only an unanswered C-ECHO is a refusal. A device
    that does not even ask for a certificate fails as well, whatever else it refuses.

    Remedy: Require and verify the client's certificate, and do not merely request it.
    """
    try_without_certificate(stage)
