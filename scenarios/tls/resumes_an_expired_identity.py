"""TLS-33: a session is resumed after the certificate that began it has expired."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.resuming import resume_expired


@scenario(
    id="TLS-033",
    verifies=["HOUSE/FRESH-IDENTITY", "HOUSE/VALIDITY-TIME"],
    threats=["T-IMPERS-02", "T-IMPERS-04"],
    weakness=["CWE-613"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="resumes_expired_identity",
    oracles=[tls_refused(TlsAlert.CERTIFICATE_EXPIRED)],
    budget_s=60,
    vary=[{"version": span} for span in SPANS],
)
def resumes_an_expired_identity(stage: Stage) -> None:
    """A session gives no more access than the certificate that began it would give now.

    TLS libraries check a certificate once and then honour the session for hours or days, also
    after the certificate has expired or was taken from a stolen device. Here a certificate lives
    for seconds; when the device refuses it, the session that it began is handed in. A good device
    does not serve it.

    Remedy: Check the session's certificate again at resumption, or switch resumption off.
    """
    resume_expired(stage)
