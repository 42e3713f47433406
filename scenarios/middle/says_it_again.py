"""The recorded flight of a C-STORE is sent to the acceptor again."""

from harness.model import Role, Safety, Severity
from harness.oracles.middle import changed_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import ACCEPTOR_ENDS, PAIR, SERVES_OTHERS
from simulators.relay import Relay, serve_afterwards
from simulators.relay.replay import replay


@scenario(
    id="MIM-004",
    verifies=["HOUSE/NO-REPLAY", "HOUSE/FRESH-KEYS"],
    threats=["T-INTEG-01"],
    weakness=["CWE-294", "CWE-330"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.HIGH,
    twin="MIM-900",
    control="accepts_replay",
    oracles=[ACCEPTOR_ENDS, changed_nothing(), SERVES_OTHERS],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    # Alone: what others store meanwhile must not be taken for an effect of the replay.
    alone=True,
)
def says_it_again(stage: Stage) -> None:
    """An acceptor takes no recorded TLS connection for a new one.

    An image was stored over TLS, and every octet of it was recorded. Sent again, it would bring
    back what was deleted since, without anybody's key. Only the acceptor's own random values make
    the recording worthless; devices whose random numbers repeat after each start do not have them.

    Remedy: Seed the random number generator from the hardware, and take no early data.
    """
    with Relay(stage) as honest:
        honest.run()
    replay(stage, honest)
    serve_afterwards(stage)
