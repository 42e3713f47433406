"""An independent acceptor for the tests: pynetdicom, which counts what it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pynetdicom import AE, evt

from simulators.wire import uids


@dataclass
class Asked:
    """What it was asked; safe to read once nobody asks any more."""

    port: int = 0
    echoes: int = 0
    stored: list[str] = field(default_factory=list)
    associations: int = 0
    callers: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def counting(
    on_echo: Callable[[int], None] = lambda number: None, idle_s: float | None = 60.0
) -> Iterator[Asked]:
    """Serves C-ECHO and C-STORE; `on_echo` is called with the number of each C-ECHO.

    An association on which nothing is asked for `idle_s` is aborted.
    """
    asked = Asked()

    def echo(event: evt.Event) -> int:
        with asked.lock:
            asked.echoes += 1
            number = asked.echoes
        on_echo(number)
        return 0x0000

    def store(event: evt.Event) -> int:
        with asked.lock:
            asked.stored.append(str(getattr(event.request, "AffectedSOPInstanceUID", "")))
        return 0x0000

    def accepted(event: evt.Event) -> None:
        with asked.lock:
            asked.associations += 1
            asked.callers.add(str(event.assoc.requestor.ae_title))

    entity = AE(ae_title="JUDGE")
    entity.maximum_associations = 100
    entity.network_timeout = idle_s
    entity.add_supported_context(uids.VERIFICATION, [uids.EXPLICIT_LE, uids.IMPLICIT_LE])
    entity.add_supported_context(uids.SECONDARY_CAPTURE, [uids.EXPLICIT_LE])
    handlers: list[Any] = [
        (evt.EVT_C_ECHO, echo),
        (evt.EVT_C_STORE, store),
        (evt.EVT_ACCEPTED, accepted),
    ]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    assert server is not None
    try:
        asked.port = int(server.server_address[1])
        yield asked
    finally:
        server.shutdown()
