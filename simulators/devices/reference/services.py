"""The services of the acceptor: Verification, Storage, Query and Retrieve (PS3.4 A, B, C)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from simulators.devices.reference import command
from simulators.devices.reference.assembly import Message
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
    CommandSet,
    Problem,
    find_problem,
)
from simulators.devices.reference.dialogue import Accepted, Dialogue
from simulators.devices.reference.errors import PeerGoneError, ServiceError
from simulators.devices.reference.exchange import Exchange, ReleaseAskedError
from simulators.devices.reference.flaws import FlawName
from simulators.devices.reference.intake import Intake
from simulators.devices.reference.log import Log
from simulators.devices.reference.negotiation import Grant
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.search import Search
from simulators.devices.reference.slots import Slots
from simulators.devices.reference.storage import Store
from simulators.devices.reference.uids import (
    PROCEDURE_STEP,
    STORAGE_COMMITMENT,
    STUDY_FIND,
    STUDY_GET,
    STUDY_MOVE,
    VERIFICATION,
    is_storage,
)

if TYPE_CHECKING:
    from simulators.devices.reference.auditing import Trail
    from simulators.devices.reference.procedure_steps import ProcedureSteps

_OUT_OF_ORDER: dict[int, FlawName] = {
    C_ECHO: "fails_echo",
    C_STORE: "fails_store",
    C_FIND: "fails_find",
    C_GET: "fails_get",
    C_MOVE: "fails_move",
    N_ACTION: "fails_commitment",
    N_CREATE: "fails_procedure_steps",
}
_QUERY_CLASS = {C_FIND: STUDY_FIND, C_GET: STUDY_GET, C_MOVE: STUDY_MOVE}
_NORMALISED = {
    N_ACTION: STORAGE_COMMITMENT,
    N_SET: PROCEDURE_STEP,
    N_CREATE: PROCEDURE_STEP,
}
_CLASS = {C_ECHO: VERIFICATION, **_NORMALISED, **_QUERY_CLASS}


class Services:
    """Answers the requests of every association of one device."""

    def __init__(
        self,
        options: AcceptorOptions,
        store: Store,
        slots: Slots,
        log: Log,
        trail: Trail | None = None,
    ) -> None:
        self._options = options
        self._trail = trail
        self._flaws = options.flaws
        self._store = store
        self._slots = slots
        self._log = log
        self._intake = Intake(options, store, slots, log)
        self._search = Search(options, store, log, self._intake.scan)
        self._commitments: list[bytearray] = []
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
                self._intake.keep_unfinished(dialogue, grant)
            raise
        return False

    def _answer(self, dialogue: Dialogue, grant: Grant, message: Message) -> None:
        field = self._field(message.command, dialogue.context_of(message))
        if field == C_CANCEL:
            self._search.cancels += 1
            return
        exchange = Exchange(dialogue, message, field)
        problem = self._problem(exchange)
        if problem is not None:
            self._slots.internal_error()
            self._log.event(f"request {field:04X} refused with status {problem.status:04X}")
            exchange.respond(problem.status, problem=problem)
            return
        if self._trail is not None and self._trail.keeps_from_serving:
            exchange.respond(command.OUT_OF_RESOURCES)
        elif not self._granted(grant, field):
            exchange.respond(command.NOT_AUTHORIZED)
        elif field == C_STORE:
            self._intake.serve(exchange, grant)
        elif field in _QUERY_CLASS:
            self._search.serve(exchange, grant)
        elif field == N_ACTION:
            self._serve_commitment(exchange)
        elif field in (N_SET, N_CREATE):
            self._serve_procedure_step(exchange)
        else:
            exchange.respond(command.SUCCESS)
        exchange.finish()
        if self._trail is not None:
            self._trail.operation(exchange, grant, self._intake.scan, self._store)
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

    def _serve_commitment(self, exchange: Exchange) -> None:
        # Asked for so rarely that only a device that is asked loads it.
        from simulators.devices.reference.commitment import commit

        commit(exchange, self._store, self._options, self._intake.bounds, self._commitments)

    def _serve_procedure_step(self, exchange: Exchange) -> None:
        with self._opening:
            if self._steps is None:
                from simulators.devices.reference.procedure_steps import ProcedureSteps

                self._steps = ProcedureSteps(self._flaws, self._intake.bounds)
        self._steps.serve(exchange)


def _serves(field: int, abstract_syntax: bytes) -> bool:
    """Tell whether an operation belongs to a SOP Class."""
    if field == C_STORE:
        return is_storage(abstract_syntax)
    return _CLASS.get(field) == abstract_syntax
