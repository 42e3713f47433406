"""Objects that were stored under load are found, and those that a flaw took are missed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.measurement import Ledger
from simulators.load import naming, objects
from simulators.load.archive import Finds, Gets
from simulators.load.drive import Driven
from simulators.load.errands import PLAIN
from simulators.load.kept_files import KeptFiles
from simulators.load.verify import WayError, verify
from tests.simulators.load.reference import Device, running
from tests.simulators.load.support import NEVER

SOP_CLASSES = (objects.sop_class(PLAIN),)


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    with running(tmp_path_factory.mktemp("device")) as one:
        yield one


def looked_for(device: Device, done: Driven) -> Ledger:
    root = done.acknowledged.uid_root
    finds, gets = Finds(device.target(), root), Gets(device.target(), root, SOP_CLASSES)
    try:
        return verify(done.acknowledged, [finds], [gets], cancelled=NEVER, patience_s=0)
    finally:
        finds.close()
        gets.close()


def test_all_that_was_stored_is_found_and_is_its_own(device: Device) -> None:
    seen = looked_for(device, device.load(device.plan("store", count=60, associations=3)))
    assert (seen.looked_for, seen.found, seen.compared) == (60, 60, 60)
    assert (seen.lost, seen.duplicated, seen.mixed_up) == (0, 0, 0)
    assert seen.how == ("C-FIND", "C-GET")


def test_single_objects_are_asked_for_by_lists_of_names(device: Device) -> None:
    done = device.load(device.plan("store", count=40, associations=1))
    owed = done.acknowledged
    gets = Gets(device.target(), owed.uid_root, SOP_CLASSES)
    finds = Finds(device.target(), owed.uid_root, most=7)
    some = dict(list(owed.uids(0).items())[3:25])
    came = list(gets.contents(0, list(some), whole=False))
    assert sorted(came) == sorted((name, naming.mark_of(name)) for name in some)
    assert finds.holds(0, some, whole=False) == dict.fromkeys(some, 1)
    gets.close()
    finds.close()


@pytest.mark.parametrize(
    ("flaw", "count", "what"),
    [
        ("loses_one_in_many", 120, "lost"),
        ("mixes_up_objects", 60, "mixed_up"),
        ("stores_twice", 60, "duplicated"),
    ],
)
def test_what_a_flaw_did_is_seen(tmp_path: Path, flaw: str, count: int, what: str) -> None:
    with running(tmp_path, "--flaw", flaw) as device:
        seen = looked_for(device, device.load(device.plan("store", count=count, associations=2)))
        assert getattr(seen, what) >= 1
        assert all(naming.place_of(name) for name in seen.examples)


def test_the_files_tell_the_same(tmp_path: Path) -> None:
    with running(tmp_path, "--flaw", "loses_one_in_many") as device:
        done = device.load(device.plan("store", count=120, associations=2))
        kept = KeptFiles(device.storage)
        seen = verify(done.acknowledged, [kept], [kept], cancelled=NEVER, patience_s=0)
    assert (seen.looked_for, seen.lost, seen.how) == (120, 1, ("files",))


def test_a_device_that_answers_no_query_says_nothing_of_its_objects(device: Device) -> None:
    done = device.load(device.plan("store", count=4, associations=1))
    closed = Finds(Device(1, Path()).target(), done.acknowledged.uid_root)
    with pytest.raises(WayError):
        closed.holds(0, done.acknowledged.uids(0), whole=True)
    seen = verify(done.acknowledged, [closed], [], cancelled=NEVER)
    assert (seen.acknowledged, seen.looked_for, seen.how) == (4, 0, ())
