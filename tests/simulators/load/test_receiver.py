"""Our destination of C-MOVE: it takes what honest peers send, and little of all others."""

from __future__ import annotations

import contextlib
import io
import socket
import time
from collections.abc import Callable, Iterator

import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association

from harness.errors import BenchError
from simulators import wire
from simulators.load import naming, objects
from simulators.load.arrivals import Arrivals, Told
from simulators.load.errands import PLAIN
from simulators.load.receiver import LONGEST_PDU, Receiver, Room, here
from simulators.process import free_port
from simulators.wire import uids

ROOT = naming.uid_root(10**31)
MADE = objects.make(PLAIN, 2048, ROOT, 0, 1)
NAMES = [naming.sop_instance_uid(ROOT, 0, number) for number in range(3)]
LOOPBACK = Room(networks=("127.0.0.0/8",), idle_s=5.0)
PATIENCE_S = 5.0


def content(name: str) -> pydicom.Dataset:
    """The object of ours with that name."""
    found = pydicom.dcmread(io.BytesIO(bytes(MADE.dataset)), force=True)
    found.file_meta = FileMetaDataset()
    found.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    found.SOPInstanceUID = name
    found.PixelData = naming.mark_of(name) + found.PixelData[naming.MARK_OCTETS :]
    return found


@contextlib.contextmanager
def receiving(
    room: Room = LOOPBACK, on_full: Callable[[], None] = lambda: None
) -> Iterator[Receiver]:
    with Receiver("127.0.0.1", 0, Arrivals(NAMES), room, on_full) as receiver:
        yield receiver


def called(port: int) -> Association:
    entity = AE("DEVICE")
    entity.acse_timeout = entity.dimse_timeout = PATIENCE_S
    entity.add_requested_context(uids.VERIFICATION)
    entity.add_requested_context(uids.SECONDARY_CAPTURE, ExplicitVRLittleEndian)
    return entity.associate("127.0.0.1", port, ae_title="DEST")


