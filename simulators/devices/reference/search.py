"""What is asked: C-FIND, C-GET and C-MOVE over what is stored and the caller may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from simulators.devices.reference import command
from simulators.devices.reference.command import C_FIND, C_GET
from simulators.devices.reference.exchange import Exchange
from simulators.devices.reference.flaws import FlawName
from simulators.devices.reference.index import Instance
from simulators.devices.reference.log import Log
from simulators.devices.reference.negotiation import Grant
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.query import IdentifierError, Query, most_told, read_query
from simulators.devices.reference.retrieve import get, move
from simulators.devices.reference.scanner import DataSetError, Scan, TooLargeError
from simulators.devices.reference.storage import Store

_CONFUSIONS: tuple[FlawName, ...] = (
    "recodes_text", "carries_escape_state", "stumbles_over_text", "folds_patient_ids",
)  # fmt: skip


class Search:
    """Answers the queries of every association of one device.

    Attributes:
        cancels: How many C-CANCELs have come to nothing so far, on any association.
    """

    def __init__(
        self,
        options: AcceptorOptions,
        store: Store,
        log: Log,
        scan: Callable[[bytes, bytes], Scan],
    ) -> None:
        self._options = options
        self._flaws = options.flaws
        self._store = store
        self._log = log
        self._scan = scan
        self.cancels = 0

    def serve(self, exchange: Exchange, grant: Grant) -> None:
        """Answer a C-FIND, C-GET or C-MOVE."""
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
        cancels = self.cancels
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
            return cancelled or exchange.others_cancelled or self.cancels > cancels
        return cancelled and not self._flaws.has("ignores_cancel")
