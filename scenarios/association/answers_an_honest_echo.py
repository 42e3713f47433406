"""The twin of most association scenarios."""

from harness.model import Claim, Role, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.requestor import Requestor


@scenario(
    id="ASC-900",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/A.4"],
    threats=["T-AVAIL-01"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_echo",
    oracles=[succeeds()],
    budget_s=15,
)
def answers_an_honest_echo(stage: Stage) -> None:
    """An honest C-ECHO is answered with success.

    A device that refuses everybody also refuses every attacker; only a device that serves honest
    peers can be called secure for what it refuses.

    Remedy: Accept the Verification SOP Class from peers that the configuration permits.
    """
    with Requestor(stage) as peer:
        peer.associate()
        peer.echo(stimulus=True)
        peer.release()
