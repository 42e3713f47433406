"""Responses of a web server: read right, in any pieces, and never believed beyond the standard."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.load import http1
from simulators.load.http1 import Response, Responses
from simulators.load.waiting import CLOSED, INVALID, LinkError
from tests.simulators.load.peers import Scripted

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: Text/Plain\r\n\r\n"
    b"5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
)
COUNTED = b"HTTP/1.1 409 Conflict\r\ncontent-LENGTH: 3\r\n\r\nabc"


def response_to(*said: bytes, keep: int = 1000) -> Response:
    return Responses(Scripted(said)).next(keep)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("raw", "status", "body"), [(CHUNKED, 200, b"hello!"), (COUNTED, 409, b"abc")]
)
def test_it_is_read_whatever_the_pieces(raw: bytes, status: int, body: bytes, size: int) -> None:
    found = response_to(*(raw[at : at + size] for at in range(0, len(raw), size)))
    assert (found.status, found.body, found.octets, found.stays) == (status, body, len(body), True)


def test_one_after_another_on_one_connection() -> None:
    responses = Responses(Scripted([COUNTED, CHUNKED, COUNTED]))
    assert [responses.next(10).status for _ in range(3)] == [409, 200, 409]


def test_the_type_is_kept_as_it_was_written() -> None:
    assert response_to(CHUNKED).content_type == b"Text/Plain"


def test_only_so_much_of_a_body_is_kept_and_all_of_it_counted() -> None:
    found = response_to(COUNTED, keep=2)
    assert (found.body, found.octets) == (b"ab", 3)


def test_a_body_without_length_ends_with_the_connection() -> None:
    found = response_to(b"HTTP/1.0 200 OK\r\n\r\nabc", b"def")
    assert (found.body, found.stays) == (b"abcdef", False)


def test_a_response_may_have_no_body() -> None:
    assert response_to(b"HTTP/1.1 204 No Content\r\n\r\n").octets == 0


def test_interim_responses_are_passed_over() -> None:
    assert response_to(b"HTTP/1.1 100 Continue\r\n\r\n" + COUNTED).status == 409


def test_connection_close_is_heard() -> None:
    said = b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"
    assert not response_to(said).stays


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * (http1.LONGEST_HEAD + 10),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 20,
    ],
)
def test_what_no_conforming_server_sends_is_invalid(raw: bytes) -> None:
    with pytest.raises(LinkError) as caught:
        response_to(raw, b"\r\n\r\n")
    assert caught.value.ending == INVALID


@pytest.mark.parametrize("raw", [b"", COUNTED[:-1], CHUNKED[:-2], COUNTED[:20]])
def test_an_end_in_the_middle_is_not_taken_for_an_answer(raw: bytes) -> None:
    with pytest.raises(LinkError) as caught:
        response_to(raw)
    assert caught.value.ending == CLOSED


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([COUNTED, CHUNKED, b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"0\r\n"]),
        ),
        max_size=6,
    )
)
@settings(max_examples=150, deadline=None)
def test_anything_is_a_response_or_an_ending(said: list[bytes]) -> None:
    found = outcome_of(*said)
    if isinstance(found, str):
        assert found in (CLOSED, INVALID)
    else:
        assert 200 <= found.status <= 999
        assert len(found.body) <= found.octets


def outcome_of(*said: bytes) -> Response | str:
    """The response, or the ending."""
    try:
        return response_to(*said)
    except LinkError as error:
        return error.ending
