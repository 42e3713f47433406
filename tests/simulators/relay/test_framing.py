"""Records are cut whole, whatever the pieces they come in; what is no TLS passes as it comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulators.relay.framing import Framer, Side, Unit


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body


RECORDS = st.lists(
    st.builds(record, st.sampled_from([20, 21, 22, 23]), st.binary(max_size=200)), max_size=6
)


@given(RECORDS, st.lists(st.integers(1, 64), min_size=1, max_size=40))
def test_records_are_the_same_in_all_pieces(found: list[bytes], sizes: list[int]) -> None:
    framer, stream, units = Framer(), b"".join(found), list[Unit]()
    for size in [*sizes, len(stream)]:
        units += framer.feed(stream[:size])
        stream = stream[size:]
    assert [unit.data for unit in units] == found
    assert [unit.type for unit in units] == [data[0] for data in found]
    assert framer.rest() == b""


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=10))
def test_nothing_is_lost_and_nothing_raises(pieces: list[bytes]) -> None:
    framer = Framer()
    passed = b"".join(unit.data for piece in pieces for unit in framer.feed(piece))
    assert passed + framer.rest() == b"".join(pieces)


def test_what_follows_the_first_strange_byte_passes_at_once() -> None:
    framer = Framer()
    units = framer.feed(record(22, b"abc") + b"\x01\x00DICOM")
    assert [(unit.type, unit.size) for unit in units] == [(22, 3), (None, 7)]
    assert framer.feed(b"more") == [Unit(type=None, data=b"more")]


def test_an_unfinished_record_is_held_and_given_back() -> None:
    framer = Framer()
    assert framer.feed(record(23, b"abcdef")[:8]) == []
    assert framer.rest() == record(23, b"abcdef")[:8]


def test_each_side_has_another() -> None:
    assert [side.other for side in Side] == [Side.ACCEPTOR, Side.REQUESTOR]
