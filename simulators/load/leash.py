"""No load outlives whoever asked for it: a worker ends when its standard input does.

The kernel closes the other end even when its holder is killed outright, on every system.
"""

from __future__ import annotations

import os

import gevent

ABANDONED = 70
"""Exit code of a worker whose parent is gone."""


def hold(descriptor: int = 0) -> None:
    """Ends this process, from a thread of its own, as soon as nobody holds the leash."""
    gevent.get_hub().threadpool.spawn(_wait, descriptor)


def _wait(descriptor: int) -> None:
    try:
        while os.read(descriptor, 1):
            continue
    except OSError:
        pass  # a descriptor that is gone is held by nobody
    os._exit(ABANDONED)
