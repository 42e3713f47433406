"""PAR-09: a deflated object that is a thousand times larger than it looks."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.objects import uid
from simulators.queries import DEFLATED_STORAGE, send_lying_dataset
from simulators.requestor import Requestor
from simulators.wire import uids

_INFLATED = 256 << 20
_BOUND_MIB = 192


@scenario(
    id="PAR-009",
    verifies=["HOUSE/BOUNDED-INFLATE", "PS3.5/A.5"],
    threats=["T-AVAIL-05", "T-AVAIL-03"],
    weakness=["CWE-409"],
    references=["pydicom-deflate"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.DEFLATED},
    severity=Severity.HIGH,
    twin="PAR-901",
    control="inflates_without_limit",
    oracles=[peak_memory_below(_BOUND_MIB), reacts()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    budget_s=60,
)
def inflates_with_a_ceiling(stage: Stage) -> None:
    """A small deflated object does not grow without bound in the device.

    Deflate shrinks zeros a thousandfold, so that a quarter of a megabyte on the wire becomes
    256 MiB in a server that inflates what it gets, and several of them take all its memory. A good
    device inflates piece by piece up to a ceiling and refuses the rest, or keeps the object
    deflated as it came.

    Remedy: Set a ceiling for inflated data, and count while inflating instead of afterwards.
    """
    # Made before the association, so that no idle timer of the device runs meanwhile.
    bomb = hostile.deflated_bomb(hostile.elements(stage), _INFLATED)
    with Requestor(stage) as attacker:
        attacker.associate((DEFLATED_STORAGE,))
        command = wire.c_store_rq(
            uids.SECONDARY_CAPTURE, uid(stage, 1, 1), attacker.next_message_id()
        )
        send_lying_dataset(attacker, command, bomb)
        attacker.wait_for_ending()
