"""PAR-01: an element declares more than the object holds."""

from dataclasses import replace

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.queries import STORAGE, send_lying_dataset
from simulators.requestor import Requestor

_MIB = 1 << 20
_LENGTHS = (_MIB, 256 * _MIB, 1024 * _MIB, 0x7FFF_FFFE, 0xFFFF_FFFE)
_LOOK_S = 3.0


@scenario(
    id="PAR-001",
    verifies=["HOUSE/BOUNDED-MEMORY", "PS3.5/7.1"],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-789", "CWE-130"],
    references=["CVE-2026-3650", "dcm4che-alloc"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="STO-900",
    control="allocates_value_length",
    oracles=[peak_memory_below(64), reacts(prefers_refusal=True, may_wait=True)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"length": length} for length in _LENGTHS],
)
def promises_more_than_it_stores(stage: Stage) -> None:
    """The declared length of an element costs no memory beyond the bytes that came.

    An object of less than one kilobyte declares up to 4 GiB of Pixel Data. A parser that makes
    room first and reads then lets each such object take the memory of a whole study, and the
    storage of a hospital stops for lack of it. A good device sees that the value is longer than
    the object, and answers a failure status; one that keeps the bytes as they came, or waits a
    while for the rest, may do so.

    Remedy: Compare each value length with the bytes that are left before making room for it.
    """
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        *others, pixels = hostile.elements(stage)
        lying = replace(pixels, length=int(str(stage.case["length"])))
        thing = hostile.as_object((*others, lying), attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        send_lying_dataset(attacker, command, thing.dataset)
        attacker.wait_for_ending(_LOOK_S)
