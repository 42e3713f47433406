"""What peers store, and what they find of it afterwards."""

from pathlib import Path

from simulators import wire
from simulators.wire import uids
from simulators.wire.messages import c_cancel_rq, c_find_rq, n_action_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.peer import (
    Peer,
    associated,
    dataset,
)
from tests.simulators.devices.probes import Probe
from tests.simulators.devices.running import Running

STUDY = "1.2.826.0.1.3680043.9.7777.1"
COMMITMENT = (wire.Context(1, uids.STORAGE_COMMITMENT_PUSH, (uids.EXPLICIT_LE,)),)


def name(number: int) -> str:
    return f"{STUDY}.{1000 + number}"


def an_object(number: int, size: int = 0) -> bytes:
    pixels = (wire.Element(tag=0x7FE00010, vr="OW", value=bytes(size)),) if size else ()
    return dataset(name(number), study=STUDY, more=pixels)


def store(it: Running, count: int, first: int = 0, size: int = 0) -> list[str]:
    """Store objects in one association; return the answers."""
    with associated(it.port) as peer:
        answers = [peer.store(an_object(n, size), name(n)) for n in range(first, first + count)]
        assert peer.release() == "RELEASE-RP"
    return answers


def stored_well(it: Running, count: int) -> None:
    assert set(store(it, count)) == {"RESPONDED 0000"}


def image_query() -> bytes:
    keys = [
        wire.Element(tag=0x00080018, vr="UI", value=""),
        wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
        wire.Element(tag=0x0020000D, vr="UI", value=STUDY),
    ]
    return wire.encode_dataset(keys, "explicit")


def heard_of_query(peer: Peer) -> str:
    """Return the number of matches that come, and the last status."""
    matches = 0
    while (heard := peer.hear()) == "RESPONDED FF00":
        matches += 1
    return f"{matches} then {heard}"


def listed(it: Running) -> str:
    with associated(it.port) as peer:
        peer.send(*p_data(5, c_find_rq(), image_query()))
        return heard_of_query(peer)


def files(it: Running) -> list[Path]:
    return [path for path in it.storage.rglob("*") if path.is_file()]


def kept_of_a_hundred(it: Running) -> str:
    stored_well(it, 100)
    return str(len(files(it)))


def under_their_own_names(it: Running) -> str:
    stored_well(it, 50)
    return str(sum(path.read_bytes().count(path.stem.encode()) == 2 for path in files(it)))


def listed_of_fifty(it: Running) -> str:
    stored_well(it, 50)
    return listed(it)


def when_full(it: Running) -> str:
    """Store twelve objects of 2 KiB where ten fit, and look what is there."""
    answers = store(it, 12, size=2048)
    assert set(answers[:8]) == {"RESPONDED 0000"}
    return f"{answers[-1]}, {listed(it).split()[0]} listed, {len(files(it))} files"


def after_space_was_made(it: Running) -> str:
    assert "RESPONDED A700" in store(it, 12, size=2048)
    for path in files(it):
        path.unlink()
    (answer,) = store(it, 1, first=20, size=2048)
    return answer


def five_where_three_are_listed(it: Running) -> str:
    stored_well(it, 5)
    return listed(it)


def cancelled_query(it: Running) -> str:
    stored_well(it, 5)
    with associated(it.port) as peer:
        peer.send(*p_data(5, c_find_rq(), image_query()), *p_data(5, c_cancel_rq()))
        return heard_of_query(peer).split()[-1]


def commitment_request(*numbers: int, sop_class: str = uids.CT_IMAGE_STORAGE) -> list[wire.PDataTF]:
    items = tuple(
        wire.DataItem(
            elements=(
                wire.Element(tag=0x00081150, vr="UI", value=sop_class),
                wire.Element(tag=0x00081155, vr="UI", value=name(number)),
            )
        )
        for number in numbers
    )
    information = [
        wire.Element(tag=0x00081195, vr="UI", value=f"{STUDY}.9"),
        wire.Element(tag=0x00081199, vr="SQ", value=items),
    ]
    asked = n_action_rq(uids.STORAGE_COMMITMENT_PUSH, uids.STORAGE_COMMITMENT_PUSH_INSTANCE)
    return p_data(1, asked, wire.encode_dataset(information, "explicit"))


def committed(*numbers: int) -> Probe:
    """Store object 0, ask for commitment of some, and return the answer and the event."""

    def probe(it: Running) -> str:
        stored_well(it, 1)
        with associated(it.port, wire.associate_rq("REFERENCE", "ASSAY", COMMITMENT)) as peer:
            peer.send(*commitment_request(*numbers))
            assert peer.hear() == "RESPONDED 0000"
            heard = peer.hear(0.5)
            event = peer.last.command.integer("EventTypeID") if peer.last else None
            return f"{heard} {event}" if heard == "REQUEST" else heard

    return probe
