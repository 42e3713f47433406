"""Data sets of real patients leave nothing but their length."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from simulators import wire
from simulators.blanking import Blanker, blanked

SECRET = b"REAL^PATIENT"


def value(body: bytes, *, command: bool = False, last: bool = True) -> bytes:
    control = (1 if command else 0) | (2 if last else 0)
    return struct.pack(">IBB", len(body) + 2, 1, control) + body


def p_data(*values: bytes) -> bytes:
    body = b"".join(values)
    return struct.pack(">BBI", 4, 0, len(body)) + body


def test_a_data_set_is_blanked_and_its_frame_stays() -> None:
    stream = p_data(value(b"COMMAND", command=True), value(SECRET, last=False)) + p_data(
        value(SECRET)
    )
    kept = blanked(stream)
    assert kept == stream.replace(SECRET, b"*" * len(SECRET))
    assert b"COMMAND" in kept


def test_everything_else_stays() -> None:
    others = b"".join(
        wire.encode(pdu) for pdu in (wire.AssociateRQ(), wire.ReleaseRQ(), wire.Abort())
    )
    assert blanked(others) == others
    encrypted = b"\x16\x03\x03\x00\x20" + bytes([4]) * 200
    assert blanked(encrypted) == encrypted


@given(cuts=st.lists(st.integers(0, 120), max_size=8))
def test_it_does_not_matter_how_a_stream_is_cut(cuts: list[int]) -> None:
    stream = p_data(value(SECRET), value(b"C", command=True)) + p_data(value(SECRET)) * 2
    follower, at, kept = Blanker(), 0, b""
    for end in [*sorted(cuts), len(stream)]:
        kept += follower.feed(stream[at:end])
        at = max(at, min(end, len(stream)))
    assert kept == blanked(stream)
    assert SECRET not in kept


@given(data=st.binary(max_size=200))
def test_whatever_comes_keeps_its_length(data: bytes) -> None:
    assert len(blanked(data)) == len(data)
    assert len(blanked(b"\x04\x00" + data)) == len(data) + 2


def test_lengths_that_lie_hide_nothing() -> None:
    """A value longer than its PDU ends with it; a remainder without room for a header is hidden."""
    long = struct.pack(">IBB", 9999, 1, 0) + SECRET
    stream = struct.pack(">BBI", 4, 0, len(long)) + long
    assert SECRET not in blanked(stream + p_data(value(SECRET)))
    short = struct.pack(">BBI", 4, 0, 3) + b"ABC"
    assert b"ABC" not in blanked(short)
    rest = p_data(value(b"C", command=True) + b"ABC")
    assert b"ABC" not in blanked(rest)
