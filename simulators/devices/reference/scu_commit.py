"""A modality that frees its disk: it deletes what an archive has committed to keep (PS3.4 J).

The archive reports on an association of its own, which the modality takes in from that archive
alone, and believes only under the Transaction UID that it gave out (PS3.4 J.3.3).
"""

import queue
import secrets
from collections.abc import Mapping
from pathlib import Path

from simulators.devices.reference import command
from simulators.devices.reference.associate import Proposal
from simulators.devices.reference.command import (
    EVENT_TYPE,
    FIELD,
    N_ACTION,
    N_EVENT_REPORT,
    STATUS,
)
from simulators.devices.reference.dialogue import Dialogue
from simulators.devices.reference.errors import ExpiredError, ServiceError
from simulators.devices.reference.exchange import Exchange
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.log import Log
from simulators.devices.reference.negotiation import Grant
from simulators.devices.reference.options import AcceptorOptions, RequestorOptions
from simulators.devices.reference.part10 import StoredObject, read_object
from simulators.devices.reference.requestor import Requestor
from simulators.devices.reference.scanner import Bounds, DataSetError, scan
from simulators.devices.reference.scu import SYNTAXES, StatusError
from simulators.devices.reference.server import AcceptorServer
from simulators.devices.reference.uids import STORAGE_COMMITMENT, STORAGE_COMMITMENT_INSTANCE
from simulators.wire.dataset import DataItem, Element, encode_dataset
from simulators.wire.messages import n_action_rq

_TRANSACTION_UID, _REFERENCED_SEQUENCE = 0x00081195, 0x00081199
_REFERENCED_CLASS, _REFERENCED_INSTANCE = 0x00081150, 0x00081155
_ALL_KEPT = 1
_REPORT_S = 4.0


def commit(options: RequestorOptions, path: Path, listen_port: int) -> None:
    """Ask an archive to keep an object, and delete our copy once it has said so.

    Args:
        options: Whom to ask.
        path: Our copy, a Part 10 file.
        listen_port: Where the report is taken in.

    Raises:
        DeviceError: It failed, or no report came; our copy is still there.
        FileError: The file is no object.
    """
    thing = read_object(path)
    reports = _Reports(thing, f"2.25.{secrets.randbits(100)}", options.flaws)
    believes = options.flaws.has("scu_believes_any_report")
    server = AcceptorServer(
        AcceptorOptions(
            storage=path.parent / "reports",
            port=listen_port,
            ae_title=options.calling,
            callers={} if believes else {options.called: None},
            event_classes=frozenset({STORAGE_COMMITMENT}),
        ),
        Log(),
        reports,
    )
    server.start()
    try:
        _ask(options, thing, reports.transaction)
        kept = reports.wait()
    finally:
        server.close(wait=True)
    if not kept:
        raise StatusError("the archive does not keep the object")
    path.unlink()


def _ask(options: RequestorOptions, thing: StoredObject, transaction: str) -> None:
    with Requestor(options, [Proposal(1, STORAGE_COMMITMENT, SYNTAXES)]) as association:
        context_id = association.context_for(STORAGE_COMMITMENT)
        syntax = association.dialogue.contexts[context_id].transfer_syntax.decode("ascii")
        request = n_action_rq(
            STORAGE_COMMITMENT.decode("ascii"), STORAGE_COMMITMENT_INSTANCE.decode("ascii")
        )
        association.dialogue.send(context_id, request, _wanted(thing, transaction, syntax))
        status = association.answer(N_ACTION, 1).command.word(STATUS)
        association.release()
    if status != command.SUCCESS:
        raise StatusError(f"status {status or 0:04X}")


def _wanted(thing: StoredObject, transaction: str, syntax: str) -> bytes:
    item = DataItem(
        elements=(
            Element(tag=_REFERENCED_CLASS, vr="UI", value=thing.sop_class.decode("ascii")),
            Element(tag=_REFERENCED_INSTANCE, vr="UI", value=thing.sop_instance.decode("ascii")),
        )
    )
    return encode_dataset(
        [
            Element(tag=_TRANSACTION_UID, vr="UI", value=transaction),
            Element(tag=_REFERENCED_SEQUENCE, vr="SQ", value=(item,)),
        ],
        syntax,
    )


class _Reports:
    """Answers N-EVENT-REPORTs, and tells whether the object that we asked about is kept."""

    def __init__(self, thing: StoredObject, transaction: str, flaws: Flaws) -> None:
        self.transaction = transaction
        self._thing = thing
        self._believes = flaws.has("scu_believes_any_report")
        self._verdicts: queue.Queue[bool] = queue.Queue()

    def __call__(self, dialogue: Dialogue, grant: Grant) -> bool:
        """Serve until the peer asks for release.

        Raises:
            DeviceError: The association ended otherwise, or something else than a report came.
        """
        while (message := dialogue.receive()) is not None:
            if message.command.word(FIELD) != N_EVENT_REPORT:
                raise ServiceError("only reports are due here")
            exchange = Exchange(dialogue, message, N_EVENT_REPORT)
            verdict = self._judged(exchange)
            exchange.respond(command.NO_SUCH_INSTANCE if verdict is None else command.SUCCESS)
            if verdict is not None:
                self._verdicts.put(verdict)
        return False

    def wait(self) -> bool:
        """Return whether the archive keeps the object.

        Raises:
            ExpiredError: No report on our request came in time.
        """
        try:
            return self._verdicts.get(timeout=_REPORT_S)
        except queue.Empty:
            raise ExpiredError("no report on the request came") from None

    def _judged(self, exchange: Exchange) -> bool | None:
        """Return whether a report says that our object is kept; None when it is not for us."""
        try:
            found = scan(
                exchange.request.data or b"", exchange.context.transfer_syntax, Bounds(items=64)
            )
        except DataSetError:
            return None
        success = exchange.request.command.word(EVENT_TYPE) == _ALL_KEPT
        if self._believes:
            return success
        if found.values.get(_TRANSACTION_UID, b"").rstrip(b"\0") != self.transaction.encode():
            return None
        return success and any(self._is_ours(each) for each in found.items[_REFERENCED_SEQUENCE])

    def _is_ours(self, item: Mapping[int, bytes]) -> bool:
        sop_class = item.get(_REFERENCED_CLASS, b"").rstrip(b"\0")
        sop_instance = item.get(_REFERENCED_INSTANCE, b"").rstrip(b"\0")
        return (sop_class, sop_instance) == (self._thing.sop_class, self._thing.sop_instance)
