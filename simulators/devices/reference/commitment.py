"""Storage commitment, push model (PS3.4 J): a promise to keep the objects that are named.

The device stores before it answers, so it knows at once what it has: the N-EVENT-REPORT follows
the answer to the N-ACTION immediately, on the same association (PS3.4 J.3.3). Nothing is queued.
"""

from collections.abc import Sequence
from dataclasses import replace

from simulators.devices.reference import command
from simulators.devices.reference.channel import touch
from simulators.devices.reference.command import (
    ACTION_TYPE,
    N_EVENT_REPORT,
    REQUESTED_CLASS,
    REQUESTED_INSTANCE,
)
from simulators.devices.reference.exchange import Exchange
from simulators.devices.reference.index import Instance
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.scanner import Bounds, DataSetError, Scan, TooLargeError, scan
from simulators.devices.reference.storage import Store
from simulators.devices.reference.uids import STORAGE_COMMITMENT_INSTANCE, is_uid
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset
from simulators.wire.messages import n_event_report_rq

_TRANSACTION_UID, _REFERENCED_SEQUENCE, _FAILED_SEQUENCE = 0x00081195, 0x00081199, 0x00081198
_REFERENCED_CLASS, _REFERENCED_INSTANCE, _FAILURE_REASON = 0x00081150, 0x00081155, 0x00081197
_RETRIEVE_AE_TITLE = 0x00080054
_REQUEST, _ALL_KEPT, _SOME_FAILED = 1, 1, 2
_MOST_REFERENCES = 1 << 16
_KEPT_PER_REQUEST = 1 << 16
_REPORT_ID = 1

_Reference = tuple[bytes, bytes]


def commit(
    exchange: Exchange,
    store: Store,
    options: AcceptorOptions,
    bounds: Bounds,
    queue: list[bytearray],
) -> None:
    """Answer an N-ACTION, then report what is kept.

    Args:
        exchange: The operation.
        store: What is stored.
        options: Name and flaws of the device.
        bounds: Limits for reading the request.
        queue: Where the flaw ``queues_without_limit`` leaves requests.

    Raises:
        DeviceError: The association ended.
    """
    status, found = _read(exchange, bounds)
    asked = exchange.request.command
    exchange.respond(
        status,
        counts={
            "AffectedSOPClassUID": _padded(asked.uid(REQUESTED_CLASS)),
            "AffectedSOPInstanceUID": _padded(asked.uid(REQUESTED_INSTANCE)),
            "ActionTypeID": asked.word(ACTION_TYPE) or 0,
        },
    )
    if status != command.SUCCESS:
        return
    if options.flaws.has("queues_without_limit"):
        queue.append(touch(_KEPT_PER_REQUEST))
        return
    _report(exchange, store, options, found)


def _read(exchange: Exchange, bounds: Bounds) -> tuple[int, Scan]:
    """Return the status of the answer, and what the request names."""
    asked = exchange.request.command
    if asked.uid(REQUESTED_INSTANCE) != STORAGE_COMMITMENT_INSTANCE:
        return command.NO_SUCH_INSTANCE, Scan()
    if asked.word(ACTION_TYPE) != _REQUEST:
        return command.NO_SUCH_ACTION, Scan()
    syntax = exchange.context.transfer_syntax
    try:
        bounded = replace(bounds, items=_MOST_REFERENCES)
        found = scan(exchange.request.data or b"", syntax, bounded)
    except TooLargeError:
        return command.RESOURCE_LIMITATION, Scan()
    except DataSetError:
        return command.PROCESSING_FAILURE, Scan()
    transaction = found.values.get(_TRANSACTION_UID, b"").rstrip(b"\0")
    named = [*_references(found)]
    if not is_uid(transaction) or not named or not all(is_uid(u) for pair in named for u in pair):
        return command.INVALID_ARGUMENT, found
    return command.SUCCESS, found


def _references(found: Scan) -> list[_Reference]:
    """Return (SOP Class UID, SOP Instance UID) of every object that is named."""
    return [
        (
            item.get(_REFERENCED_CLASS, b"").rstrip(b"\0"),
            item.get(_REFERENCED_INSTANCE, b"").rstrip(b"\0"),
        )
        for item in found.items.get(_REFERENCED_SEQUENCE, [])
    ]


def _report(exchange: Exchange, store: Store, options: AcceptorOptions, found: Scan) -> None:
    kept: list[_Reference] = []
    failed: list[tuple[_Reference, int]] = []
    for reference in _references(found):
        stored = store.get(reference[1])
        ever = stored is not None and options.flaws.has("commits_without_looking")
        reason = 0 if ever else _reason(stored, reference[0])
        if not reason or options.flaws.has("commits_what_it_lacks"):
            kept.append(reference)
        else:
            failed.append((reference, reason))
    event = _SOME_FAILED if failed else _ALL_KEPT
    request = n_event_report_rq(
        uids.STORAGE_COMMITMENT_PUSH,
        uids.STORAGE_COMMITMENT_PUSH_INSTANCE,
        event,
        _REPORT_ID,
        has_data=True,
    )
    elements = [
        Element(tag=_RETRIEVE_AE_TITLE, vr="AE", value=options.ae_title),
        Element(tag=_TRANSACTION_UID, vr="UI", value=found.values[_TRANSACTION_UID]),
        *([_sequence(_FAILED_SEQUENCE, [_item(*each) for each in failed])] if failed else []),
        *([_sequence(_REFERENCED_SEQUENCE, [_item(each, 0) for each in kept])] if kept else []),
    ]
    syntax = exchange.context.transfer_syntax.decode("ascii")
    data = encode_dataset(elements, syntax)
    exchange.dialogue.send(exchange.request.context_id, request, data)
    exchange.outcome(N_EVENT_REPORT, _REPORT_ID)


def _reason(stored: Instance | None, sop_class: bytes) -> int:
    """Return why an object cannot be committed (PS3.3 C.14.1.1); 0 when it can."""
    if stored is None or not stored.exists():
        return command.NO_SUCH_INSTANCE
    return 0 if stored.sop_class == sop_class else command.CLASS_INSTANCE_CONFLICT


def _item(reference: _Reference, reason: int) -> DataItem:
    sop_class, sop_instance = reference
    why = Element(tag=_FAILURE_REASON, vr="US", value=reason.to_bytes(2, "little"))
    return DataItem(
        elements=(
            Element(tag=_REFERENCED_CLASS, vr="UI", value=sop_class.decode("ascii")),
            Element(tag=_REFERENCED_INSTANCE, vr="UI", value=sop_instance.decode("ascii")),
            *((why,) if reason else ()),
        )
    )


def _sequence(tag: int, items: Sequence[DataItem]) -> Element:
    return Element(tag=tag, vr="SQ", value=tuple(items))


def _padded(uid: bytes) -> bytes:
    return uid + b"\0" * (len(uid) % 2)
