"""RES-07: connections whose TLS handshake is begun and never finished."""

from harness.model import Claim, Role, Severity
from harness.oracles import ends, serves_others
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.stalling import stall_many

_CONNECTIONS = 20
_SPARE = 4
_SERVED_S = 5.0


@scenario(
    id="RES-007",
    verifies=["HOUSE/SERVES-OTHERS", "PS3.8/9.1.5"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-400", "CWE-772"],
    references=["fodicom-1766"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-900",
    control="no_handshake_timeout",
    oracles=[
        serves_others(_SERVED_S),
        ends({Outcome.CLOSED, Outcome.RESET, Outcome.ALERT}),
    ],
    budget_s=60,
    alone=True,
    bystander=False,
)
def stalls_tls_handshakes(stage: Stage) -> None:
    """Unfinished TLS handshakes are ended in bounded time and keep nobody from being served.

    A ClientHello costs an attacker nothing, and the device a key exchange and a signature. Here
    twenty connections stop after theirs. A good device serves a newcomer over TLS within five
    seconds, and is rid of the stalled ones when its timer for new connections expires. A device
    that shakes hands in its accept loop serves nobody until the attacker tires.

    Remedy: Shake hands in the connection's own thread or task, and run ARTIM over the handshake.
    """
    stall_many(stage, min(_CONNECTIONS, stage.profile.scope.max_connections - _SPARE))
