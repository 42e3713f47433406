"""TLS-11 for requestors: a server that asks for one handshake after the other."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_ends, renegotiates_within_bounds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.handshakes.renegotiating import renegotiate_as_server


@scenario(
    id="TLS-128",
    verifies=["HOUSE/NO-RENEGOTIATION", "RFC9325/3.5"],
    threats=["T-AVAIL-02", "T-CONF-02"],
    weakness=["CWE-770"],
    references=["CVE-2009-3555"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.LOW,
    twin="TLS-950",
    control="scu_renegotiates_without_limit",
    oracles=[renegotiates_within_bounds(), client_ends()],
    budget_s=60,
)
def asks_for_another_handshake(stage: Stage) -> None:
    """A requestor does not follow a server into one handshake after the other.

    A HelloRequest of TLS 1.2 asks the client to begin anew, at the client's expense and with
    whatever identity the server then shows. DICOM has no use for it. A good device ignores the
    request, refuses it by no_renegotiation, or ends the call; three are tried here.

    Remedy: Switch renegotiation off, as TLS 1.3 did.
    """
    with Acceptor(stage, hello_only=True) as hostile:
        renegotiate_as_server(hostile)
