"""The twin of the TLS and certificate scenarios against requestors."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.traps import receive_client, serve_echo, server_policy
from simulators.lab import lab_of


@scenario(
    id="TLS-950",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.15/B.12/VERSIONS"],
    threats=["T-AVAIL-01"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds()],
    budget_s=30,
    vary=[{"version": span} for span in SPANS],
)
def uses_an_honest_tls_acceptor(stage: Stage) -> None:
    """The device verifies a connection with an honest acceptor over TLS and reports success.

    A client that refuses every server would pass every attack. The server shows a certificate of
    the authority that the device trusts, issued for the address that it calls, and speaks the
    lowest version that the device claims, or all of them.

    Remedy: Make the Verification service work over TLS with each version that is claimed.
    """
    with Acceptor(stage, hello_only=True) as honest:
        policy = server_policy(stage, lab_of(stage).trust.ours)
        what = f"ServerHello of an honest server, up to {policy.maximum}"
        serve_echo(honest, receive_client(honest, policy, what=what))
