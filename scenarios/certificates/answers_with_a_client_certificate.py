"""CRT-07 for requestors: a server that shows a certificate which was issued for something else."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import names_of, show_specimen, soft, versioned

_NAMES = names_of("usages", "server", about="RFC5280/4.2.1.12")
_EVERYWHERE = ["for clients only", "for code only"]


@scenario(
    id="CRT-107",
    verifies=["HOUSE/KEY-USAGE", "RFC5280/4.2.1.12", "RFC9325/7.1"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_ignores_eku",
    oracles=[
        only_should(
            tls_refused(
                TlsAlert.UNSUPPORTED_CERTIFICATE,
                TlsAlert.BAD_CERTIFICATE,
                TlsAlert.CERTIFICATE_UNKNOWN,
            ),
            "flaw",
            soft(_NAMES),
        ),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=versioned(_NAMES, both=_EVERYWHERE),
)
def answers_with_a_client_certificate(stage: Stage) -> None:
    """A requestor refuses a server certificate whose extended key usage does not name TLS servers.

    A certificate for a client, or for signing software, is easier to come by than one for a server,
    and its holder was never meant to be an archive. A device that does not look at the extended key
    usage sends the images to every such holder.

    Remedy: Verify server certificates for the purpose of server authentication.
    """
    show_specimen(stage)
