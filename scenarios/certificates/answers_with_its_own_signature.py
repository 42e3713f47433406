"""CRT-02 for requestors: a server whose certificate nobody vouches for."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.traps import show_identity
from simulators.lab import lab_of


@scenario(
    id="CRT-102",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/6", "RFC9325/7.1"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295"],
    references=["FO-DICOM-TLSOPTS", "CVE-2025-1001"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-950",
    control="scu_accepts_self_signed",
    oracles=[
        tls_refused(TlsAlert.UNKNOWN_CA, TlsAlert.BAD_CERTIFICATE, TlsAlert.CERTIFICATE_UNKNOWN),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=40,
    vary=[{"version": span} for span in SPANS],
)
def answers_with_its_own_signature(stage: Stage) -> None:
    """A requestor refuses a server certificate that is signed by itself.

    Whoever stands in for the archive needs nothing but such a certificate, with the right address
    in it, to be sent the images by a device that does not verify. The refusal has to come before
    the A-ASSOCIATE-RQ, which already names the device and what it wants to send.

    Remedy: Trust configured authorities only, and leave the library's verification in place.
    """
    identity = lab_of(stage).trust.authority.issue(self_signed=True)
    with Acceptor(stage, hello_only=True) as impostor:
        show_identity(impostor, identity, lie="issuer")
