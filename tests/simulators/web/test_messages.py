"""Requests that lie where they are told to, and responses that may be anything."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.web import multipart
from simulators.web.request import Request, chunked
from simulators.web.response import ResponseBuffer


def test_an_honest_request_is_read_by_an_independent_library() -> None:
    body = multipart.body([multipart.Part(content=b"abc")])
    request = Request(
        method="POST",
        target="/studies",
        headers=(("Content-Type", multipart.content_type()),),
        body=body,
    )
    reader = h11.Connection(h11.SERVER)
    reader.receive_data(request.encoded("127.0.0.1:80"))
    begun, data = reader.next_event(), reader.next_event()
    assert isinstance(begun, h11.Request)
    assert isinstance(data, h11.Data)
    assert (begun.method, begun.target, bytes(data.data)) == (b"POST", b"/studies", body)


def test_what_is_set_is_sent_as_it_stands() -> None:
    request = Request(
        length="7", host="", body=b"x", folded=b" a : b\r\n", start_line=b"GET", blank=b""
    )
    assert request.encoded("h") == b"GET\r\nHost: \r\nContent-Length: 7\r\n a : b\r\nx"


def test_parts_are_the_whole() -> None:
    request = Request(chunks=chunked(b"ab"), headers=(("A", "b"),))
    assert b"".join(data for _, data in request.named_parts("h")) == request.encoded("h")
    assert dict(request.named_parts("h"))["body"] == b"2\r\nab\r\n0\r\n\r\n"


@pytest.mark.parametrize("form", [b"Content-Length: 5\r\n\r\nabcde", None])
def test_a_body_by_length_or_by_chunks(form: bytes | None) -> None:
    tail = form or b"Transfer-Encoding: chunked\r\n\r\n" + chunked(b"abc", b"de")
    buffer = ResponseBuffer()
    for octet in b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + tail:
        assert buffer.next() is None
        buffer.feed(bytes([octet]))
    found = buffer.next()
    assert found is not None
    assert (found.status, found.body, found.whole) == (200, b"abcde", True)
    assert buffer.pending == b""


def test_two_answers_are_two() -> None:
    buffer = ResponseBuffer()
    buffer.feed(b"HTTP/1.1 204 None\r\n\r\nHTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n")
    assert [found.status for found in (buffer.next(), buffer.next()) if found] == [204, 400]


def test_what_ends_early_is_not_whole() -> None:
    buffer = ResponseBuffer()
    buffer.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
    assert buffer.next() is None
    found = buffer.next(ended=True)
    assert found is not None
    assert (found.body, found.whole) == (b"ab", False)


def test_what_is_kept_is_bounded() -> None:
    buffer = ResponseBuffer()
    buffer.feed(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(20):
        buffer.feed(bytes(1 << 20))
    assert buffer.full
    found = buffer.next()
    assert found is not None
    assert len(found.body) < 10 << 20


@given(st.lists(st.sampled_from([b"HTTP/1.1 2", b"00 OK", b"\r\n", b"Content-Length: ", b"9" * 40,
    b"Transfer-Encoding: chunked", b"-1", b"ffffffffff", b"0", b";", b"\xff", b" "])))  # fmt: skip
def test_reading_never_raises(pieces: list[bytes]) -> None:
    buffer = ResponseBuffer()
    for piece in pieces:
        buffer.feed(piece)
        buffer.next()
    for _ in range(len(pieces) + 1):
        if buffer.next(ended=True) is None:
            break
    assert buffer.next(ended=True) is None
