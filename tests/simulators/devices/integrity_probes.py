"""One probe per flaw in what the device says and does of the objects and steps that it keeps."""

import time

from simulators import wire
from simulators.process.memory import PidTree
from simulators.process.wanting import busiest, wants
from simulators.wire import uids
from simulators.wire.messages import c_get_rq, c_store_rsp, n_create_rq, n_set_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.keeping import (
    COMMITMENT,
    STUDY,
    an_object,
    commitment_request,
    files,
    listed,
    name,
    store,
    stored_well,
)
from tests.simulators.devices.peer import Peer, associated, dataset
from tests.simulators.devices.probes import Expectation, Probe
from tests.simulators.devices.running import Running

MPPS = uids.MODALITY_PERFORMED_PROCEDURE_STEP
STEP = f"{STUDY}.77"
GET = (
    wire.Context(1, uids.STUDY_ROOT_GET, (uids.EXPLICIT_LE,)),
    wire.Context(3, uids.CT_IMAGE_STORAGE, (uids.EXPLICIT_LE,)),
)
TAKES = wire.RoleSelection(uid=uids.CT_IMAGE_STORAGE, scu=1, scp=1)
LARGE = 6 << 20


def committed_as(sop_class: str) -> Probe:
    """Store object 0, ask for its commitment under a class, and return answer and event."""

    def probe(it: Running) -> str:
        stored_well(it, 1)
        with associated(it.port, wire.associate_rq("REFERENCE", "ASSAY", COMMITMENT)) as peer:
            peer.send(*commitment_request(0, sop_class=sop_class))
            heard = peer.hear()
            if heard != "RESPONDED 0000":
                return heard
            assert peer.hear() == "REQUEST"
            assert peer.last is not None
            return f"EVENT {peer.last.command.integer('EventTypeID')}"

    return probe


def state(word: str) -> bytes:
    return wire.encode_dataset([wire.Element(tag=0x00400252, vr="CS", value=word)], "explicit")


def steps(*asked: tuple[str, str]) -> Probe:
    """Create ("create") or change ("set") a step to a state, one after the other; the last answer.

    Each probe has a step of its own, for the sound device serves all of them.
    """

    def probe(it: Running) -> str:
        context = wire.Context(1, MPPS, (uids.EXPLICIT_LE,))
        heard, step = "", f"{STEP}.{time.monotonic_ns()}"
        with associated(it.port, wire.associate_rq("REFERENCE", "ASSAY", (context,))) as peer:
            for verb, word in asked:
                command = n_create_rq(MPPS, step) if verb == "create" else n_set_rq(MPPS, step)
                heard = peer.ask(1, command, state(word))
        return heard

    return probe


def kept(octets: bytes, *more: wire.Element) -> Probe:
    """Store an object and tell whether its file holds some octets."""

    def probe(it: Running) -> str:
        uid = f"{STUDY}.{time.monotonic_ns()}"
        with associated(it.port) as peer:
            assert peer.store(dataset(uid, study=STUDY, more=more), uid) == "RESPONDED 0000"
        (path,) = (path for path in files(it) if path.stem == uid)
        return "kept" if octets in path.read_bytes() else "changed"

    return probe


def into_a_foreign_study(it: Running) -> str:
    stored_well(it, 1)
    uid = name(500)
    foreign = dataset(uid, study=STUDY).replace(b"ID1 ", b"ID2 ")
    with associated(it.port) as peer:
        return peer.store(foreign, uid)


def retrieving(peer: Peer) -> str:
    keys = [
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x0020000D, vr="UI", value=STUDY),
    ]
    peer.send(*p_data(1, c_get_rq(), wire.encode_dataset(keys, "explicit")))
    return peer.hear(5)


def to_retrieve() -> wire.AssociateRQ:
    return wire.associate_rq("REFERENCE", "ASSAY", GET, user_items=(TAKES,))


