"""The services of the acceptor: Verification, Storage, Query and Retrieve (PS3.4 A, B, C)."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulators.devices.reference import command
from simulators.devices.reference.assembly import Message
from simulators.devices.reference.channel import touch
from simulators.devices.reference.command import (
    C_CANCEL,
    C_ECHO,
    C_FIND,
    C_GET,
    C_MOVE,
    C_STORE,
    FIELD,
    MESSAGE_ID,
    N_ACTION,
    N_CREATE,
    N_SET,
    REQUESTED_CLASS,
    RESPONSE,
    RULES,
    SOP_CLASS,
    SOP_INSTANCE,
    CommandSet,
    Problem,
    find_problem,
)
from simulators.devices.reference.dialogue import Accepted, Dialogue
from simulators.devices.reference.errors import PeerGoneError, ServiceError
from simulators.devices.reference.exchange import Exchange, ReleaseAskedError
from simulators.devices.reference.flaws import FlawName
from simulators.devices.reference.index import PATIENT_ID, SOP_CLASS_UID, SOP_INSTANCE_UID, Instance
from simulators.devices.reference.log import Log, shown
from simulators.devices.reference.negotiation import Grant
from simulators.devices.reference.options import MIB, AcceptorOptions
from simulators.devices.reference.query import IdentifierError, Query, most_told, read_query
from simulators.devices.reference.retrieve import get, move
from simulators.devices.reference.scanner import (
    Bounds,
    DataSetError,
    Scan,
    TooLargeError,
    scan,
)
from simulators.devices.reference.slots import Slots
from simulators.devices.reference.storage import Arrival, Store
from simulators.devices.reference.uids import (
    KEY_OBJECTS,
    PROCEDURE_STEP,
    STORAGE_COMMITMENT,
    STUDY_FIND,
    STUDY_GET,
    STUDY_MOVE,
    VERIFICATION,
    is_storage,
)
from simulators.devices.reference.worker import parse_in_child

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.devices.reference.procedure_steps import ProcedureSteps

_FLAW_CAP = 512 * MIB
_OUT_OF_ORDER: dict[int, FlawName] = {
    C_ECHO: "fails_echo",
    C_STORE: "fails_store",
    C_FIND: "fails_find",
    C_GET: "fails_get",
    C_MOVE: "fails_move",
    N_ACTION: "fails_commitment",
    N_CREATE: "fails_procedure_steps",
}
_MISREADINGS: tuple[FlawName, ...] = (
    "salvages_readable_part",
    "drops_odd_octets",
    "ends_at_unknown_vr",
    "confuses_types",
    "crashes_on_cut_element",
    "searches_for_identity",
    "lets_data_set_override_meta",
    "last_duplicate_wins",
    "drops_private_un",
    "parses_in_square_time",
    "guesses_transfer_syntax",
)
_CONFUSIONS: tuple[FlawName, ...] = (
    "recodes_text", "carries_escape_state", "stumbles_over_text", "folds_patient_ids",
)  # fmt: skip
_QUERY_CLASS = {C_FIND: STUDY_FIND, C_GET: STUDY_GET, C_MOVE: STUDY_MOVE}
_NORMALISED = {
    N_ACTION: STORAGE_COMMITMENT,
    N_SET: PROCEDURE_STEP,
    N_CREATE: PROCEDURE_STEP,
}
_CLASS = {C_ECHO: VERIFICATION, **_NORMALISED, **_QUERY_CLASS}


class Services:
    """Answers the requests of every association of one device."""

    def __init__(self, options: AcceptorOptions, store: Store, slots: Slots, log: Log) -> None:
        self._options = options
        self._flaws = options.flaws
        self._store = store
        self._slots = slots
        self._log = log
        self._bounds = self._chosen_bounds()
        self._commitments: list[bytearray] = []
        self._cancels = 0
        self._opening = threading.Lock()
        self._steps: ProcedureSteps | None = None

    def __call__(self, dialogue: Dialogue, grant: Grant) -> bool:
        """Serve until the peer asks for release; True when that was during an operation.

        Raises:
            DeviceError: The association ended otherwise.
        """
        try:
            while (message := dialogue.receive()) is not None:
                self._answer(dialogue, grant, message)
        except ReleaseAskedError:
            return True
        except PeerGoneError as gone:
            cut = self._flaws.has("stores_truncated") and not gone.aborted
            if cut or self._flaws.has("keeps_aborted_partial"):
                self._keep_unfinished(dialogue, grant)
            raise
        return False

    def _keep_unfinished(self, dialogue: Dialogue, grant: Grant) -> None:
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

    def _chosen_bounds(self) -> Bounds:
        """Return the limits of the scanner, as far as no flaw moves them."""
        depth, inflated = self._options.limits.depth, self._options.limits.inflated
        if self._flaws.has("refuses_nested"):
            depth = 0
        if self._flaws.has("inflates_without_limit"):
            inflated = _FLAW_CAP
        if self._flaws.has("refuses_deflated"):
            inflated = 0
        reserve = _reserve if self._flaws.has("allocates_value_length") else None
        return Bounds(depth=depth, inflated=inflated, reserve=reserve)

    def _answer(self, dialogue: Dialogue, grant: Grant, message: Message) -> None:
        field = self._field(message.command, dialogue.context_of(message))
        if field == C_CANCEL:
            self._cancels += 1
            return
        exchange = Exchange(dialogue, message, field)
        problem = self._problem(exchange)
        if problem is not None:
            self._slots.internal_error()
            self._log.event(f"request {field:04X} refused with status {problem.status:04X}")
            exchange.respond(problem.status, problem=problem)
            return
        if not self._granted(grant, field):
            exchange.respond(command.NOT_AUTHORIZED)
        elif field == C_STORE:
            self._serve_store(exchange, grant)
        elif field in _QUERY_CLASS:
            self._serve_query(exchange, grant)
        elif field == N_ACTION:
            self._serve_commitment(exchange)
        elif field in (N_SET, N_CREATE):
            self._serve_procedure_step(exchange)
        else:
            exchange.respond(command.SUCCESS)
        exchange.finish()
        if self._flaws.has("drops_requests_sent_ahead"):
            dialogue.drop_what_waits()

    def _granted(self, grant: Grant, field: int) -> bool:
        """Tell whether the caller's role has an operation, whatever its contexts are."""
        by_context = self._flaws.has("trusts_negotiated_contexts")
        return grant.warrant is None or by_context or grant.warrant.permits(field)

    def _field(self, asked: CommandSet, context: Accepted) -> int:
        """Return the command field.

        Raises:
            ServiceError: There is none, it is a response, or nothing could be answered to it.
        """
        field = asked.word(FIELD)
        if field is None:
            if not self._flaws.has("tolerates_missing_command_elements"):
                raise ServiceError("Command Field missing")
            return C_STORE if is_storage(context.abstract_syntax) else C_ECHO
        if self._flaws.has("answers_any_command"):
            return field
        if field & RESPONSE:
            raise ServiceError(f"response {field:04X} to nothing")
        needed = field != C_CANCEL and not self._flaws.has("tolerates_missing_command_elements")
        if needed and asked.word(MESSAGE_ID) is None:
            raise ServiceError("Message ID missing")
        return field

    def _problem(self, exchange: Exchange) -> Problem | None:
        """Return why a request cannot be served at all."""
        asked, abstract = exchange.request.command, exchange.context.abstract_syntax
        rule = RULES.get(exchange.field)
        if rule is None or _NORMALISED.get(exchange.field, abstract) != abstract:
            if self._flaws.has("answers_any_command"):
                return None
            return Problem(command.UNRECOGNIZED_OPERATION, FIELD)
        may_lack = self._flaws.has("tolerates_missing_command_elements")
        problem = find_problem(
            asked,
            rule,
            may_lack=may_lack,
            may_mistype=self._flaws.has("tolerates_wrong_command_vr"),
        )
        if problem is not None:
            return problem
        if not self._of_this_class(exchange, may_lack=may_lack):
            return Problem(command.SOP_CLASS_NOT_SUPPORTED, SOP_CLASS)
        if not _serves(exchange.field, abstract) and not self._flaws.any_of(
            "ignores_sop_class_of_context", "trusts_negotiated_contexts"
        ):
            return Problem(command.UNRECOGNIZED_OPERATION, FIELD)
        has_data = exchange.request.data is not None
        if has_data != rule.data_set and not self._flaws.has("ignores_data_set_type"):
            return Problem(command.MISTYPED_ARGUMENT, command.DATA_SET_TYPE)
        out_of_order = _OUT_OF_ORDER.get(exchange.field)
        if out_of_order is not None and self._flaws.has(out_of_order):
            return Problem(command.PROCESSING_FAILURE, FIELD)
        return None

    def _of_this_class(self, exchange: Exchange, *, may_lack: bool) -> bool:
        if self._flaws.any_of("ignores_sop_class_of_context", "trusts_negotiated_contexts"):
            return True
        element = REQUESTED_CLASS if exchange.field in (N_ACTION, N_SET) else SOP_CLASS
        told = exchange.request.command.uid(element)
        return told == exchange.context.abstract_syntax or (may_lack and not told)

    def _serve_store(self, exchange: Exchange, grant: Grant) -> None:
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
            found, data, syntax = self._read_object(asked, data, syntax)
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

    def _read_object(
        self, asked: CommandSet, data: bytes, syntax: bytes
    ) -> tuple[Scan, bytes, bytes]:
        """Return the values of an object, and what of it is stored in which transfer syntax."""
        if self._flaws.any_of(*_MISREADINGS):
            from simulators.devices.reference.misreading import misread

            told = (asked.uid(SOP_CLASS), asked.uid(SOP_INSTANCE))
            taken = misread(self._flaws, data, syntax, told, self._bounds)
            return taken.found, taken.data, taken.transfer_syntax
        return self._scan(data, syntax), data, syntax

    def _may_differ(self, told: tuple[bytes, bytes], sop_class: bytes, instance: bytes) -> bool:
        """Tell whether a flaw lets command and data set name different objects."""
        if self._flaws.has("ignores_uid_mismatch"):
            return True
        if told[1] != instance:
            return False
        missing = not told[0] and self._flaws.has("tolerates_missing_command_elements")
        return missing or self._flaws.has("ignores_sop_class_of_context")

    def _scan(self, data: bytes, transfer_syntax: bytes) -> Scan:
        if self._flaws.has("recurses_without_limit"):
            parse_in_child(data, transfer_syntax, self._bounds)
        if self._flaws.has("dies_of_unknown_vr"):
            from simulators.devices.reference.fragile import meet_vrs

            meet_vrs(data, transfer_syntax)
        return scan(data, transfer_syntax, self._bounds)

    def _serve_commitment(self, exchange: Exchange) -> None:
        # Asked for so rarely that only a device that is asked loads it.
        from simulators.devices.reference.commitment import commit

        commit(exchange, self._store, self._options, self._bounds, self._commitments)

    def _serve_procedure_step(self, exchange: Exchange) -> None:
        with self._opening:
            if self._steps is None:
                from simulators.devices.reference.procedure_steps import ProcedureSteps

                self._steps = ProcedureSteps(self._flaws, self._bounds)
        self._steps.serve(exchange)

    def _serve_query(self, exchange: Exchange, grant: Grant) -> None:
        retrieve = exchange.field != C_FIND
        try:
            found = self._scan(exchange.request.data or b"", exchange.context.transfer_syntax)
            query = read_query(found, retrieve=retrieve)
        except TooLargeError:
            exchange.respond(command.OUT_OF_RESOURCES)
        except DataSetError:
            exchange.respond(command.CANNOT_UNDERSTAND)
        except IdentifierError as error:
            self._log.event(f"query refused: {error}")
            exchange.respond(command.DOES_NOT_MATCH)
        else:
            self._run_query(exchange, grant, query)

    def _unasked(self, grant: Grant, query: Query) -> int | None:
        """Return the status of a C-FIND that is answered without looking at what is stored."""
        least = self._options.limits.least_query
        if least and most_told(query) < least and not self._flaws.has("answers_any_query"):
            return command.DOES_NOT_MATCH
        known = grant.calling in self._options.callers
        if self._flaws.has("tells_what_exists") and not known:
            return command.NOT_AUTHORIZED if query.instances(self._store) else command.SUCCESS
        return None

    def _run_query(self, exchange: Exchange, grant: Grant, query: Query) -> None:
        stored: Iterable[Instance] = self._store
        if grant.warrant is not None:
            stored = grant.warrant.visible(stored, query.level)
        if self._flaws.any_of(*_CONFUSIONS):
            from simulators.devices.reference.text_flaws import confused

            query = confused(query, self._flaws)
        status = self._unasked(grant, query) if exchange.field == C_FIND else None
        if status is not None:
            exchange.respond(status)
        elif exchange.field == C_FIND:
            self._find(exchange, query, stored)
        elif exchange.field == C_GET:
            get(exchange, query.instances(stored), grant, self._flaws)
        else:
            move(exchange, query.instances(stored), self._options, grant)

    def _find(self, exchange: Exchange, query: Query, stored: Iterable[Instance]) -> None:
        syntax, most = exchange.context.transfer_syntax, self._options.limits.results
        cancels = self._cancels
        counts = query.counts(stored)
        if self._flaws.any_of("concatenates_patient_id", "backtracks_without_limit"):
            from simulators.devices.reference.query_flaws import matched

            try:
                query, stored = matched(query, stored, self._flaws)
            except DataSetError:
                exchange.respond(command.CANNOT_UNDERSTAND)
                return
        matches = query.matches(stored)
        unbounded = most is None or self._flaws.has("find_unbounded")
        for instance in matches if unbounded else matches[:most]:
            if self._cancelled(exchange, cancels):
                exchange.respond(command.CANCELLED)
                return
            answer = query.answer(instance, syntax, self._options.ae_title, counts)
            exchange.respond(command.PENDING, answer)
        if self._cancelled(exchange, cancels):
            exchange.respond(command.CANCELLED)
        else:
            within = unbounded or most is None or len(matches) <= most
            exchange.respond(command.SUCCESS if within else command.OUT_OF_RESOURCES)

    def _cancelled(self, exchange: Exchange, cancels: int) -> bool:
        """Tell whether a query was cancelled.

        Args:
            exchange: The operation.
            cancels: How many C-CANCELs had come to nothing, anywhere, when it began.
        """
        cancelled = exchange.cancelled()
        if self._flaws.has("cancels_whatever_runs"):
            return cancelled or exchange.others_cancelled or self._cancels > cancels
        return cancelled and not self._flaws.has("ignores_cancel")


def _serves(field: int, abstract_syntax: bytes) -> bool:
    """Tell whether an operation belongs to a SOP Class."""
    if field == C_STORE:
        return is_storage(abstract_syntax)
    return _CLASS.get(field) == abstract_syntax


def _uid(found: Scan, tag: int) -> bytes:
    return found.values.get(tag, b"").rstrip(b"\0")


def _reserve(length: int) -> None:
    touch(min(length, _FLAW_CAP))
