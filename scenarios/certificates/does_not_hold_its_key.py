"""CRT-06: a client that shows a certificate and does not prove that it holds the key."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.possession import LAPSES, try_without_possession


@scenario(
    id="CRT-006",
    verifies=["HOUSE/MUTUAL-TLS"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-287", "CWE-347"],
    references=["CVE-2015-0205"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="skips_possession",
    oracles=[
        tls_refused(TlsAlert.DECRYPT_ERROR, TlsAlert.UNEXPECTED_MESSAGE, TlsAlert.HANDSHAKE_FAILURE)
    ],
    budget_s=40,
    vary=[{"lapse": lapse} for lapse in LAPSES],
)
def does_not_hold_its_key(stage: Stage) -> None:
    """A client that does not prove possession of its certificate's key is refused.

    Certificates are public: every modality of the house shows its own to whoever listens. Only the
    signature in CertificateVerify tells the owner from a listener who shows it again. Libraries
    have taken a handshake for complete in which that message was missing.

    Remedy: Use a maintained TLS library, and do not rebuild its state machine.
    """
    try_without_possession(stage)
