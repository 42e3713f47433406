"""The sink of the load benchmarks, judged by others: against a wrong one no figure is worth it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID
from pynetdicom import AE, build_context
from pynetdicom.sop_class import CTImageStorage, Verification  # type: ignore[attr-defined]

from simulators import wire
from tests.bench import sink
from tests.bench.sink import Sink

pytestmark = pytest.mark.skipif(sink.compiler() is None, reason=sink.MISSING)

DEFLATED = "1.2.840.10008.1.2.1.99"
"""Not a transfer syntax that the sink takes."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sink.compiled(tmp_path_factory.mktemp("sink"))


@pytest.fixture
def running(program: Path) -> Iterator[Sink]:
    with sink.listening(program) as one:
        yield one


def _image(number: int) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(wire.uids.EXPLICIT_LE)
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = f"1.2.3.{number}"
    dataset.PixelData = bytes(40_000)
    dataset["PixelData"].VR = "OW"
    return dataset


def test_an_independent_client_is_served_and_counted(running: Sink) -> None:
    contexts = [
        build_context(Verification),
        build_context(CTImageStorage, wire.uids.EXPLICIT_LE),
        build_context(CTImageStorage, DEFLATED),
    ]
    association = AE("JUDGE").associate("127.0.0.1", running.port, contexts)
    assert association.is_established
    assert [context.transfer_syntax for context in association.accepted_contexts] == [
        [wire.uids.IMPLICIT_LE], [wire.uids.EXPLICIT_LE],
    ]  # fmt: skip
    assert len(association.rejected_contexts) == 1
    assert association.send_c_echo().Status == 0
    assert [association.send_c_store(_image(number)).Status for number in range(3)] == [0, 0, 0]
    association.release()
    assert association.is_released
    counts = running.counts()
    assert (counts.associations, counts.released, counts.echoes, counts.stores) == (1, 1, 1, 3)
    assert counts.octets > 3 * 40_000
    assert counts.last_s > counts.first_s > 0
    assert running.counts().last_s == 0


def _request(*user_items: wire.ItemLike) -> bytes:
    context = wire.Context(5, wire.uids.VERIFICATION, (wire.uids.IMPLICIT_LE,))
    return wire.encode(wire.associate_rq("ANY-SCP", "JUDGE", [context], user_items=user_items))


def _received(peer: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        more = peer.recv(length - len(found))
        assert more, f"the sink hung up after {found.hex()}"
        found += more
    return found


def _one_pdu(peer: socket.socket) -> object:
    head = _received(peer, 6)
    return wire.decode(head + _received(peer, int.from_bytes(head[2:], "big")))


def _answered(peer: socket.socket) -> wire.Command:
    pdu = _one_pdu(peer)
    assert isinstance(pdu, wire.PDataTF)
    (value,) = pdu.pdvs
    assert isinstance(value, wire.PDV)
    assert (value.context_id, value.command, value.last) == (5, True, True)
    return wire.decode_command(value.data)


def test_cuts_between_segments_do_not_matter(running: Sink) -> None:
    command = wire.c_store_rq(wire.uids.CT_IMAGE_STORAGE, "1.2.3.4.5", 77)
    request = b"".join(wire.encode(pdu) for pdu in wire.p_data(5, command, bytes(300), 100))
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in _request():
            peer.sendall(bytes((octet,)))
        accepted = _one_pdu(peer)
        assert isinstance(accepted, wire.AssociateAC)
        assert wire.accepted_contexts(accepted) == {5: wire.uids.IMPLICIT_LE}
        for octet in request:
            peer.sendall(bytes((octet,)))
        response = _answered(peer)
        told = [response.integer(name) for name in ("MessageIDBeingRespondedTo", "Status")]
        assert told == [77, 0]
        assert response["AffectedSOPInstanceUID"] == "1.2.3.4.5"
        peer.sendall(request * 3)
        for _ in range(3):
            assert _answered(peer).integer("Status") == 0
        counts = running.counts()
    assert (counts.stores, counts.octets) == (4, 1200)


def test_an_abort_is_counted_and_what_is_no_dicom_is_hung_up_on(running: Sink) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as peer:
        peer.sendall(_request())
        assert isinstance(_one_pdu(peer), wire.AssociateAC)
        peer.sendall(wire.encode(wire.Abort()))
        assert peer.recv(1) == b""
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as peer:
        peer.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert peer.recv(1) == b""
    counts = running.counts()
    assert (counts.aborted, counts.lost, counts.unused, counts.open) == (1, 1, 2, 0)
    assert counts.most_open == 1


@pytest.mark.parametrize("max_pdu", [16_384, 131_072, 0])
def test_it_announces_its_limit_and_grants_the_window_asked_for(
    program: Path, max_pdu: int
) -> None:
    window = wire.AsyncWindow(invoked=16)
    with (
        sink.listening(program, max_pdu) as one,
        socket.create_connection(("127.0.0.1", one.port), timeout=10) as peer,
    ):
        peer.sendall(_request(window))
        accepted = _one_pdu(peer)
    assert isinstance(accepted, wire.AssociateAC)
    assert wire.max_length_of(accepted) == max_pdu
    assert window in wire.user_items_of(accepted)


def test_other_commands_are_not_recognised(running: Sink) -> None:
    query = wire.c_find_rq(wire.uids.VERIFICATION)
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as peer:
        peer.sendall(_request())
        assert isinstance(_one_pdu(peer), wire.AssociateAC)
        for pdu in wire.p_data(5, query, bytes(8)):
            peer.sendall(wire.encode(pdu))
        assert _answered(peer).integer("Status") == 0x0211
    assert running.counts().others == 1


def test_the_end_of_its_input_ends_it(program: Path) -> None:
    with sink.listening(program) as one:
        assert Path(f"/proc/{one.pid}").exists()
    assert not Path(f"/proc/{one.pid}").exists()
