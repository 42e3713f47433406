"""A device that sends on and on takes neither our time nor our memory."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.loading import Progress
from simulators import wire
from simulators.load import listener, waiting
from simulators.load.acknowledged import Acknowledged
from simulators.load.archive import Finds, ended_by
from simulators.load.encoded import prepare_find, prepare_get
from simulators.load.link import Link
from simulators.load.member import UNFINISHED
from simulators.load.plan import Target
from simulators.load.verify import verify
from simulators.load.waiting import LinkError
from simulators.wire import uids
from tests.simulators.load.peers import serving
from tests.simulators.load.test_drive import ROOT, Watcher, driven, plan_of
from tests.simulators.load.test_link_hostile import Device, answer, device, opened, stored

OFTEN_S = 0.05
PATIENCE_S = 1.0
FIND = wire.Context(1, uids.STUDY_ROOT_FIND, (uids.EXPLICIT_LE,))

FRAGMENT = wire.PDataTF(pdvs=(wire.PDV(context_id=3, data=b"\0\0", command=True, last=False),))
ECHO = wire.p_data(3, wire.c_echo_rq(7))[0]


def again(peer: Device, pdu: wire.PDU) -> bytes:
    """Sends a PDU again and again, until nobody listens any more."""
    gone = threading.Event()

    def listen() -> None:
        while peer.socket.recv(65_536):
            continue
        gone.set()

    peer.socket.settimeout(20 * PATIENCE_S)
    threading.Thread(target=listen, daemon=True).start()
    while not gone.wait(OFTEN_S):
        peer.socket.sendall(wire.encode(pdu))
    return b""


@pytest.mark.parametrize("pdu", [FRAGMENT, ECHO], ids=["fragments", "requests"])
def test_who_talks_and_does_not_answer_is_late(pdu: wire.PDU) -> None:
    with serving(device(lambda peer, _: again(peer, pdu))) as port:
        link, began = opened(port, timeout_s=PATIENCE_S), time.monotonic()
        with pytest.raises(LinkError) as ended:
            link.perform(stored(link), 0)
    assert ended.value.ending == waiting.TIMEOUT
    assert PATIENCE_S <= time.monotonic() - began < 3 * PATIENCE_S
    assert not link.is_open


def test_who_talks_and_does_not_release_is_left() -> None:
    def serve(connection: socket.socket) -> None:
        peer = Device(connection)
        peer.accept()
        peer.pdu()
        again(peer, FRAGMENT)

    with serving(serve) as port:
        link, began = opened(port, timeout_s=PATIENCE_S), time.monotonic()
        with pytest.raises(LinkError) as ended:
            link.release()
    assert ended.value.ending == waiting.TIMEOUT
    assert time.monotonic() - began < 3 * PATIENCE_S
    assert not link.is_open


def test_endless_matches_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_KEPT", 100_000)
    sent = itertools.count()

    def flood(peer: Device, message: wire.Message) -> bytes:
        number = message.command.integer("MessageID") or 0
        match = wire.c_find_rsp(uids.STUDY_ROOT_FIND, number, 0xFF00, has_data=True)
        pdus = b"".join(wire.encode(pdu) for pdu in wire.p_data(1, match, bytes(1000)))
        while next(sent) < 10_000:
            peer.socket.sendall(pdus)
        return b""

    with serving(device(flood)) as port:
        link = found_by(port)
        with pytest.raises(LinkError) as ended:
            link.query(prepare_find(1, uids.STUDY_ROOT_FIND, b"", max_pdu=0))
    assert ended.value.ending == waiting.INVALID
    assert "100000 octets" in ended.value.detail
    assert next(sent) < 10_000, "it was not read to its end"


def test_of_an_object_only_what_is_wanted_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_KEPT", 100_000)

    def give(peer: Device, message: wire.Message) -> bytes:
        for number in range(20):
            command = wire.c_store_rq(uids.SECONDARY_CAPTURE, f"1.2.{number}", number)
            for pdu in wire.p_data(3, command, bytes([number]) * 10_000):
                peer.socket.sendall(wire.encode(pdu))
            assert peer.message() is not None
        return answer(message)

    with serving(device(give)) as port:
        link = opened(port)
        get = prepare_get(5, uids.STUDY_ROOT_GET, b"")
        fetched = link.fetch(get, read=lambda name, octets: octets[:2])
        link.release()
    assert fetched == [(f"1.2.{number}", bytes([number]) * 2) for number in range(20)]


def found_by(port: int) -> Link:
    link = Link(Target(host="127.0.0.1", port=port), "ASSAY", (FIND,), timeout_s=5.0)
    link.open()
    return link


@pytest.fixture
def pending() -> Iterator[int]:
    """The port of a device that says "pending" to every query, for ever."""

    def pends(peer: Device, message: wire.Message) -> bytes:
        number = message.command.integer("MessageID") or 0
        response = wire.c_find_rsp(uids.STUDY_ROOT_FIND, number, 0xFF00, has_data=False)
        return again(peer, wire.p_data(message.context_id, response)[0])

    with serving(device(pends)) as port:
        yield port


@pytest.mark.parametrize("count", [None, 1])
def test_a_load_that_waits_as_one_ends_in_time(
    pending: int, tmp_path: Path, count: int | None
) -> None:
    plan = plan_of(
        pending, "find", associations=1, count=count, duration_s=None if count else PATIENCE_S
    ).model_copy(update={"timeout_s": PATIENCE_S})
    began = time.monotonic()
    measured = driven(plan, tmp_path).measurement
    assert time.monotonic() - began < 20
    assert (measured.count, measured.errors) == (0, 1)
    assert measured.endings == {UNFINISHED: 1}


def test_a_look_for_objects_that_does_not_end_is_ended(pending: int) -> None:
    cancelled = threading.Event()
    finds = Finds(Target(host="127.0.0.1", port=pending), ROOT)
    timer = threading.Timer(PATIENCE_S, cancelled.set)
    timer.start()
    began = time.monotonic()
    with ended_by(cancelled, [finds]):
        seen = verify(Acknowledged(ROOT, {0: (range(2),)}), [finds], [], cancelled=cancelled)
    assert cancelled.is_set()
    assert time.monotonic() - began < 5 * PATIENCE_S
    assert (seen.acknowledged, seen.looked_for, seen.lost) == (2, 0, 0)


class Impatient(Watcher):
    """Interrupts when it hears that the load has begun."""

    def __call__(self, progress: Progress) -> None:
        super().__call__(progress)
        self.act()


def test_whom_we_leave_before_the_time_is_up_has_not_failed(pending: int, tmp_path: Path) -> None:
    plan = plan_of(pending, "find", associations=1, duration_s=600)
    done = driven(plan, tmp_path, Impatient()).measurement
    assert (done.complete, done.why) == (False, "interrupted")
    assert (done.count, done.errors, done.endings) == (0, 0, {})
