"""A link against an independent implementation: what arrives is what the naming says."""

import io
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
import trustme
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from simulators import wire
from simulators.load import naming, waiting
from simulators.load.encoded import (
    prepare_commit,
    prepare_echo,
    prepare_find,
    prepare_get,
    prepare_store,
)
from simulators.load.link import Link
from simulators.load.plan import Target
from simulators.load.waiting import LinkError
from simulators.wire import uids
from tests.simulators.load.devices import CONTEXTS, Archive, archive
from tests.simulators.load.peers import unused_port
from tests.simulators.load.test_encoded import dataset

ROOT = naming.uid_root(2**119)
LANE = 4711


@pytest.fixture
def served() -> Iterator[tuple[Archive, Target]]:
    with archive() as found:
        yield found


def linked(target: Target) -> Link:
    link = Link(target, "ASSAY", CONTEXTS, timeout_s=10.0, receives=(uids.SECONDARY_CAPTURE,))
    link.open()
    assert set(link.accepted) == {context.id for context in CONTEXTS}
    return link


def store(link: Link, pixels: int, numbers: range) -> tuple[bytes, list[int]]:
    raw = dataset(pixels)
    prepared = prepare_store(
        3, uids.SECONDARY_CAPTURE, raw, uid_root=ROOT, lane=LANE, max_pdu=link.max_pdu
    )
    return raw, [link.perform(prepared, number) for number in numbers]


def expected(raw: bytes, number: int) -> bytes:
    """The data set as an independent encoder writes it with the names of one object."""
    made = pydicom.dcmread(io.BytesIO(raw), force=True)
    made.SOPInstanceUID = naming.sop_instance_uid(ROOT, LANE, number)
    made.StudyInstanceUID = naming.study_uid(ROOT, LANE)
    made.SeriesInstanceUID = naming.series_uid(ROOT, LANE)
    made.PixelData = naming.content_mark(LANE, number) + made.PixelData[16:]
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, made)
    return bytes(buffer.getvalue())


def test_echoes(served: tuple[Archive, Target]) -> None:
    link = linked(served[1])
    echo = prepare_echo(1)
    assert [link.perform(echo, number) for number in range(5)] == [0] * 5
    link.release()
    assert not link.is_open


@pytest.mark.parametrize("pixels", [300, 20_000, 500_000])
def test_what_arrives_is_byte_for_byte_what_was_named(
    served: tuple[Archive, Target], pixels: int
) -> None:
    link = linked(served[1])
    raw, statuses = store(link, pixels, range(5, 9))
    link.release()
    assert statuses == [0] * 4
    assert served[0].kept == [
        (naming.sop_instance_uid(ROOT, LANE, number), expected(raw, number))
        for number in range(5, 9)
    ]


def test_a_link_may_be_opened_again(served: tuple[Archive, Target]) -> None:
    link = Link(served[1], "ASSAY", CONTEXTS, timeout_s=10.0)
    echo = prepare_echo(1)
    for _ in range(3):
        link.open()
        assert link.perform(echo, 0) == 0
        link.release()


def test_a_failure_is_its_status_and_the_association_goes_on(
    served: tuple[Archive, Target],
) -> None:
    link = linked(served[1])
    assert store(link, 300, range(2))[1] == [0, 0]
    served[0].status = 0xA700
    assert store(link, 300, range(2, 4))[1] == [0xA700] * 2
    served[0].status = 0x0000
    assert store(link, 300, range(4, 6))[1] == [0, 0]
    link.release()


def test_finds_and_fetches_what_was_stored(served: tuple[Archive, Target]) -> None:
    link = linked(served[1])
    raw, _ = store(link, 20_000, range(3))
    keys = wire.encode_dataset(
        (
            wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
            wire.Element(tag=0x0020000D, vr="UI", value=naming.study_uid(ROOT, LANE)),
        ),
        "explicit",
    )
    found = link.query(prepare_find(5, uids.STUDY_ROOT_FIND, keys, max_pdu=link.max_pdu))
    assert link.status == 0
    assert served[0].asked[0].StudyInstanceUID == naming.study_uid(ROOT, LANE)
    names = [naming.sop_instance_uid(ROOT, LANE, number) for number in range(3)]
    assert [pydicom.dcmread(io.BytesIO(each), force=True).SOPInstanceUID for each in found] == names
    get = prepare_get(7, uids.STUDY_ROOT_GET, keys, max_pdu=link.max_pdu)
    fetched = link.fetch(get)
    assert link.status == 0
    assert fetched == [(name, expected(raw, number)) for number, name in enumerate(names)]
    assert link.perform(get, 0) == 0
    assert store(link, 300, range(9, 10))[1] == [0]
    link.release()


