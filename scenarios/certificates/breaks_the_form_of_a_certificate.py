"""CRT-15: a client certificate that breaks the laid-down form."""

from harness.model import Claim, Role, Severity
from harness.oracles import only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, soft, try_specimen

_NAMES = names_of("form", "client")


@scenario(
    id="CRT-015",
    verifies=["HOUSE/WELL-FORMED-CERTIFICATE", "RFC5280/4.1"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295", "CWE-436"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="accepts_malformed_certificate",
    oracles=[only_should(tls_refused(), "flaw", soft(_NAMES))],
    budget_s=40,
    vary=cases(_NAMES),
)
def breaks_the_form_of_a_certificate(stage: Stage) -> None:
    """A client certificate that is not formed as laid down is refused.

    Two readers of one certificate that understand it differently are the way around a check:
    the authority saw one name, the device sees another. Parsers of certificates have also
    crashed more often than any other part of TLS. All of these are sent before anybody is
    authenticated.

    Remedy: Read certificates by a strict DER parser, and refuse what is not a certificate of
    version 3 with a positive serial number, one signature algorithm and each extension once.
    """
    try_specimen(stage)
