"""Modality Performed Procedure Steps: N-CREATE and N-SET (PS3.4 F.7.2), kept in memory.

A step is created in progress, may be changed while it is, and is final once it is completed or
discontinued: after that, and of a step that nobody created, nothing is changed.
"""

import threading

from simulators.devices.reference import command
from simulators.devices.reference.command import (
    N_CREATE,
    REQUESTED_CLASS,
    REQUESTED_INSTANCE,
    SOP_INSTANCE,
)
from simulators.devices.reference.exchange import Exchange
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.scanner import Bounds, DataSetError, scan
from simulators.devices.reference.uids import is_uid
from simulators.wire.dimse import Value

_STATUS = 0x00400252
_IN_PROGRESS = b"IN PROGRESS"
_FINAL = frozenset({b"COMPLETED", b"DISCONTINUED"})
_MAY_NO_LONGER_BE_UPDATED = 0xA710
_MOST_STEPS = 4096


class ProcedureSteps:
    """The steps that modalities have told of, by SOP Instance UID."""

    def __init__(self, flaws: Flaws, bounds: Bounds) -> None:
        """Begin without a step; ``bounds`` limit how an attribute list is read."""
        self._flaws = flaws
        self._bounds = bounds
        self._steps: dict[bytes, bytes] = {}
        self._lock = threading.Lock()

    def serve(self, exchange: Exchange) -> None:
        """Answer an N-CREATE or an N-SET.

        Raises:
            DeviceError: The association ended.
        """
        data, syntax = exchange.request.data or b"", exchange.context.transfer_syntax
        try:
            values = scan(data, syntax, self._bounds).values
        except DataSetError:
            exchange.respond(command.PROCESSING_FAILURE)
            return
        state, creates = values.get(_STATUS, b"").rstrip(b" \0"), exchange.field == N_CREATE
        uid = exchange.request.command.uid(SOP_INSTANCE if creates else REQUESTED_INSTANCE)
        with self._lock:
            status = self._create(uid, state) if creates else self._update(uid, state)
        exchange.respond(status, counts={} if creates else _about(exchange, status))

    def _create(self, uid: bytes, state: bytes) -> int:
        if not is_uid(uid):
            return command.INVALID_INSTANCE
        if state != _IN_PROGRESS:
            return command.INVALID_VALUE
        if uid in self._steps and not self._flaws.has("overwrites_procedure_steps"):
            return command.DUPLICATE_INSTANCE
        if len(self._steps) >= _MOST_STEPS:
            return command.RESOURCE_LIMITATION
        self._steps[uid] = state
        return command.SUCCESS

    def _update(self, uid: bytes, state: bytes) -> int:
        known = self._steps.get(uid)
        if not self._flaws.has("updates_any_procedure_step"):
            if known is None:
                return command.NO_SUCH_INSTANCE
            if known in _FINAL:
                return command.PROCESSING_FAILURE
        if state and state not in (_IN_PROGRESS, *_FINAL):
            return command.INVALID_VALUE
        self._steps[uid] = state or known or _IN_PROGRESS
        return command.SUCCESS


def _about(exchange: Exchange, status: int) -> dict[str, Value]:
    """Return whom the answer to an N-SET is about, and what else PS3.4 F.7.2.2.2 has it say."""
    asked = exchange.request.command
    named = (asked.uid(REQUESTED_CLASS), asked.uid(REQUESTED_INSTANCE))
    sop_class, sop_instance = (uid + b"\0" * (len(uid) % 2) for uid in named)
    about: dict[str, Value] = {
        "AffectedSOPClassUID": sop_class,
        "AffectedSOPInstanceUID": sop_instance,
    }
    if status == command.PROCESSING_FAILURE:
        about["ErrorID"] = _MAY_NO_LONGER_BE_UPDATED
    return about
