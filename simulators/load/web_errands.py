"""What one connection of a load does that is no association: DICOMweb requests, and HL7 orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final, Protocol

from simulators.load import naming
from simulators.load.errands import PLAIN, Choice, made
from simulators.load.hl7 import KINDS, Hl7Link, Order
from simulators.load.mixes import Task
from simulators.load.plan import Plan
from simulators.load.waiting import WaiterFactory
from simulators.load.web import WebLink
from simulators.load.web_requests import Retrieve, Search, Stow, WebRequest

WEB: Final = frozenset({"stow", "qido", "wado", "hl7"})
"""The operations that need no association."""


class _Line(Protocol):
    """What `WebLink` and `Hl7Link` have in common."""

    @property
    def is_open(self) -> bool: ...

    def open(self) -> None: ...

    def close(self) -> None: ...


class WebErrand:
    """One connection that holds one request at a time.

    Attributes:
        link: The connection.
    """

    def __init__(self, plan: Plan, lane: int, waiter: WaiterFactory | None) -> None:
        """Encodes what it sends; nothing is sent.

        Args:
            plan: Its operation is one of `WEB`.
            lane: Whose objects and orders they are.
            waiter: How to wait for a socket; None: it blocks, as a thread likes it.

        Raises:
            RequestError: The target has no such service, or there is nothing to fetch.
        """
        self.link, self._choices = _messages(plan, lane, waiter)
        self._turn = -1

    @property
    def is_open(self) -> bool:
        """Whether requests can be sent."""
        return self.link.is_open

    def open(self) -> None:
        """Connects.

        Raises:
            LinkError: Nobody answers there, or refuses.
        """
        self.link.open()

    def choose(self, task: Task | None = None) -> Choice:
        """The next kind of request: each in turn."""
        del task
        self._turn += 1
        return self._choices[self._turn % len(self._choices)]

    def pipeline(self, choice: Choice, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Nothing: one connection holds one request."""
        del choice, numbers
        return iter(())

    def is_ended(self) -> bool:
        """Never: the link itself connects again (RFC 9112 9.3)."""
        return False

    def release(self) -> None:
        """Closes the connection. Idempotent; never raises."""
        self.link.close()

    def abort(self) -> None:
        """Closes the connection. Idempotent; never raises."""
        self.link.close()


def _messages(
    plan: Plan, lane: int, waiter: WaiterFactory | None
) -> tuple[_Line, Sequence[Choice]]:
    """A connection and what is sent on it: requests of one kind, or orders and results in turn."""
    if plan.operation == "hl7":
        listener = Hl7Link(plan.target, timeout_s=plan.timeout_s, waiter=waiter)
        orders = [Order(kind, lane, size_bytes=plan.size_bytes) for kind in KINDS]
        return listener, [
            Choice(order.name, order.octets, partial(listener.perform, order)) for order in orders
        ]
    server = WebLink(plan.target, timeout_s=plan.timeout_s, waiter=waiter)
    request = _request(plan, lane)
    perform = partial(server.perform, request)
    return server, [Choice(request.name, request.octets, perform, plan.operation == "stow")]


def _request(plan: Plan, lane: int) -> WebRequest:
    if plan.operation == "stow":
        thing = made(PLAIN, plan.size_bytes, plan.uid_root, plan.seed)
        return Stow(plan.target, thing, plan.uid_root, lane)
    if plan.operation == "wado":
        begin = lane % max(1, len(plan.fetch))
        return Retrieve(plan.target, plan.fetch[begin:] + plan.fetch[:begin])
    known = plan.fetch[0].rpartition(".")[0] if plan.fetch else ""
    study = known or naming.study_uid(plan.uid_root, lane)
    return Search(plan.target, f"studies?StudyInstanceUID={study}", named=known)
