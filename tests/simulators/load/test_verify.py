"""Objects that are lost, doubled or mixed up are told from those that are where they belong."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

from simulators.load import naming
from simulators.load.acknowledged import Acknowledged, ranges
from simulators.load.kept_files import KeptFiles
from simulators.load.verify import WayError, chunks, verify

ROOT = naming.uid_root(7)
NEVER = threading.Event()
OWED = Acknowledged(ROOT, {0: (range(0, 30),), 1: (range(0, 10), range(20, 30))})


def uid(lane: int, number: int) -> str:
    return naming.sop_instance_uid(ROOT, lane, number)


class Archive:
    """Holds names, and the content under each; may answer badly in chosen ways."""

    name = "C-FIND"

    def __init__(self, owed: Acknowledged) -> None:
        names = [one for lane in owed.lanes for one in owed.uids(lane)]
        self.named = Counter(names)
        self.marks = {one: naming.mark_of(one) for one in names}
        self.asked = 0
        self.silent_for = 0
        self.closed_from = 10**9

    def holds(self, lane: int, names: Mapping[str, int], *, whole: bool) -> Counter[str]:
        self._ask()
        assert whole is True
        return Counter() if self.asked <= self.silent_for else Counter(self.named)

    def contents(
        self, lane: int, names: Sequence[str], *, whole: bool
    ) -> Iterable[tuple[str, bytes]]:
        self._ask()
        return [(one, self.marks[one]) for one in names for _ in range(self.named[one])]

    def _ask(self) -> None:
        self.asked += 1
        if self.asked >= self.closed_from:
            raise WayError("closed")


def test_all_is_found_where_all_is_there() -> None:
    archive = Archive(OWED)
    found = verify(OWED, [archive], [archive], cancelled=NEVER)
    assert (found.acknowledged, found.looked_for, found.found, found.compared) == (50, 50, 50, 50)
    assert (found.lost, found.duplicated, found.mixed_up, found.examples) == (0, 0, 0, ())
    assert found.how == ("C-FIND",)


def test_what_is_not_listed_is_lost() -> None:
    archive = Archive(OWED)
    del archive.named[uid(1, 25)]
    found = verify(OWED, [archive], [], cancelled=NEVER, patience_s=0)
    assert (found.looked_for, found.found, found.lost) == (50, 49, 1)
    assert found.examples == (uid(1, 25),)


def test_what_is_listed_and_not_given_back_is_lost() -> None:
    whole, torn = Archive(OWED), Archive(OWED)
    del torn.named[uid(0, 3)]
    found = verify(OWED, [whole], [torn], cancelled=NEVER)
    assert (found.looked_for, found.lost, found.examples) == (50, 1, (uid(0, 3),))


def test_what_is_listed_twice_is_duplicated() -> None:
    archive = Archive(OWED)
    archive.named[uid(0, 0)] = 2
    found = verify(OWED, [archive], [], cancelled=NEVER)
    assert (found.found, found.lost, found.duplicated) == (50, 0, 1)


def test_what_has_the_content_of_another_is_mixed_up() -> None:
    archive = Archive(OWED)
    archive.marks[uid(0, 5)] = naming.content_mark(0, 4)
    archive.marks[uid(1, 5)] = naming.content_mark(0, 5)
    found = verify(OWED, [], [archive], cancelled=NEVER)
    assert (found.looked_for, found.found, found.mixed_up) == (50, 50, 2)
    assert found.examples == (uid(0, 5), uid(1, 5))


def test_an_archive_that_indexes_later_is_waited_for() -> None:
    archive = Archive(OWED)
    archive.silent_for = 2
    found = verify(OWED, [archive], [], cancelled=NEVER, patience_s=20)
    assert (found.lost, found.found) == (0, 50)
    assert archive.asked == 4


def test_a_way_that_is_closed_says_nothing() -> None:
    archive = Archive(OWED)
    archive.closed_from = 1
    found = verify(OWED, [archive], [archive], cancelled=NEVER)
    assert (found.acknowledged, found.looked_for, found.how) == (50, 0, ())
    assert (found.lost, found.found, found.compared) == (0, 0, 0)


def test_a_way_that_closes_midway_counts_for_what_it_said() -> None:
    archive = Archive(OWED)
    archive.closed_from = 2
    found = verify(OWED, [archive], [], cancelled=NEVER)
    assert (found.looked_for, found.found, found.how) == (30, 30, ("C-FIND",))


def test_a_cancelled_look_covers_what_was_done() -> None:
    cancelled = threading.Event()
    cancelled.set()
    found = verify(OWED, [Archive(OWED)], [Archive(OWED)], cancelled=cancelled)
    assert (found.looked_for, found.how) == (0, ())


def test_of_many_objects_a_sample_is_fetched() -> None:
    archive = Archive(OWED)
    found = verify(OWED, [archive], [archive], cancelled=NEVER, most_compared=10)
    assert found.looked_for == 50
    assert 10 <= found.compared <= 13


def test_nothing_acknowledged_is_nothing_to_look_for() -> None:
    archive = Archive(OWED)
    found = verify(Acknowledged(ROOT, {}), [archive], [archive], cancelled=NEVER)
    assert (found.acknowledged, archive.asked) == (0, 0)


@given(st.sets(st.integers(0, 300)))
def test_ranges_name_the_same_numbers(numbers: set[int]) -> None:
    parts = ranges(sorted(numbers))
    assert [number for part in parts for number in part] == sorted(numbers)
    assert all(before.stop < after.start for before, after in itertools.pairwise(parts))


@given(st.integers(1, 60))
def test_a_sample_is_part_of_the_whole_and_no_larger_than_asked(most: int) -> None:
    part = OWED.sample(most)
    for lane in OWED.lanes:
        assert set(part.numbers(lane)) <= set(OWED.numbers(lane))
    assert 0 < part.count <= most + sum(map(len, OWED.lanes.values()))


def test_chunks_lose_nothing() -> None:
    assert list(chunks("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]
    assert list(chunks("", 2)) == []


SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian)


def write(path: Path, name: str, mark: bytes, syntax: UID = ExplicitVRLittleEndian) -> None:
    dataset = Dataset()
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.SOPInstanceUID = name
    dataset.Rows = 4
    dataset.PixelData = mark + bytes(64)
    dataset["PixelData"].VR = "OB"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


def stored(folder: Path) -> None:
    for lane in OWED.lanes:
        for name in OWED.uids(lane):
            write(folder / str(lane) / f"{name}.dcm", name, naming.mark_of(name))


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda one: one.keyword)
def test_a_file_tells_name_and_content(tmp_path: Path, syntax: UID) -> None:
    write(tmp_path / "one", uid(0, 1), naming.content_mark(0, 1), syntax)
    kept = KeptFiles(tmp_path)
    assert kept.holds(0, {uid(0, 1): 1, uid(0, 2): 2}, whole=True) == Counter({uid(0, 1): 1})
    assert list(kept.contents(0, [uid(0, 1)], whole=True)) == [
        (uid(0, 1), naming.content_mark(0, 1))
    ]


def test_files_that_are_there_are_found(tmp_path: Path) -> None:
    stored(tmp_path)
    kept = KeptFiles(tmp_path)
    found = verify(OWED, [kept], [kept], cancelled=NEVER)
    assert (found.found, found.lost, found.duplicated, found.mixed_up) == (50, 0, 0, 0)
    assert found.compared == 50


def test_a_missing_a_doubled_and_a_mixed_up_file_are_seen(tmp_path: Path) -> None:
    stored(tmp_path)
    (tmp_path / "0" / f"{uid(0, 7)}.dcm").unlink()
    write(tmp_path / "again", uid(1, 21), naming.content_mark(1, 21))
    write(tmp_path / "1" / f"{uid(1, 3)}.dcm", uid(1, 3), naming.content_mark(1, 2))
    kept = KeptFiles(tmp_path)
    found = verify(OWED, [kept], [kept], cancelled=NEVER, patience_s=0)
    assert (found.lost, found.duplicated, found.mixed_up) == (1, 1, 1)
    assert found.examples == (uid(0, 7), uid(1, 21), uid(1, 3))


def test_a_file_that_comes_later_is_seen(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path)
    wanted = {uid(0, 1): 1}
    write(tmp_path / "one", uid(0, 9), naming.content_mark(0, 9))
    assert not kept.holds(0, wanted, whole=True)
    write(tmp_path / "two", uid(0, 1), naming.content_mark(0, 1))
    assert kept.holds(0, wanted, whole=True) == Counter({uid(0, 1): 1})


def test_what_is_no_object_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "empty").touch()
    (tmp_path / "half").write_bytes(bytes(128) + b"DICM" + b"\x02\x00\x00")
    (tmp_path / "loop").symlink_to(tmp_path)
    write(tmp_path / "one", uid(0, 1), naming.content_mark(0, 1))
    (tmp_path / "link").symlink_to(tmp_path / "one")
    assert KeptFiles(tmp_path).holds(0, {uid(0, 1): 1}, whole=True) == Counter({uid(0, 1): 1})


def test_a_folder_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path / "absent")
    found = verify(OWED, [kept], [kept], cancelled=NEVER)
    assert (found.looked_for, found.how) == (0, ())
