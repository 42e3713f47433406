"""Honest peers by an independent implementation (pynetdicom): the judge of "in service".

An acceptor that any conforming device can call, and a requestor that any conforming device must
serve; neither shares a line with our own codec.
"""

from __future__ import annotations

import contextlib
import logging
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE, AllStoragePresentationContexts, evt
from pynetdicom.transport import ThreadedAssociationServer

from simulators.tls import TlsPolicy
from simulators.tls.policy import build_context
from simulators.wire import uids

logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)

_SUCCESS = 0x0000
_PENDING = 0xFF00


class HonestAcceptor:
    """A conforming acceptor on loopback that remembers who called it and what was asked.

    Attributes:
        port: Where it listens.
    """

    def __init__(self, policy: TlsPolicy | None, offered: list[Dataset]) -> None:
        self._changed = threading.Condition()
        self._served: dict[str, int] = {}
        self._offered = offered
        context = build_context(policy, server_side=True) if policy else None
        self._server = _listen(self._handlers(), context)
        bound = self._server.socket
        assert bound is not None
        self.port: int = bound.getsockname()[1]

    def served(self, called_ae: str, wait_s: float = 0.0) -> int:
        """How many requests were answered for that called AE title.

        Args:
            called_ae: The title that the device was asked to call.
            wait_s: How long to wait for the first one (a person may have to press a button).
        """
        with self._changed:
            self._changed.wait_for(lambda: called_ae in self._served, wait_s)
            return self._served.get(called_ae, 0)

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()

    def _handlers(self) -> list[evt.EventHandlerType]:
        return [
            (evt.EVT_C_ECHO, self._answer),
            (evt.EVT_C_STORE, self._answer),
            (evt.EVT_C_GET, self._get),
        ]

    def _answer(self, event: evt.Event) -> int:
        self._count(event)
        return _SUCCESS

    def _get(self, event: evt.Event) -> Iterator[int | tuple[int, Dataset]]:
        self._count(event)
        yield len(self._offered)
        for dataset in self._offered:
            yield _PENDING, dataset

    def _count(self, event: evt.Event) -> None:
        asked = event.assoc.requestor.primitive
        called = str(asked.called_ae_title).strip() if asked else ""
        with self._changed:
            self._served[called] = self._served.get(called, 0) + 1
            self._changed.notify_all()


def independent_echo(
    address: tuple[str, int],
    *,
    called: str,
    calling: str,
    policy: TlsPolicy | None,
    timeout_s: float,
) -> tuple[bool, str]:
    """A C-ECHO by pynetdicom; returns whether it succeeded and what was seen."""
    entity = AE(ae_title=calling)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = timeout_s
    entity.connection_timeout = timeout_s
    entity.add_requested_context(uids.VERIFICATION)
    tls_args = (build_context(policy, server_side=False), address[0]) if policy else None
    association = entity.associate(*address, ae_title=called, tls_args=tls_args)
    if not association.is_established:
        how = "rejected" if association.is_rejected else "not established"
        return False, f"association {how}"
    try:
        status = association.send_c_echo()
    finally:
        association.release()
    code = status.Status if status else None
    return code == _SUCCESS, "no answer" if code is None else f"status {code:04X}H"


def _listen(
    handlers: list[evt.EventHandlerType], context: ssl.SSLContext | None
) -> ThreadedAssociationServer:
    entity = AE(ae_title="HONEST")
    entity.require_called_aet = False
    entity.supported_contexts = [*AllStoragePresentationContexts]
    for context_item in entity.supported_contexts:
        context_item.scp_role = context_item.scu_role = True
    for abstract in (uids.VERIFICATION, uids.STUDY_ROOT_GET, uids.PATIENT_ROOT_GET):
        entity.add_supported_context(abstract)
    with contextlib.suppress(AttributeError):
        entity.maximum_associations = 64
    server = entity.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=handlers, ssl_context=context
    )
    assert server is not None  # it is None for a blocking server only
    return server


def offered_datasets(folder: Path) -> list[Dataset]:
    """The data sets of the Part 10 files in a folder."""
    return [dcmread(path) for path in sorted(folder.glob("*.dcm"))]
