"""PAR-02: sequences inside sequences, far deeper than any object needs."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import busy_at_most, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.queries import STORAGE, send_lying_dataset
from simulators.requestor import Requestor

_DEPTHS = (64, 200, 1000, 20_000)
_BUSY_S = 10.0


@scenario(
    id="PAR-002",
    verifies=[
        "HOUSE/BOUNDED-DEPTH",
        "HOUSE/STAYS-IN-SERVICE",
        "HOUSE/BOUNDED-CPU",
        "PS3.5/7.5",
    ],
    threats=["T-AVAIL-05", "T-AVAIL-02", "T-AVAIL-04"],
    weakness=["CWE-674"],
    references=["DCMTK-1191", "Orthanc-nesting", "GDCM-nesting", "pydicom-depth"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.CRITICAL,
    twin="PAR-900",
    control="recurses_without_limit",
    oracles=[reacts(), busy_at_most(_BUSY_S)],
    safety=Safety.STORES_OBJECTS,
    # Alone: at this depth real devices die as a whole, and would take other plays with them.
    alone=True,
    vary=[{"depth": depth} for depth in _DEPTHS],
)
def survives_deep_nesting(stage: Stage) -> None:
    """Deeply nested sequences are stored or refused, and end no process of the device.

    The standard states no largest depth, and most parsers follow sequences by recursion: each
    level costs stack, and 700 KB of object are enough to overflow it. The process that receives
    dies without a word to anybody; sent again after each restart, the object keeps an archive
    out of service. Where the time grows with the square of the depth, one such object keeps a
    processor busy, and others waiting. How deep a device goes is its own affair, but it refuses
    the rest in order.

    Remedy: Parse with a stack of your own, or refuse beyond a documented depth.
    """
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        deep = wire.nested(int(str(stage.case["depth"])))
        content = hostile.adding(hostile.elements(stage), deep)
        thing = hostile.as_object(content, attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        send_lying_dataset(attacker, command, thing.dataset)
        attacker.wait_for_ending()
