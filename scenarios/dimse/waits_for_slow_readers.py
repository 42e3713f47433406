"""DIM-14: a deflated object is retrieved by a peer that does not read."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import waits_quietly
from harness.registry import scenario
from harness.stage import Stage
from simulators.queries import DEFLATED_STORAGE
from simulators.unhurried import retrieve_slowly, store_large

_PAUSE_S = 1.5


@scenario(
    id="DIM-014",
    verifies=["HOUSE/WAITS-QUIETLY", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-04", "T-AVAIL-10"],
    weakness=["CWE-835"],
    role=Role.ACCEPTOR,
    needs={
        Claim.STORAGE_SCP,
        Claim.RETRIEVE_SCP,
        Claim.DEFLATED,
        Claim.PLAIN_ACCEPTOR,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.RESTARTABLE,
    },
    severity=Severity.MEDIUM,
    twin="PAR-901",
    control="spins_for_slow_readers",
    oracles=[waits_quietly(0.5)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def waits_for_slow_readers(stage: Stage) -> None:
    """A device whose peer reads a deflated object slowly waits without using the processor.

    A peer that asks for a large object and does not read fills every buffer in between. A device
    that asks again and again whether it may send now keeps a processor busy for as long as the
    peer likes, and a few such peers are enough for all of them. A good device sleeps until there
    is room, or ends the association when its own time is over.

    Remedy: Wait for the socket by poll or a blocking send with a deadline, never in a loop.
    """
    retrieve_slowly(stage, store_large(stage, DEFLATED_STORAGE), _PAUSE_S)
