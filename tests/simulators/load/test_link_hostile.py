"""Whatever a device answers, a link tells how it ended, in time, and is closed."""

import socket
import struct
import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators import wire
from simulators.load import naming, waiting
from simulators.load.encoded import Prepared, prepare_echo, prepare_get, prepare_store
from simulators.load.link import Link
from simulators.load.plan import Target
from simulators.load.waiting import LinkError
from simulators.wire import uids
from simulators.wire.dimse import Value
from tests.simulators.load.peers import serving
from tests.simulators.load.test_encoded import dataset

CONTEXTS = (
    wire.Context(1, uids.VERIFICATION),
    wire.Context(3, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,)),
    wire.Context(5, uids.STUDY_ROOT_GET, (uids.EXPLICIT_LE,)),
)
RAW = dataset(300)
ROOT = naming.uid_root(5)

Say = Callable[["Device", wire.Message], bytes]


class Device:
    """One connection of a device that answers as it is told to."""

    def __init__(self, connection: socket.socket, window: int = 1) -> None:
        self.socket = connection
        self._stream = wire.PduBuffer()
        self._assembler = wire.Reassembler()
        self._window = window

    def pdu(self) -> wire.PDU | wire.Unparsed | None:
        """The next PDU; None at the end."""
        while (pdu := self._stream.next()) is None:
            data = self.socket.recv(65_536)
            if not data:
                return None
            self._stream.feed(data)
        return pdu

    def accept(self) -> None:
        """Accepts everything that is proposed."""
        request = self.pdu()
        assert isinstance(request, wire.AssociateRQ)
        answers = {c.id: (0, c.transfer_syntaxes[0]) for c in wire.proposed_contexts(request)}
        more = (wire.AsyncWindow(invoked=self._window, performed=1),) if self._window != 1 else ()
        self.socket.sendall(wire.encode(wire.associate_ac(request, answers, 16_384, more)))

    def message(self) -> wire.Message | None:
        """The next message; None when something else comes."""
        while isinstance(pdu := self.pdu(), wire.PDataTF):
            if messages := self._assembler.feed(pdu):
                return messages[0]
        if isinstance(pdu, wire.ReleaseRQ):
            self.socket.sendall(wire.encode(wire.ReleaseRP()))
        return None


def answer(message: wire.Message, status: int = 0, **changes: Value) -> bytes:
    """An honest response, or one whose elements are changed."""
    command, number = message.command, message.command.integer("MessageID") or 0
    if command["CommandField"] == 0x30:
        response = wire.c_echo_rsp(number, status)
    elif command["CommandField"] == 0x10:
        response = wire.c_get_rsp(uids.STUDY_ROOT_GET, number, status)
    else:
        response = wire.c_store_rsp(
            uids.SECONDARY_CAPTURE, command.text("AffectedSOPInstanceUID") or "", number, status
        )
    for keyword, value in changes.items():
        response = response.replacing(keyword, value)
    return b"".join(wire.encode(pdu) for pdu in wire.p_data(message.context_id, response))


def device(*replies: Say) -> Callable[[socket.socket], None]:
    """Serves with one reply after another, the last of them again and again."""

    def serve(connection: socket.socket) -> None:
        peer = Device(connection)
        peer.accept()
        at = 0
        while (message := peer.message()) is not None:
            connection.sendall(replies[min(at, len(replies) - 1)](peer, message))
            at += 1

    return serve


def honest(_: Device, message: wire.Message) -> bytes:
    return answer(message)


def opened(port: int, timeout_s: float = 5.0, window: int = 1) -> Link:
    target = Target(host="127.0.0.1", port=port)
    link = Link(target, "ASSAY", CONTEXTS, timeout_s=timeout_s, window=window)
    link.open()
    return link


def stored(link: Link) -> Prepared:
    return prepare_store(
        3, uids.SECONDARY_CAPTURE, RAW, uid_root=ROOT, lane=0, max_pdu=link.max_pdu
    )


def resets(peer: Device, _: wire.Message) -> bytes:
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.socket.close()
    return b""