def after_tampering(it: Running) -> str:
    stored_well(it, 1)
    (path,) = (path for path in files(it) if path.stem == name(0))
    path.write_bytes(path.read_bytes().replace(b"TEST^PATIENT", b"TEST^IMPOSTO"))
    with associated(it.port, to_retrieve()) as peer:
        heard = retrieving(peer)
    path.write_bytes(path.read_bytes().replace(b"TEST^IMPOSTO", b"TEST^PATIENT"))
    return (
        "served"
        if heard == "REQUEST"
        and peer.last is not None
        and (b"IMPOSTO" in (peer.last.dataset or b""))
        else "not served"
    )


def listed_when_repeated(it: Running) -> str:
    before = listed(it).split()[0]
    store(it, 1, first=900)
    store(it, 1, first=900)
    return str(int(listed(it).split()[0]) - int(before))


def first_counts(it: Running) -> str:
    """Store two objects, take the first of them, and return how many are called completed."""
    stored_well(it, 2)
    with associated(it.port, to_retrieve()) as peer:
        assert retrieving(peer) == "REQUEST"
        assert peer.last is not None
        uid = peer.last.command.text("AffectedSOPInstanceUID") or ""
        number = peer.last.command.integer("MessageID") or 0
        peer.send(*p_data(3, c_store_rsp(uids.CT_IMAGE_STORAGE, uid, number)))
        assert peer.hear() == "RESPONDED FF00"
        return str(peer.last.command.integer("NumberOfCompletedSuboperations"))


def while_nobody_reads(it: Running) -> str:
    with associated(it.port) as peer:
        data = an_object(950, LARGE)
        assert peer.store(data, name(950)) == "RESPONDED 0000"
    with associated(it.port, to_retrieve()) as peer:
        keys = [
            wire.Element(tag=0x00080018, vr="UI", value=name(950)),
            wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
        ]
        peer.send(*p_data(1, c_get_rq(), wire.encode_dataset(keys, "explicit")))
        time.sleep(0.4)
        before = wants(PidTree(it.process.pid))
        time.sleep(0.6)
        share = busiest(before, wants(PidTree(it.process.pid))) / 0.6
    return "spins" if share > 0.5 else "waits"


PRIVATE = wire.Element(tag=0x00290010, vr="LO", value="PRIVATE CREATOR ")
PADDED = wire.Element(tag=0x00204000, vr="LT", value=b"PADDED VALUE    ")

INTEGRITY_PROBES: dict[str, Expectation] = {
    "commits_without_looking": Expectation(
        committed_as(uids.MR_IMAGE_STORAGE), "EVENT 2", "EVENT 1"
    ),
    "fails_commitment": Expectation(
        committed_as(uids.CT_IMAGE_STORAGE), "EVENT 1", "RESPONDED 0110"
    ),
    "fails_procedure_steps": Expectation(
        steps(("create", "IN PROGRESS")), "RESPONDED 0000", "RESPONDED 0110"
    ),
    "updates_any_procedure_step": Expectation(
        steps(("set", "COMPLETED")), "RESPONDED 0112", "RESPONDED 0000"
    ),
    "overwrites_procedure_steps": Expectation(
        steps(("create", "IN PROGRESS"), ("create", "IN PROGRESS")),
        "RESPONDED 0111",
        "RESPONDED 0000",
    ),
    "drops_private_attributes": Expectation(kept(b"PRIVATE", PRIVATE), "kept", "changed"),
    "trims_values": Expectation(kept(b"VALUE    ", PADDED), "kept", "changed"),
    "coerces_silently": Expectation(kept(b"TEST^PATIENT"), "kept", "changed"),
    "merges_foreign_objects": Expectation(into_a_foreign_study, "RESPONDED C101", "RESPONDED 0000"),
    "serves_tampered": Expectation(after_tampering, "not served", "served"),
    "doubles_what_is_repeated": Expectation(listed_when_repeated, "1", "2"),
    "counts_sub_operations_wrongly": Expectation(first_counts, "1", "2"),
    "spins_for_slow_readers": Expectation(while_nobody_reads, "waits", "spins", ("--idle", "8")),
}
