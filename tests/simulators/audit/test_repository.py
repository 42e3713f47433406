"""The repository takes what comes, by each transport, and can go away and come back."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.errors import BenchError
from simulators.audit.repository import HOST, Repository
from simulators.process import free_port
from simulators.tls import TlsPolicy

NO_TLS = TlsPolicy()


@contextmanager
def listening(transport: str) -> Iterator[Repository]:
    repository = Repository(transport, free_port(), NO_TLS)
    repository.open()
    try:
        yield repository
    finally:
        repository.close()


def calling(repository: Repository) -> socket.socket:
    return socket.create_connection((HOST, repository.port))


def heard(repository: Repository, count: int) -> list[bytes]:
    until = time.monotonic() + 5.0
    while len(repository.since(0)) < count and repository.wait(until):
        pass
    return [one.octets for one in repository.since(0)]


def test_datagrams_are_messages() -> None:
    with listening("udp") as repository:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for text in (b"<85>one", b"<85>two"):
                sock.sendto(text, (HOST, repository.port))
        assert heard(repository, 2) == [b"<85>one", b"<85>two"]
        assert not repository.since(0)[0].secure


def test_a_stream_is_cut_into_messages() -> None:
    with listening("tcp") as repository, calling(repository) as sock:
        sock.sendall(b"7 <85>one7 <85>")
        sock.sendall(b"two")
        assert heard(repository, 2) == [b"<85>one", b"<85>two"]


def test_what_came_stays_while_it_is_away() -> None:
    with listening("tcp") as repository:
        with calling(repository) as sock:
            sock.sendall(b"7 <85>one")
            heard(repository, 1)
            repository.close()
            assert sock.recv(1) == b""
        with pytest.raises(ConnectionRefusedError):
            calling(repository)
        repository.open()
        with calling(repository) as sock:
            sock.sendall(b"7 <85>two")
            assert heard(repository, 2) == [b"<85>one", b"<85>two"]


def test_how_a_connection_begins_is_noted_where_no_tls_answers() -> None:
    repository = Repository("tls", free_port(), NO_TLS)
    repository.open(plain=True)
    with contextlib.closing(repository):
        with calling(repository) as sock:
            sock.sendall(b"7 <85>one")
            assert sock.recv(1)
        assert repository.openings == [b"7 <85>one"]
        assert repository.mark == 0


def test_a_taken_port_is_one_clear_line() -> None:
    taken = r"'audit\.port' \d+: Address already in use"
    with listening("tcp") as repository, pytest.raises(BenchError, match=taken):
        Repository("tcp", repository.port, NO_TLS).open()