def closes(peer: Device, _: wire.Message) -> bytes:
    peer.socket.shutdown(socket.SHUT_RDWR)
    return b""


def without_status(_: Device, message: wire.Message) -> bytes:
    response = wire.c_store_rsp("1.2", "", message.command.integer("MessageID") or 0)
    return b"".join(wire.encode(p) for p in wire.p_data(3, response.without("Status")))


BAD: dict[str, tuple[Say, str]] = {
    "reset": (resets, waiting.RESET),
    "closed": (closes, waiting.CLOSED),
    "aborted": (lambda _, m: wire.encode(wire.Abort(source=2, reason=1)), waiting.ABORTED),
    "released": (lambda _, m: wire.encode(wire.ReleaseRQ()), waiting.RELEASED),
    "silent": (lambda _, m: b"", waiting.TIMEOUT),
    "half a PDU": (lambda _, m: answer(m)[:20], waiting.TIMEOUT),
    "half a header": (lambda _, m: answer(m)[:3], waiting.TIMEOUT),
    "garbage": (lambda _, m: b"\xff" * 200, waiting.INVALID),
    "text": (lambda _, m: b"HTTP/1.1 400 Bad Request\r\n\r\n", waiting.INVALID),
    "endless length": (lambda _, m: b"\x04\x00\xff\xff\xff\xff" + bytes(50), waiting.INVALID),
    "another association": (lambda _, m: wire.encode(wire.AssociateRQ()), waiting.INVALID),
    "unknown PDU": (lambda _, m: wire.encode(wire.RawPDU(type=9)), waiting.INVALID),
    "no PDV": (lambda _, m: wire.encode(wire.PDataTF()), waiting.INVALID),
    "wrong message id": (lambda _, m: answer(m, MessageIDBeingRespondedTo=9), waiting.INVALID),
    "wrong operation": (lambda _, m: answer(m, CommandField=0x8020), waiting.INVALID),
    "a request": (lambda _, m: answer(m, CommandField=0x0020), waiting.INVALID),
    "without status": (without_status, waiting.INVALID),
    "wrong instance": (lambda _, m: answer(m, AffectedSOPInstanceUID="1.2.3"), waiting.INVALID),
}


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("name", BAD)
def test_every_bad_answer_is_an_ending(name: str, after: int) -> None:
    say, ending = BAD[name]
    with serving(device(*[honest] * after, say)) as port:
        link = opened(port, timeout_s=0.3 if ending == waiting.TIMEOUT else 5.0)
        prepared = stored(link)
        assert [link.perform(prepared, number) for number in range(after)] == [0] * after
        with pytest.raises(LinkError) as caught:
            link.perform(prepared, after)
    assert caught.value.ending == ending
    assert not link.is_open


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.booleans())
def test_any_octets_are_an_ending_or_an_answer(garbage: bytes, learnt: bool) -> None:
    def say(peer: Device, message: wire.Message) -> bytes:
        peer.socket.sendall(garbage)
        return closes(peer, message)

    with serving(device(*[honest] * learnt, say)) as port:
        link = opened(port)
        prepared = stored(link)
        if learnt:
            assert link.perform(prepared, 0) == 0
        with pytest.raises(LinkError) as caught:
            link.perform(prepared, 1)
        assert caught.value.ending in (
            waiting.CLOSED, waiting.RESET, waiting.INVALID, waiting.ABORTED, waiting.RELEASED
        )  # fmt: skip


def test_an_answer_in_single_octets_is_an_answer() -> None:
    def say(peer: Device, message: wire.Message) -> bytes:
        raw = answer(message)
        peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(raw) - 1):
            peer.socket.sendall(raw[at : at + 1])
        return raw[-1:]

    with serving(device(say)) as port:
        link = opened(port)
        prepared = stored(link)
        assert [link.perform(prepared, number) for number in range(4)] == [0] * 4
        link.release()


