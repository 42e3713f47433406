"""What was acknowledged is there again after the device was killed, and nothing half written is."""

import os
from pathlib import Path

import pytest

from simulators import wire
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.storage import Arrival, Store
from simulators.devices.reference.uids import CT_IMAGE_STORAGE, EXPLICIT_LE
from simulators.wire import uids
from simulators.wire.messages import c_store_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.keeping import an_object, listed, name, stored_well
from tests.simulators.devices.peer import associated
from tests.simulators.devices.running import reference

DATA = b"\x08\0\x60\0CS\x02\0CT"


@pytest.mark.parametrize(("flaws", "left"), [((), 30), (("--flaw", "loses_on_restart"), 27)])
def test_objects_outlive_a_kill(flaws: tuple[str, ...], left: int, tmp_path: Path) -> None:
    with reference(tmp_path, *flaws) as it:
        stored_well(it, 30)
        assert listed(it) == "30 then RESPONDED 0000"
        it.process.kill()
        it.process.wait()
    with reference(tmp_path, *flaws) as it:
        assert listed(it) == f"{left} then RESPONDED 0000"


def test_an_object_that_was_stored_before_a_restart_is_the_same_one(tmp_path: Path) -> None:
    with reference(tmp_path) as it:
        stored_well(it, 1)
    with reference(tmp_path) as it, associated(it.port) as peer:
        assert peer.store(an_object(0), name(0)) == "RESPONDED 0000"
        assert peer.store(an_object(0, size=2), name(0)) == "RESPONDED 0111"


def test_a_kill_in_the_middle_of_an_object_leaves_nothing_of_it(tmp_path: Path) -> None:
    with reference(tmp_path) as it, associated(it.port) as peer:
        asked = c_store_rq(uids.CT_IMAGE_STORAGE, name(1))
        *begun, last = p_data(3, asked, an_object(1, size=1 << 16))
        peer.send(*begun, wire.encode(last)[:-9])
        it.process.kill()
        it.process.wait()
    with reference(tmp_path) as it:
        assert listed(it) == "0 then RESPONDED 0000"
        assert not [path for path in it.storage.rglob("*") if path.is_file()]


def test_unfinished_and_torn_files_are_not_served(tmp_path: Path) -> None:
    assert store_in(tmp_path).add(arrival()) == 0
    (whole,) = tmp_path.rglob("*.dcm")
    (whole.parent / ".7.part").write_bytes(b"unfinished")
    (whole.parent / "torn.dcm").write_bytes(whole.read_bytes()[:-1])
    assert [i.sop_instance for i in store_in(tmp_path)] == [b"1.2.3"]
    assert {path.name for path in whole.parent.iterdir()} == {"torn.dcm", "1.2.3.dcm"}


def test_objects_keep_their_order(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    sent = [b"1.2.%d" % n for n in (9, 3, 7)]
    for at, uid in enumerate(sent):
        store.add(arrival(uid))
        (path,) = tmp_path.rglob(f"{uid.decode()}.dcm")
        os.utime(path, (at, at))
    assert [i.sop_instance for i in store_in(tmp_path)] == sent


def test_an_object_whose_file_was_removed_can_be_sent_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.add(arrival())
    (path,) = tmp_path.rglob("*.dcm")
    path.unlink()
    path.parent.rmdir()
    assert store.add(arrival()) == 0
    assert path.exists()


@pytest.mark.parametrize("sync", [False, True])
def test_a_file_that_cannot_be_written_is_no_success(sync: bool, tmp_path: Path) -> None:
    store = store_in(tmp_path, sync=sync)
    (tmp_path / "unassigned").write_bytes(b"a file where the directory should be")
    assert store.add(arrival()) == 0xA700
    assert store.get(b"1.2.3") is None
    (tmp_path / "unassigned").unlink()
    assert store.add(arrival()) == 0


def store_in(folder: Path, *, sync: bool = False) -> Store:
    return Store(AcceptorOptions(storage=folder, sync=sync))


def arrival(uid: bytes = b"1.2.3", data: bytes = DATA) -> Arrival:
    return Arrival(
        sop_class=CT_IMAGE_STORAGE,
        sop_instance=uid,
        transfer_syntax=EXPLICIT_LE,
        data=data,
        values={},
        area="",
    )
