"""CRT-07: a client that shows a certificate which was issued for something else."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import names_of, soft, try_specimen, versioned

_NAMES = names_of("usages", "client", about="RFC5280/4.2.1.12")
_EVERYWHERE = ["for servers only", "for code only"]


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
        only_should(
            tls_refused(
                TlsAlert.UNSUPPORTED_CERTIFICATE,
                TlsAlert.BAD_CERTIFICATE,
                TlsAlert.CERTIFICATE_UNKNOWN,
            ),
            "flaw",
            soft(_NAMES),
        )
    ],
    budget_s=40,
    vary=versioned(_NAMES, both=_EVERYWHERE),
)
def misuses_a_certificate_for_another_purpose(stage: Stage) -> None:
    """A client certificate is refused whose extended key usage does not name TLS clients.

    The authority of a hospital also signs web servers and software. Whoever holds the key of such
    a certificate was never meant to query patient data; a device that does not look at the extended
    key usage lets every web server of the house in as a modality.

    Remedy: Verify client certificates for the purpose of client authentication.
    """
    try_specimen(stage)
