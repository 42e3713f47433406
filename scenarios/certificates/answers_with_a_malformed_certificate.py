"""CRT-15 for requestors: a server certificate that breaks the laid-down form."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("form", "server")


@scenario(
    id="CRT-115",
    verifies=["HOUSE/WELL-FORMED-CERTIFICATE", "RFC5280/4.1"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295", "CWE-436"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_accepts_malformed_certificate",
    oracles=[
        only_should(tls_refused(), "flaw", soft(_NAMES)),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_malformed_certificate(stage: Stage) -> None:
    """A requestor refuses a server certificate that is not formed as laid down.

    Two readers of one certificate that understand it differently are the way around a check:
    the authority saw one name, the device sees another. Parsers of certificates have also
    crashed more often than any other part of TLS. All of these are sent before anybody is
    authenticated.

    Remedy: Read certificates by a strict DER parser, and refuse what is not a certificate of
    version 3 with a positive serial number, one signature algorithm and each extension once.
    """
    show_specimen(stage)