def test_an_answer_in_two_fragments_is_an_answer() -> None:
    def say(_: Device, message: wire.Message) -> bytes:
        number = message.command.integer("MessageID") or 0
        raw = wire.encode_command(wire.c_echo_rsp(number, 0x0122 if number == 3 else 0))
        first = wire.PDV(context_id=1, command=True, last=False, data=raw[:30])
        second = wire.PDV(context_id=1, command=True, last=True, data=raw[30:])
        if number % 2:
            return wire.encode(wire.PDataTF(pdvs=(first, second)))
        return b"".join(wire.encode(wire.PDataTF(pdvs=(each,))) for each in (first, second))

    with serving(device(say)) as port:
        link = opened(port)
        echo = prepare_echo(1)
        assert [link.perform(echo, number) for number in range(4)] == [0, 0, 0x0122, 0]
        link.release()


def test_a_status_in_an_unusual_layout_is_read() -> None:
    def say(_: Device, message: wire.Message) -> bytes:
        number = message.command.integer("MessageID") or 0
        response = wire.c_echo_rsp(number, [0, 0xA700, 0, 0][number - 1])
        if number % 2:
            response = response.plus(wire.CommandElement(tag=0x00000902, value="all is well"))
        if number == 4:
            response = response.without("CommandGroupLength").without("AffectedSOPClassUID")
        return b"".join(wire.encode(pdu) for pdu in wire.p_data(1, response))

    with serving(device(say)) as port:
        link = opened(port)
        echo = prepare_echo(1)
        assert [link.perform(echo, number) for number in range(4)] == [0, 0xA700, 0, 0]
        link.release()


def test_what_a_device_says_before_it_resets_is_heard() -> None:
    aborted = threading.Event()

    def serve(connection: socket.socket) -> None:
        peer = Device(connection)
        peer.accept()
        connection.recv(10)
        connection.sendall(wire.encode(wire.Abort(source=2, reason=6)))
        connection.close()
        aborted.set()

    with serving(serve) as port:
        link = opened(port)
        large = prepare_store(
            3, uids.SECONDARY_CAPTURE, dataset(30_000_000), uid_root=ROOT, lane=0,
            max_pdu=link.max_pdu,
        )  # fmt: skip
        with pytest.raises(LinkError) as caught:
            link.perform(large, 0)
    assert aborted.is_set()
    assert caught.value.ending in (waiting.ABORTED, waiting.RESET)


