"""The player tells how each connection went, in bounded time, whatever the other side does."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from harness.profile import ScopeSection
from harness.stage import Packet
from simulators.fuzz.outcome import Pace, Seen
from simulators.fuzz.player import Player
from simulators.fuzz.script import Script, Segment
from simulators.scope import Guard

ACCEPT = bytes.fromhex("0200000000020000")
DATA = bytes.fromhex("040000000006000000020103")
RELEASED = bytes.fromhex("06000000000400000000")
ABORT = bytes.fromhex("07000000000400000000")
ASK = bytes.fromhex("010000000000")

Behaviour = Callable[[socket.socket], None]


@contextlib.contextmanager
def _server(behaviour: Behaviour) -> Iterator[tuple[str, int]]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                peer, _ = listener.accept()
                peer.settimeout(2)
                threading.Thread(target=one, args=(peer,), daemon=True).start()

    def one(peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer:
            behaviour(peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        over.set()
        thread.join()
        listener.close()


def _play(
    address: tuple[str, int], scripts: Sequence[Script], pace: Pace | None = None
) -> tuple[list[Seen], list[Packet]]:
    packets: list[Packet] = []
    seen: list[Seen] = []
    quick = pace or Pace(width=2, spare=2, patience_s=0.2, linger_s=0.4)
    player = Player(address, Guard(ScopeSection()), quick, lambda: False, packets.append)
    try:
        player.play(scripts, seen.append, kept={0})
    finally:
        player.close()
    return seen, packets


def _script(number: int = 0, end: str = "fin") -> Script:
    return Script(number, (Segment(ASK, answered=True), Segment(DATA, answered=True)), end)


def _says(*answers: bytes) -> Behaviour:
    def behave(peer: socket.socket) -> None:
        for answer in answers:
            peer.recv(4096)
            peer.sendall(answer)
        while peer.recv(4096):
            pass

    return behave


@pytest.mark.parametrize(
    ("behaviour", "letter"),
    [
        (_says(ACCEPT, DATA), "S"),
        (_says(ACCEPT, RELEASED), "L"),
        (_says(ABORT), "B"),
        (_says(DATA), "F"),
        (_says(b"HTTP/1.1 400 Bad"), "G"),
        (lambda peer: None, "CX"),
    ],
    ids=["answered", "released", "aborted", "no association", "garbage", "closed"],
)
def test_the_last_word_is_the_outcome(behaviour: Behaviour, letter: str) -> None:
    with _server(behaviour) as address:
        seen, packets = _play(address, [_script()])
    (one,) = seen
    assert one.letter in letter
    assert not one.lingered
    assert {packet.event for packet in packets} >= {"open"}


def test_who_keeps_the_connection_is_noted_and_let_go() -> None:
    over = threading.Event()

    def holds_on(peer: socket.socket) -> None:
        peer.recv(4096)
        over.wait(5)

    with _server(holds_on) as address:
        (one,), _ = _play(address, [_script()])
        over.set()
    assert (one.letter, one.lingered) == ("T", True)


def test_nobody_there_ends_the_play() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    seen, _ = _play(address, [_script(number) for number in range(50)])
    assert 3 <= len(seen) < 10
    assert {one.letter for one in seen} == {"N"}


def test_a_chain_tells_of_each_case_and_of_those_that_had_no_turn() -> None:
    segments = (
        Segment(ASK, answered=True),
        *(Segment(DATA, answered=True) for _ in range(4)),
        Segment(RELEASED, answered=True),
    )
    chain = Script(7, segments, "fin", ((7, 1), (8, 2), (9, 3), (10, 4)))
    with _server(_says(ACCEPT, DATA, ABORT)) as address:
        seen, _ = _play(address, [chain])
    told = {one.number: (one.letter, one.undelivered) for one in seen}
    assert told[7] == ("S", False)
    assert told[8] == ("B", False)
    assert told[10] == ("-", True)
    with _server(_says(ACCEPT, DATA, DATA, DATA, DATA, RELEASED)) as address:
        seen, _ = _play(address, [chain])
    assert [(one.number, one.letter) for one in seen] == [(n, "S") for n in (7, 8, 9, 10)]


def test_after_an_unanswered_case_the_next_ones_wait_for_another_association() -> None:
    chain = Script(
        0, (Segment(ASK, answered=True), Segment(DATA, answered=True), Segment(DATA)), "fin",
        ((0, 1), (1, 2)),
    )  # fmt: skip
    with _server(_says(ACCEPT)) as address:
        seen, _ = _play(address, [chain])
    assert [(one.number, one.undelivered) for one in seen] == [(0, False), (1, True)]


def test_a_flood_of_answers_is_bounded() -> None:
    with _server(_says(ACCEPT * 5000)) as address:
        (one,), _ = _play(address, [_script()])
    assert len(one.types) <= 16


def test_patience_follows_the_device() -> None:
    with _server(_says(ACCEPT, DATA)) as address:
        player = Player(
            address, Guard(ScopeSection()), Pace(patience_s=2.0), lambda: False, lambda packet: None
        )
        assert player.patience_s == 2.0
        player.play([_script(number) for number in range(20)], lambda seen: None)
        assert 0.1 <= player.patience_s < 2.0
        player.close()