def until(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not (so := is_so()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return so


def raw(port: int, *data: bytes) -> bytes:
    """What it says to octets of ours until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as sock:
        for each in data:
            sock.sendall(each)
        heard = b""
        with contextlib.suppress(ConnectionResetError):
            while more := sock.recv(4096):
                heard += more
        return heard


def request() -> bytes:
    context = wire.Context(1, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,))
    return wire.encode(wire.associate_rq("DEST", "DEVICE", (context,)))


def p_data(*args: object, **more: object) -> bytes:
    return b"".join(wire.encode(pdu) for pdu in wire.p_data(*args, **more))  # type: ignore[arg-type]


def test_an_independent_sender_is_served_and_counted() -> None:
    with receiving() as receiver:
        device = called(receiver.port)
        assert device.is_established
        assert device.send_c_echo().Status == 0
        assert [device.send_c_store(content(name)).Status for name in NAMES] == [0, 0, 0]
        device.release()
        assert device.is_released
        seen = receiver.arrivals.moved(Told(asked=dict.fromkeys(NAMES, 1)))
    assert (seen.arrived, seen.mixed_up, seen.unasked) == (3, 0, 0)


def test_another_object_is_a_stranger_and_a_wrong_content_is_seen() -> None:
    with receiving() as receiver:
        device = called(receiver.port)
        wrong = content(NAMES[0])
        wrong.PixelData = naming.mark_of(NAMES[1]) + wrong.PixelData[naming.MARK_OCTETS :]
        for each in (wrong, content("1.2.3")):
            assert device.send_c_store(each).Status == 0
        device.release()
        seen = receiver.arrivals.moved(Told(asked={NAMES[0]: 1}))
    assert (seen.arrived, seen.mixed_up, seen.unasked) == (1, 1, 1)
    assert seen.examples == (NAMES[0], "1.2.3")


def test_many_objects_arrive_on_several_associations_at_a_time() -> None:
    with receiving() as receiver:
        devices = [called(receiver.port) for _ in range(4)]
        for name in NAMES * 5:
            for device in devices:
                assert device.send_c_store(content(name)).Status == 0
        for device in devices:
            device.release()
        assert receiver.arrivals.moved(Told()).arrived == 60


def test_a_caller_from_elsewhere_is_not_answered() -> None:
    with receiving(Room(networks=("10.0.0.0/8", "2001:db8::/32"))) as receiver:
        assert raw(receiver.port) == b""


def test_beyond_its_connections_it_says_that_it_is_the_limit() -> None:
    with receiving(Room(networks=LOOPBACK.networks, connections=1)) as receiver:
        device = called(receiver.port)
        assert raw(receiver.port) == b""
        assert device.send_c_echo().Status == 0
        device.release()
        assert receiver.arrivals.turned_away == 1
        assert until(lambda: called(receiver.port).is_established)


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        p_data(1, wire.c_echo_rq()),
        request() + request(),
        request() + b"\x04\x00" + (LONGEST_PDU + 1).to_bytes(4, "big"),
        request() + p_data(1, wire.c_find_rq(), b"x"),
        request() + p_data(3, wire.c_store_rq(uids.SECONDARY_CAPTURE, NAMES[0]), b"x"),
        request() + p_data(1, wire.c_store_rq(uids.SECONDARY_CAPTURE, NAMES[0]), b"x" * 5000),
    ],
    ids=["http", "early", "twice", "long", "find", "context", "large"],
)  # fmt: skip
def test_what_is_no_sending_of_an_object_is_aborted(data: bytes) -> None:
    with receiving(Room(networks=LOOPBACK.networks, message=4096)) as receiver:
        heard = raw(receiver.port, data)
        assert heard[-10:] == wire.encode(wire.Abort(source=2, reason=6))
        assert receiver.arrivals.octets == 0
        assert called(receiver.port).is_established


def test_a_silent_caller_is_left_after_a_while() -> None:
    with receiving(Room(networks=LOOPBACK.networks, idle_s=0.1)) as receiver:
        assert raw(receiver.port, b"\x01") == b""


def test_when_it_is_full_it_says_so_once_and_then_ends() -> None:
    told: list[int] = []
    room = Room(networks=LOOPBACK.networks, octets=5000)
    with receiving(room, lambda: told.append(1)) as receiver:
        device = called(receiver.port)
        served = 0
        while device.is_established and served < 20:
            answer = device.send_c_store(content(NAMES[0]))
            served += 1 if "Status" in answer else 0
            time.sleep(0.02)  # until an abort has arrived
        assert told == [1]
        assert served < 8


def test_whoever_waits_for_stragglers_sees_them_come_or_gives_up() -> None:
    with receiving() as receiver:
        arrivals = receiver.arrivals
        begin = time.monotonic()
        receiver.settle(lambda: arrivals.octets > 0, 0.2)
        assert 0.15 < time.monotonic() - begin < 2.0
        arrivals.note("1.2", b"x")
        receiver.settle(lambda: arrivals.octets > 0, 60.0)
        assert time.monotonic() - begin < 10.0


def test_a_port_that_is_taken_names_key_and_flag() -> None:
    with receiving() as receiver:
        with pytest.raises(BenchError) as told:
            Receiver("127.0.0.1", receiver.port, Arrivals([]), LOOPBACK)
        for word in ("load.move_port", "--destination-port", str(receiver.port)):
            assert word in str(told.value)


def test_it_leaves_nothing_open() -> None:
    port = free_port()
    with Receiver("127.0.0.1", port, Arrivals([]), LOOPBACK):
        device = called(port)
        assert device.is_established
    assert until(lambda: not device.is_established)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), PATIENCE_S)


def test_a_device_here_is_met_here() -> None:
    assert here("127.0.0.1", 104) == "127.0.0.1"
