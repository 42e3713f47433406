"""CRT-07: a client that shows a certificate which was issued for something else."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.trials import try_identity
from simulators.lab import lab_of
from simulators.pki import ExtendedKeyUsage

_PURPOSES: dict[str, tuple[ExtendedKeyUsage, ...]] = {
    "TLS server": ("server",),
    "code signing": ("code",),
}


@scenario(
    id="CRT-007",
    verifies=["HOUSE/KEY-USAGE", "RFC5280/4.2.1.12"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="ignores_eku",
    oracles=[
        tls_refused(
            TlsAlert.UNSUPPORTED_CERTIFICATE, TlsAlert.BAD_CERTIFICATE, TlsAlert.CERTIFICATE_UNKNOWN
        )
    ],
    budget_s=40,
    vary=[{"version": span, "purpose": purpose} for span in SPANS for purpose in _PURPOSES],
)
def misuses_a_certificate_for_another_purpose(stage: Stage) -> None:
    """A client certificate is refused whose extended key usage does not name TLS clients.

    The authority of a hospital also signs web servers and software. Whoever holds the key of such
    a certificate was never meant to query patient data; a device that does not look at the extended
    key usage lets every web server of the house in as a modality.

    Remedy: Verify client certificates for the purpose of client authentication.
    """
    purpose = _PURPOSES[str(stage.case["purpose"])]
    identity = lab_of(stage).trust.authority.issue(eku=purpose)
    try_identity(stage, identity, lie="extensions.extended_key_usage")
