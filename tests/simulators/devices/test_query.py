"""Study Root queries: levels, the numbers that are asked for, limits; and pipelined requests."""

import io
from collections.abc import Iterator

import pydicom
import pytest

from simulators import wire
from simulators.wire import uids
from simulators.wire.messages import c_echo_rq, c_find_rq, c_store_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.peer import UID, Peer, associated, dataset, request
from tests.simulators.devices.running import Running, reference


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with reference(tmp_path_factory.mktemp("query"), "--idle", "5") as running:
        with associated(running.port) as peer:
            for number, study in enumerate(("1.2.3", "1.2.3", "1.2.3", "1.2.4"), 1):
                uid = f"{UID}.{number}"
                data = dataset(uid, study=study)
                if number == 3:
                    data = data.replace(b"1.2.3.4.5\0", b"1.2.3.4.6\0")
                assert peer.store(data, uid) == "RESPONDED 0000"
        yield running


def found(it: Running, level: str, **keys: str) -> list[pydicom.Dataset]:
    """Return the identifiers of all matches."""
    identifier = pydicom.Dataset()
    identifier.QueryRetrieveLevel = level
    for keyword, value in keys.items():
        setattr(identifier, keyword, value)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, identifier, implicit_vr=False, little_endian=True)
    matches = []
    with associated(it.port) as peer:
        peer.send(*p_data(5, c_find_rq(), buffer.getvalue()))
        while peer.hear() == "RESPONDED FF00":
            assert peer.last is not None
            assert peer.last.dataset is not None
            matches.append(read(peer.last.dataset))
    return matches


def read(data: bytes) -> pydicom.Dataset:
    syntax = uids.EXPLICIT_LE.encode() + b"\0"
    meta = b"\2\0\x10\0UI" + len(syntax).to_bytes(2, "little") + syntax
    return pydicom.dcmread(io.BytesIO(bytes(128) + b"DICM" + meta + data))


def test_studies_are_counted(device: Running) -> None:
    counts = {
        match.StudyInstanceUID: (
            match.NumberOfStudyRelatedSeries,
            match.NumberOfStudyRelatedInstances,
        )
        for match in found(
            device,
            "STUDY",
            StudyInstanceUID="",
            NumberOfStudyRelatedSeries="",
            NumberOfStudyRelatedInstances="",
        )
    }
    assert counts == {"1.2.3": (2, 3), "1.2.4": (1, 1)}


def test_series_are_counted(device: Running) -> None:
    matches = found(
        device,
        "SERIES",
        StudyInstanceUID="1.2.3",
        SeriesInstanceUID="",
        NumberOfSeriesRelatedInstances="",
    )
    counts = {m.SeriesInstanceUID: m.NumberOfSeriesRelatedInstances for m in matches}
    assert counts == {"1.2.3.4.5": 2, "1.2.3.4.6": 1}


def test_a_count_that_was_not_asked_for_is_not_returned(device: Running) -> None:
    (match,) = found(device, "STUDY", StudyInstanceUID="1.2.4")
    assert "NumberOfStudyRelatedInstances" not in match


def test_images_of_a_series_are_listed(device: Running) -> None:
    matches = found(device, "IMAGE", SeriesInstanceUID="1.2.3.4.6", SOPInstanceUID="")
    assert [match.SOPInstanceUID for match in matches] == [f"{UID}.3"]


@pytest.mark.parametrize(
    ("asked", "told"), [((1, 1), (1, 1)), ((9, 9), (9, 1)), ((0, 0), (64, 1)), ((500, 2), (64, 1))]
)
def test_window_is_answered_by_what_the_device_takes(
    asked: tuple[int, int], told: tuple[int, int], device: Running
) -> None:
    item = wire.AsyncWindow(invoked=asked[0], performed=asked[1])
    assert answered_window(device, item) == [told]


def test_window_that_nobody_asked_for_is_not_answered(device: Running) -> None:
    assert answered_window(device) == []


def answered_window(it: Running, *items: wire.AsyncWindow) -> list[tuple[int, int]]:
    with associated(it.port, request(user_items=items)) as peer:
        user = next(i for i in peer.accepted.items if isinstance(i, wire.UserInformation))
        windows = [i for i in user.items if isinstance(i, wire.AsyncWindow)]
        return [(window.invoked, window.performed) for window in windows]


def test_a_window_full_of_requests_is_answered_in_order(device: Running) -> None:
    with associated(device.port, request(user_items=(wire.AsyncWindow(invoked=64),))) as peer:
        for number in range(1, 65):
            if number % 2:
                peer.send(*p_data(1, c_echo_rq(number)))
            else:
                asked = c_store_rq(uids.CT_IMAGE_STORAGE, f"{UID}.5{number}", number)
                peer.send(*p_data(3, asked, dataset(f"{UID}.5{number}", study="1.2.5")))
        assert [answered(peer) for _ in range(64)] == list(range(1, 65))


def answered(peer: Peer) -> int | None:
    assert peer.hear() == "RESPONDED 0000"
    assert peer.last is not None
    return peer.last.command.integer("MessageIDBeingRespondedTo")
