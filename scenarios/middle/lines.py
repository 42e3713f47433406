"""What the attacks on the line have in common: claims, endings, and the look afterwards."""

from harness.model import Claim, Oracle
from harness.oracles import client_refuses, ends, never, succeeds
from harness.oracles.middle import kept_nothing
from harness.stage import Stage
from harness.verdict import FailKind, Outcome
from simulators.relay import Relay, look_for_object, serve_afterwards
from simulators.relay.relay import TOWARDS_ACCEPTOR

PAIR = frozenset(
    {
        Claim.TLS_REQUESTOR,
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCU,
        Claim.VERIFICATION_SCP,
        Claim.STORAGE_SCU,
        Claim.STORAGE_SCP,
    }
)
"""What two devices must claim to be a pair."""

REQUESTOR_FAILS = client_refuses(Outcome.ALERT, Outcome.CLOSED)
"""The requestor ends the call by itself and reports failure; who gave the alert is no matter."""

ACCEPTOR_ENDS: Oracle = ends(
    {Outcome.ALERT, Outcome.CLOSED}, {Outcome.RESET}, actor=TOWARDS_ACCEPTOR
)
"""The acceptor ends the connection in time, without having answered."""

SERVES_OTHERS = succeeds("control")
"""An honest client is served afterwards."""

BOTH_NOTICE: tuple[Oracle, ...] = (REQUESTOR_FAILS, ACCEPTOR_ENDS, kept_nothing(), SERVES_OTHERS)
"""Neither side takes what was altered for the other's word."""

NEVER_IN_CLEAR: tuple[Oracle, ...] = (
    never(Outcome.ACCEPTED, FailKind.ACCEPTED, "the requestor spoke DICOM in clear"),
    client_refuses(Outcome.ALERT, Outcome.CLOSED, Outcome.RESET),
    kept_nothing(),
    SERVES_OTHERS,
)
"""Without TLS there is no association, on whichever connection of the call."""

_RETRY_S = 5.0
_MOST_CALLS = 8


def alter(stage: Stage, relay: Relay) -> None:
    """Lets the two devices speak through the relay, and looks at what became of it."""
    with relay:
        relay.run()
    look_for_object(stage)
    serve_afterwards(stage)


def strip(stage: Stage, relay: Relay) -> None:
    """As :func:`alter`; what the requestor tries after the first connection is passed on."""
    with relay:
        relay.run()
        for _ in range(_MOST_CALLS):
            if not relay.next_call(_RETRY_S):
                break
            relay.run()
    look_for_object(stage)
    serve_afterwards(stage)
