"""CRT-02: a client whose certificate nobody vouches for."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.trials import try_identity
from simulators.lab import lab_of


@scenario(
    id="CRT-002",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/6"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295"],
    references=["FO-DICOM-TLSOPTS", "CVE-2025-1001"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="accepts_self_signed",
    oracles=[
        tls_refused(TlsAlert.UNKNOWN_CA, TlsAlert.BAD_CERTIFICATE, TlsAlert.CERTIFICATE_UNKNOWN)
    ],
    budget_s=40,
    vary=[{"version": span} for span in SPANS],
)
def signs_its_own_certificate(stage: Stage) -> None:
    """A client certificate that is signed by itself is refused.

    Anybody makes such a certificate in a second, with any name in it. Devices that were switched to
    "accept all" to get a test running, and never back, let everybody in who has read a manual of
    OpenSSL. Everything else in this certificate is as it should be.

    Remedy: Trust configured authorities only, and leave the library's verification in place.
    """
    identity = lab_of(stage).trust.authority.issue(self_signed=True)
    try_identity(stage, identity, lie="issuer")