REFUSALS: dict[str, tuple[bytes, str]] = {
    "rejected": (wire.encode(wire.AssociateRJ(result=2, source=3, reason=2)), "rejected 2/3/2"),
    "aborted": (wire.encode(wire.Abort()), waiting.ABORTED),
    "garbage": (b"\x02\x00\x00\x00\x00\x05hello", waiting.INVALID),
    "released": (wire.encode(wire.ReleaseRP()), waiting.INVALID),
    "no answer": (b"", waiting.CLOSED),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_is_an_ending(name: str) -> None:
    said, ending = REFUSALS[name]

    def serve(connection: socket.socket) -> None:
        Device(connection).pdu()
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(100)

    with serving(serve) as port, pytest.raises(LinkError) as caught:
        opened(port)
    assert caught.value.ending == ending


def test_a_device_that_takes_only_crumbs_is_not_loaded() -> None:
    def serve(connection: socket.socket) -> None:
        request = Device(connection).pdu()
        assert isinstance(request, wire.AssociateRQ)
        connection.sendall(wire.encode(wire.associate_ac(request, {1: (0, "1.2")}, 8)))
        connection.recv(100)

    with serving(serve) as port, pytest.raises(LinkError, match="8 octets") as caught:
        opened(port)
    assert caught.value.ending == waiting.INVALID


def test_a_silent_acceptor_is_a_timeout() -> None:
    with serving(lambda connection: void(connection.recv(1000))) as port:
        with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(LinkError) as caught:
            opened(silent.getsockname()[1], timeout_s=0.2)
        assert caught.value.ending == waiting.TIMEOUT
        assert port


def void(_: bytes) -> None:
    """Drops what was read."""


@pytest.mark.parametrize("granted", [0, 2, 4, 8, 100])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_window_is_filled_and_answers_find_their_requests(granted: int, backwards: bool) -> None:
    window = 4
    flying = min(granted or window, window)
    seen: list[int] = []

    def serve(connection: socket.socket) -> None:
        peer = Device(connection, granted)
        peer.accept()
        while True:
            batch = [message for _ in range(flying) if (message := peer.message()) is not None]
            seen.append(len(batch))
            raw = [
                answer(m, 0xA700 if str(m.command["AffectedSOPInstanceUID"]).endswith("07") else 0)
                for m in batch
            ]
            connection.sendall(b"".join(reversed(raw) if backwards else raw))
            if len(batch) < flying:
                return

    with serving(serve) as port:
        link = opened(port, window=window)
        assert link.window == flying
        found = list(link.pipeline(stored(link), range(5 * 4)))
        link.release()
    assert sorted(found) == [(number, 0xA700 if number == 7 else 0) for number in range(20)]
    assert seen[: 20 // flying] == [flying] * (20 // flying)


def test_a_pipeline_that_is_left_aborts_what_is_unanswered() -> None:
    with serving(window_of_four) as port:
        link = opened(port, window=4)
        answers = link.pipeline(stored(link), range(100))
        assert next(answers)[1] == 0
        del answers
        assert not link.is_open


def window_of_four(connection: socket.socket) -> None:
    peer = Device(connection, 4)
    peer.accept()
    while (message := peer.message()) is not None:
        connection.sendall(answer(message))


def test_a_query_is_not_pipelined() -> None:
    with serving(device(honest)) as port:
        link = opened(port)
        with pytest.raises(ValueError, match="pending"):
            next(link.pipeline(prepare_get(5, uids.STUDY_ROOT_GET, b""), range(2)))
        link.abort()


def test_objects_and_reports_are_answered_and_strangers_are_not() -> None:
    asked: list[object] = []

    def say(peer: Device, message: wire.Message) -> bytes:
        for command, data in (
            (wire.c_store_rq(uids.SECONDARY_CAPTURE, "1.2.3", 21), b"pixels"),
            (wire.n_event_report_rq("1.2", "1.3", 1, 22, has_data=True), b"report"),
            (wire.c_echo_rq(23), None),
        ):
            for pdu in wire.p_data(3, command, data):
                peer.socket.sendall(wire.encode(pdu))
            reply = peer.message()
            assert reply is not None
            asked.append((reply.command["MessageIDBeingRespondedTo"], reply.command["Status"]))
        return answer(message)

    with serving(device(say)) as port:
        link = opened(port)
        get = prepare_get(5, uids.STUDY_ROOT_GET, b"")
        assert link.fetch(get) == [("1.2.3", b"pixels")]
        assert asked == [(21, 0), (22, 0), (23, 0)]
        assert list(link.reports) == [(1, b"report")]
        link.release()


def test_a_report_is_waited_for() -> None:
    def serve(connection: socket.socket) -> None:
        peer = Device(connection)
        peer.accept()
        message = peer.message()
        assert message is not None
        connection.sendall(answer(message))
        go.wait(10)
        command = wire.n_event_report_rq("1.2", "1.3", 2, 1, has_data=True)
        connection.sendall(b"".join(wire.encode(p) for p in wire.p_data(3, command, b"failed")))
        assert peer.message() is not None
        while (message := peer.message()) is not None:
            connection.sendall(answer(message))

    go = threading.Event()
    with serving(serve) as port:
        link = opened(port)
        echo = prepare_echo(1)
        assert link.perform(echo, 0) == 0
        assert not link.await_report(0.1)
        go.set()
        assert link.await_report(10.0)
        assert list(link.reports) == [(2, b"failed")]
        assert link.perform(echo, 1) == 0
        link.release()


def test_another_thread_can_end_a_wait() -> None:
    waits = threading.Event()

    def say(_: Device, __: wire.Message) -> bytes:
        waits.set()
        return b""

    with serving(device(say)) as port:
        link = opened(port, timeout_s=60.0)

        def interrupt() -> None:
            waits.wait(10)
            link.interrupt()

        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(LinkError) as caught:
            link.perform(prepare_echo(1), 0)
        thread.join()
    assert caught.value.ending == waiting.CLOSED
