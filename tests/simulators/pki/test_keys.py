"""Keys that a process shares: one for all threads, however they come."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulators.pki.keys import fresh_key, key_pem, load_key, made_once

_THREADS = 8


def test_threads_that_come_together_share_what_is_made() -> None:
    together = threading.Barrier(_THREADS)
    makings = []

    @made_once
    def thing(kind: str) -> object:
        makings.append(kind)
        return object()

    def ask(_: int) -> object:
        together.wait()
        return thing("one")

    with ThreadPoolExecutor(_THREADS) as pool:
        got = set(pool.map(ask, range(_THREADS)))
    assert len(got) == 1
    assert makings == ["one"]
    assert thing("another") not in got


def test_a_key_that_was_read_is_the_same_key() -> None:
    pem = key_pem(fresh_key("rsa"))
    assert load_key(pem) is load_key(pem)
    assert key_pem(load_key(pem)) == pem


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused_each_time(pem: bytes) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match=r"(?i)pem|load"):
            load_key(pem)
