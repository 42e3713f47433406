"""TLS-11: a client that asks for one handshake after the other on one connection."""

from harness.model import Claim, Role, Severity
from harness.oracles import renegotiates_within_bounds
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.renegotiating import renegotiate_as_client


@scenario(
    id="TLS-011",
    verifies=["HOUSE/NO-RENEGOTIATION", "RFC9325/3.5"],
    threats=["T-AVAIL-01", "T-CONF-02"],
    weakness=["CWE-770"],
    references=["CVE-2011-1473", "CVE-2009-3555"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="renegotiates_without_limit",
    oracles=[renegotiates_within_bounds()],
    budget_s=40,
)
def renegotiates_again_and_again(stage: Stage) -> None:
    """A client of TLS 1.2 cannot have one handshake after the other on one connection.

    Each handshake costs the device a signature and a key exchange and the client next to nothing,
    and past attacks spliced a stranger's data before a renegotiation. DICOM has no use for it. A
    good device refuses by no_renegotiation or ends the connection; three are tried here.

    Remedy: Switch renegotiation off, as TLS 1.3 did.
    """
    renegotiate_as_client(stage)
