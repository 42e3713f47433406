"""CRT-07 for requestors: a server that shows a certificate which was issued for something else."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.traps import show_identity
from simulators.lab import lab_of
from simulators.pki import ExtendedKeyUsage

_PURPOSES: dict[str, tuple[ExtendedKeyUsage, ...]] = {
    "TLS client": ("client",),
    "code signing": ("code",),
}


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
        tls_refused(
            TlsAlert.UNSUPPORTED_CERTIFICATE, TlsAlert.BAD_CERTIFICATE, TlsAlert.CERTIFICATE_UNKNOWN
        ),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=40,
    vary=[{"version": span, "purpose": purpose} for span in SPANS for purpose in _PURPOSES],
)
def answers_with_a_client_certificate(stage: Stage) -> None:
    """A requestor refuses a server certificate whose extended key usage does not name TLS servers.

    A certificate for a client, or for signing software, is easier to come by than one for a server,
    and its holder was never meant to be an archive. A device that does not look at the extended key
    usage sends the images to every such holder.

    Remedy: Verify server certificates for the purpose of server authentication.
    """
    purpose = _PURPOSES[str(stage.case["purpose"])]
    identity = lab_of(stage).trust.authority.issue(eku=purpose)
    with Acceptor(stage, hello_only=True) as impostor:
        show_identity(impostor, identity, lie="extensions.extended_key_usage")
