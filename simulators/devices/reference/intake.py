"""What comes in: an object is read within bounds, and stored, kept out or passed to a hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.devices.reference import command
from simulators.devices.reference.command import C_STORE, FIELD, SOP_CLASS, SOP_INSTANCE
from simulators.devices.reference.dialogue import Dialogue
from simulators.devices.reference.exchange import Exchange
from simulators.devices.reference.index import PATIENT_ID, SOP_CLASS_UID, SOP_INSTANCE_UID
from simulators.devices.reference.log import Log, shown
from simulators.devices.reference.negotiation import Grant
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.parser import Parser
from simulators.devices.reference.scanner import DataSetError, Scan, TooLargeError
from simulators.devices.reference.slots import Slots
from simulators.devices.reference.storage import Arrival, Store
from simulators.devices.reference.uids import KEY_OBJECTS

if TYPE_CHECKING:
    from pathlib import Path


class Intake:
    """Takes the objects and the identifiers that peers send to one device.

    Attributes:
        bounds: Limits of the scanner, as far as no flaw moves them.
    """

    def __init__(self, options: AcceptorOptions, store: Store, slots: Slots, log: Log) -> None:
        self._options = options
        self._flaws = options.flaws
        self._store = store
        self._slots = slots
        self._log = log
        self._parser = Parser(options)
        self.bounds = self._parser.bounds

    def serve(self, exchange: Exchange, grant: Grant) -> None:
        """Answer a C-STORE."""
        asked = exchange.request.command
        status = self._store_or_reject(exchange, grant, exchange.request.data or b"")
        if status != command.SUCCESS:
            uid = shown(asked.uid(SOP_INSTANCE))
            self._log.event(f"object {uid} answered with status {status:04X}")
        if self._options.hook is not None and status in (command.SUCCESS, command.COERCED):
            self._run_hook(self._options.hook, asked.uid(SOP_INSTANCE), grant)
        exchange.respond(status)

    def _store_or_reject(self, exchange: Exchange, grant: Grant, data: bytes) -> int:
        """Store an object; a rejection note only of who may reject, and with its effect."""
        rejectors = self._options.rejectors
        if not rejectors or exchange.context.abstract_syntax != KEY_OBJECTS:
            return self._store_object(exchange, grant, data)
        from simulators.devices.reference import rejection

        if not rejection.is_rejection(data):
            return self._store_object(exchange, grant, data)
        if grant.calling not in rejectors and not self._flaws.has("anyone_may_reject"):
            return command.NOT_AUTHORIZED
        status = self._store_object(exchange, grant, data)
        if status == command.SUCCESS and not self._flaws.has("ignores_rejection_notes"):
            self._store.withdraw(rejection.named_by(data))
        return status

    def _run_hook(self, program: Path, sop_instance: bytes, grant: Grant) -> None:
        from simulators.devices.reference import hook

        stored = self._store.get(sop_instance)
        if stored is not None:
            hook.run(program, stored, grant.calling, self._flaws, self._log)

    def _store_object(self, exchange: Exchange, grant: Grant, data: bytes) -> int:
        asked, syntax = exchange.request.command, exchange.context.transfer_syntax
        try:
            told = (asked.uid(SOP_CLASS), asked.uid(SOP_INSTANCE))
            found, data, syntax = self._parser.read(told, data, syntax)
        except TooLargeError:
            return command.OUT_OF_RESOURCES
        except DataSetError as error:
            self._slots.internal_error()
            self._log.event(f"object refused: {error}")
            return command.CANNOT_UNDERSTAND
        sop_class, instance = _uid(found, SOP_CLASS_UID), _uid(found, SOP_INSTANCE_UID)
        told = (asked.uid(SOP_CLASS), asked.uid(SOP_INSTANCE) or instance)
        if told != (sop_class, instance) and not self._may_differ(told, sop_class, instance):
            return command.DOES_NOT_MATCH
        warrant = grant.warrant
        if warrant is not None and not warrant.may_store(found.values.get(PATIENT_ID, b"")):
            return command.NOT_AUTHORIZED
        status = self._store.add(
            Arrival(
                sop_class=told[0] or sop_class,
                sop_instance=told[1],
                transfer_syntax=syntax,
                data=data,
                values=found.values,
                area=grant.area,
            )
        )
        if warrant is not None and status == command.SUCCESS:
            warrant.stored(told[1])
        return status

    def _may_differ(self, told: tuple[bytes, bytes], sop_class: bytes, instance: bytes) -> bool:
        """Tell whether a flaw lets command and data set name different objects."""
        if self._flaws.has("ignores_uid_mismatch"):
            return True
        if told[1] != instance:
            return False
        missing = not told[0] and self._flaws.has("tolerates_missing_command_elements")
        return missing or self._flaws.has("ignores_sop_class_of_context")

    def scan(self, data: bytes, transfer_syntax: bytes) -> Scan:
        """Read the values of a data set.

        Raises:
            DataSetError: It cannot be read, or is too large.
        """
        return self._parser.scan(data, transfer_syntax)

    def keep_unfinished(self, dialogue: Dialogue, grant: Grant) -> None:
        """Take what has come of an object for all of it, even where an element is cut."""
        message = dialogue.unfinished()
        if message is None or message.command.word(FIELD) != C_STORE:
            return
        exchange, data = Exchange(dialogue, message, C_STORE), message.data or b""
        if self._store_object(exchange, grant, data) == command.CANNOT_UNDERSTAND:
            self._store.add(
                Arrival(
                    sop_class=message.command.uid(SOP_CLASS),
                    sop_instance=message.command.uid(SOP_INSTANCE),
                    transfer_syntax=exchange.context.transfer_syntax,
                    data=data,
                    values={},
                    area=grant.area,
                )
            )


def _uid(found: Scan, tag: int) -> bytes:
    return found.values.get(tag, b"").rstrip(b"\0")