def test_asks_for_commitment(served: tuple[Archive, Target]) -> None:
    link = linked(served[1])
    prepared = prepare_commit(9, [("1.2", "1.2.3")], uid_root=ROOT, lane=1, max_pdu=link.max_pdu)
    assert [link.perform(prepared, number) for number in range(3)] == [0] * 3
    assert [each.TransactionUID for each in served[0].asked] == [
        naming.transaction_uid(ROOT, 1, number) for number in range(3)
    ]
    link.release()


def test_without_a_negotiated_window_one_request_is_in_flight(
    served: tuple[Archive, Target],
) -> None:
    link = Link(served[1], "ASSAY", CONTEXTS, window=8, timeout_s=10.0)
    link.open()
    assert link.window == 1
    assert list(link.pipeline(prepare_echo(1), range(5))) == [(number, 0) for number in range(5)]
    link.release()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return authority, path


@pytest.mark.parametrize(
    ("name", "ending"), [("localhost", ""), ("", ""), ("other.example", waiting.TLS)]
)
def test_tls(authority: tuple[trustme.CA, Path], name: str, ending: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("localhost").configure_cert(context)
    with archive(context) as (kept, target):
        secure = target.model_copy(
            update={"tls": True, "ca": str(authority[1]), "server_name": name}
        )
        link = Link(secure, "ASSAY", CONTEXTS, timeout_s=10.0)
        if ending:
            with pytest.raises(LinkError) as caught:
                link.open()
            assert caught.value.ending == ending
            return
        link.open()
        raw, statuses = store(link, 500_000, range(3))
        link.release()
        assert statuses == [0] * 3
        assert kept.kept[2][1] == expected(raw, 2)


def test_an_unknown_authority_is_refused(authority: tuple[trustme.CA, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with archive(context) as (_, target):
        secure = target.model_copy(update={"tls": True, "ca": str(authority[1])})
        with pytest.raises(LinkError) as caught:
            Link(secure, "ASSAY", CONTEXTS, timeout_s=10.0).open()
        assert caught.value.ending == waiting.TLS
        assert "VERIFY" in caught.value.detail.upper()


def test_our_own_missing_key_is_said_plainly() -> None:
    with archive() as (_, target):
        secure = target.model_copy(update={"tls": True, "cert": "/nowhere.pem"})
        with pytest.raises(LinkError, match="our own key") as caught:
            Link(secure, "ASSAY", CONTEXTS, timeout_s=10.0).open()
    assert caught.value.ending == waiting.TLS


def test_nobody_there_is_refused() -> None:
    link = Link(Target(host="127.0.0.1", port=unused_port()), "ASSAY", CONTEXTS, timeout_s=2.0)
    with pytest.raises(LinkError) as caught:
        link.open()
    assert caught.value.ending == waiting.REFUSED
    assert not link.is_open


def test_a_link_that_is_not_open_says_so() -> None:
    link = Link(Target(host="127.0.0.1", port=1), "ASSAY", CONTEXTS)
    for act in (
        lambda: link.perform(prepare_echo(1), 0),
        lambda: link.query(prepare_find(1, "1.2", b"")),
        link.release,
    ):
        with pytest.raises(LinkError, match="not open"):
            act()
    link.abort()
    link.close()


def test_many_threads_each_have_their_link(served: tuple[Archive, Target]) -> None:
    answers: list[int] = []

    def work(lane: int) -> None:
        link = Link(served[1], "ASSAY", CONTEXTS, timeout_s=10.0)
        link.open()
        prepared = prepare_store(
            3, uids.SECONDARY_CAPTURE, RAW, uid_root=ROOT, lane=lane, max_pdu=link.max_pdu
        )
        answers.extend(link.perform(prepared, number) for number in range(10))
        link.release()

    threads = [threading.Thread(target=work, args=(lane,)) for lane in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [0] * 40
    assert {name for name, _ in served[0].kept} == {
        naming.sop_instance_uid(ROOT, lane, number) for lane in range(4) for number in range(10)
    }
    for name, octets in served[0].kept:
        assert naming.mark_of(name) in octets


RAW = dataset(2_000)
