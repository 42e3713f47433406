"""Names of fixed width, and marks that tell the same story."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from simulators.load import naming

LANES = st.integers(0, 64 * naming.LANES_PER_WORKER - 1)
NUMBERS = st.integers(0, naming.MOST_NUMBERS - 1)
ROOTS = st.integers(0, 2**128).map(naming.uid_root)


@given(ROOTS, LANES, NUMBERS)
def test_uids_are_valid_and_of_one_even_length(root: str, lane: int, number: int) -> None:
    name = naming.sop_instance_uid(root, lane, number)
    others = (naming.study_uid(root, lane), naming.series_uid(root, lane))
    assert len(root) <= naming.LONGEST_ROOT
    assert len(name) == len(naming.sop_instance_uid(root, 0, 0)) <= 64
    assert len(name) % 2 == 0
    assert all(UID(each).is_valid for each in (name, *others))
    assert naming.transaction_uid(root, lane, number) not in (name, *others)


@given(ROOTS, LANES, NUMBERS)
def test_name_and_mark_tell_the_same(root: str, lane: int, number: int) -> None:
    mark = naming.content_mark(lane, number)
    name = naming.sop_instance_uid(root, lane, number)
    assert len(mark) == naming.MARK_OCTETS
    assert naming.mark_of(name) == mark
    assert naming.place_of(name) == naming.read_mark(mark + b"pixels") == (lane, number)


@given(st.tuples(LANES, NUMBERS), st.tuples(LANES, NUMBERS))
def test_two_objects_never_share_a_name(one: tuple[int, int], other: tuple[int, int]) -> None:
    names = {naming.sop_instance_uid("2.25.7", *one), naming.sop_instance_uid("2.25.7", *other)}
    assert len(names) == len({one, other})


@pytest.mark.parametrize(
    "uid", ["", "1", "1.2.840.10008.1.1", "2.25.1.100000.12345", "x.y", "1.٣.4"]
)
def test_foreign_names_have_no_place(uid: str) -> None:
    assert naming.place_of(uid) is None
    assert naming.mark_of(uid) == b""


@pytest.mark.parametrize("octets", [b"", b"1" * 15, b"0" * 16, b"1" * 6 + b"0" * 10, bytes(16)])
def test_other_octets_are_no_mark(octets: bytes) -> None:
    assert naming.read_mark(octets) is None


def test_lanes_of_workers_do_not_meet() -> None:
    lanes = {naming.lane_of(worker, n) for worker in range(64) for n in (0, 1, 4095)}
    assert len(lanes) == 64 * 3
    assert len(naming.study_uid("1", max(lanes))) == len(naming.study_uid("1", 0))


@pytest.mark.parametrize(("worker", "association"), [(0, 4096), (0, -1), (-1, 0)])
def test_there_are_no_other_lanes(worker: int, association: int) -> None:
    with pytest.raises(ValueError, match="no association"):
        naming.lane_of(worker, association)


def test_what_would_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="no lane"):
        naming.study_uid("1", naming.MOST_LANES)
    with pytest.raises(ValueError, match="no object number"):
        naming.digits(naming.MOST_NUMBERS)
