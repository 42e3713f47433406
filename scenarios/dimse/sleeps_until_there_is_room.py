"""DIM-14 for objects that are not compressed: the peer that retrieves does not read."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import waits_quietly
from harness.registry import scenario
from harness.stage import Stage
from simulators.unhurried import retrieve_slowly, store_large

_PAUSE_S = 1.5


@scenario(
    id="DIM-014B",
    verifies=["HOUSE/WAITS-QUIETLY", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-04", "T-AVAIL-10"],
    weakness=["CWE-835"],
    role=Role.ACCEPTOR,
    needs={
        Claim.STORAGE_SCP,
        Claim.RETRIEVE_SCP,
        Claim.PLAIN_ACCEPTOR,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.RESTARTABLE,
    },
    severity=Severity.MEDIUM,
    twin="STO-902",
    control="spins_for_slow_readers",
    oracles=[waits_quietly(0.5)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def sleeps_until_there_is_room(stage: Stage) -> None:
    """A device that sends a large object to a peer that does not read sleeps until there is room.

    Anybody may ask for a large object and then stop reading. Between a device that sleeps until
    there is room and one that looks for it all the time there is no difference on the network, but
    a few such peers use up every processor of the second one, and its other callers wait.

    Remedy: Wait for the socket by poll or a blocking send with a deadline, never in a loop.
    """
    retrieve_slowly(stage, store_large(stage), _PAUSE_S)
