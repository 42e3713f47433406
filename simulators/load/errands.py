"""What one association of a load does: its contexts, its encoded requests, which one is next.

An errand is asked for a :class:`Choice`, the choice performs. Choices are made anew with each
association, because the device's maximum length decides how a message is cut.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final, Protocol

from simulators import wire
from simulators.load import mixes, naming, objects
from simulators.load.arrivals import Moves
from simulators.load.encoded import (
    Prepared,
    prepare_commit,
    prepare_echo,
    prepare_find,
    prepare_store,
)
from simulators.load.link import Link
from simulators.load.mixes import Task
from simulators.load.objects import Made, Modality
from simulators.load.plan import Plan
from simulators.load.retrievals import (
    MOST_REFERENCES,
    asked,
    in_turn,
    instance_keys,
    moved,
    retrieval,
    study_keys,
)
from simulators.load.timetable import NEEDS_OBJECTS
from simulators.load.waiting import LinkError, WaiterFactory
from simulators.wire import uids

NOT_ACCEPTED: Final = "context not accepted"
"""The ending of an association that the device took without what it is needed for."""

PLAIN: Final[Modality] = "SC"
"""What is stored where no mix says otherwise: every archive takes it."""

_SYNTAXES: Final = (uids.EXPLICIT_LE,)


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of request, ready to be sent.

    Attributes:
        name: What Locust's page calls it, such as "C-STORE CT".
        octets: Octets of the object, or of the identifier, that it carries.
        perform: Sends request number n and waits for its status.
        owed: Success means that the device has an object of ours from now on.
        prepared: The request, for sending several at a time; None where that is not possible.
    """

    name: str
    octets: int
    perform: Callable[[int], int | str]
    owed: bool = False
    prepared: Prepared | None = None


class Errand(Protocol):
    """What one association does."""

    @property
    def is_open(self) -> bool:
        """Whether requests can be sent."""
        ...

    def open(self) -> None:
        """Opens the association, or the connection.

        Raises:
            LinkError: The device did not let us.
        """
        ...

    def choose(self, task: Task | None = None) -> Choice:
        """The next request, or the one that a timetable says; only after :meth:`open`."""
        ...

    def pipeline(self, choice: Choice, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Sends several of a choice at a time: number and status of each answer.

        Raises:
            LinkError: The association ended.
        """
        ...

    def is_ended(self) -> bool:
        """Whether the device ended it while nothing was asked, as it may when we are idle."""
        ...

    def release(self) -> None:
        """Ends it politely. Idempotent; never raises."""
        ...

    def abort(self) -> None:
        """Ends it at once. Idempotent; never raises."""
        ...


@lru_cache(maxsize=64)
def made(modality: Modality, octets: int, uid_root: str, seed: int) -> Made:
    """The one object of its kind that all associations of this process send."""
    return objects.make(modality, octets, uid_root, 0, seed)


class DimseErrand:
    """Requests of one kind, or of a mix of kinds, in one association.

    Args:
        plan, lane: The load, and what is of this association in it.
        calling_ae: Our AE title.
        waiter: How to wait for a socket.
        moves: Where it is noted what a C-MOVE is told.

    Attributes:
        link: The association.
    """

    def __init__(
        self,
        plan: Plan,
        lane: int,
        calling_ae: str,
        waiter: WaiterFactory | None,
        moves: Moves | None = None,
    ) -> None:
        self._plan, self._lane = plan, lane
        self._moves = Moves() if moves is None else moves
        self._kinds = kinds(plan)
        self._contexts = contexts_of(self._kinds)
        self._chance = random.Random(plan.seed * naming.MOST_LANES + lane)
        self._choices: tuple[Choice, ...] = ()
        self._by_task: dict[tuple[str, str], Choice] = {}
        self._granted: tuple[dict[int, str], int] | None = None
        self._weights = tuple(accumulate(kind.weight for kind in self._kinds))
        gets = any(kind.operation == "get" for kind in self._kinds)
        self.link = Link(
            plan.target,
            calling_ae,
            [wire.Context(i, uid, _SYNTAXES) for uid, i in self._contexts.items()],
            window=plan.window,
            timeout_s=plan.timeout_s,
            waiter=waiter,
            receives=[objects.sop_class(PLAIN)] if gets else (),
        )

    @property
    def is_open(self) -> bool:
        """See :class:`Errand`."""
        return self.link.is_open

    def open(self) -> None:
        """See :class:`Errand`."""
        self.link.open()
        granted = (self.link.accepted, self.link.max_pdu)
        if granted == self._granted:
            return  # what was encoded for the last association, and learnt in it, still holds
        refused = [uid for uid, i in self._contexts.items() if i not in self.link.accepted]
        if len(refused) == len(self._contexts) or (refused and len(self._kinds) == 1):
            self.release()
            raise LinkError(NOT_ACCEPTED, ", ".join(refused))
        usable = [kind for kind in self._kinds if kind.abstract not in refused]
        self._weights = tuple(accumulate(kind.weight for kind in usable))
        self._choices = tuple(self._choice(kind) for kind in usable)
        self._by_task = {
            (kind.operation, modality): choice
            for kind, choice in zip(usable, self._choices, strict=True)
            for modality in ([kind.modality] if kind.operation == "store" else objects.MODALITIES)
        }
        self._granted = granted

    def choose(self, task: Task | None = None) -> Choice:
        """See :class:`Errand`."""
        if task is not None:
            return self._by_task.get((task.operation, task.modality)) or _refused(task)
        if len(self._choices) == 1:
            return self._choices[0]
        return self._chance.choices(self._choices, cum_weights=self._weights)[0]

    def pipeline(self, choice: Choice, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """See :class:`Errand`."""
        if choice.prepared is None:
            return iter(())
        return self.link.pipeline(choice.prepared, numbers)

    def is_ended(self) -> bool:
        """See :class:`Errand`."""
        return self.link.is_ended()

    def release(self) -> None:
        """See :class:`Errand`."""
        if self.link.is_open:
            with contextlib.suppress(LinkError):  # whatever the device says to our goodbye
                self.link.release()

    def abort(self) -> None:
        """See :class:`Errand`."""
        self.link.abort()

    def _choice(self, kind: Kind) -> Choice:
        many = _prepared(self._plan, kind, self._contexts[kind.abstract], self._lane, self.link)
        perform: Callable[[int], int | str]
        if kind.operation == "move":
            perform = partial(moved, self.link, many, asked(self._plan, self._lane), self._moves)
        elif len(many) == 1:
            perform = partial(self.link.perform, many[0])
        else:
            perform = partial(in_turn, self.link, many)
        alone = many[0] if len(many) == 1 and not many[0].multiple else None
        return Choice(kind.name, many[0].octets, perform, kind.operation == "store", alone)


class ChurnErrand:
    """Associate, C-ECHO, release: each request is a whole association."""

    def __init__(
        self, plan: Plan, lane: int, calling_ae: str, waiter: WaiterFactory | None
    ) -> None:
        self._inner = DimseErrand(
            plan.model_copy(update={"operation": "echo"}), lane, calling_ae, waiter
        )
        self._choice = Choice("associate", 0, self._visit)
        self.is_open = False

    def open(self) -> None:
        """Opens nothing yet: that is what is measured."""
        self.is_open = True

    def choose(self, task: Task | None = None) -> Choice:
        """See :class:`Errand`."""
        del task
        return self._choice

    def pipeline(self, choice: Choice, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Nothing: one association holds one request."""
        return iter(())

    def is_ended(self) -> bool:
        """Never: each request opens its own."""
        return False

    def release(self) -> None:
        """See :class:`Errand`."""
        self.is_open = False
        self._inner.release()

    def abort(self) -> None:
        """See :class:`Errand`."""
        self.is_open = False
        self._inner.abort()

    def _visit(self, number: int) -> int | str:
        self._inner.open()
        status = self._inner.choose().perform(number)
        self._inner.link.release()
        return status


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request before it is encoded.

    Attributes:
        operation: "echo", "store", "find", "get", "move" or "commit".
        name: What it is called where it is shown.
        abstract: The SOP Class of its presentation context.
        weight: How often it is chosen, relative to the others.
        modality, octets: Of the object, for "store".
    """

    operation: str
    name: str
    abstract: str
    weight: float = 1.0
    modality: Modality = PLAIN
    octets: int = 0


_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "echo": ("C-ECHO", uids.VERIFICATION),
    "find": ("C-FIND", uids.STUDY_ROOT_FIND),
    "get": ("C-GET", uids.STUDY_ROOT_GET),
    "move": ("C-MOVE", uids.STUDY_ROOT_MOVE),
    "commit": ("N-ACTION", uids.STORAGE_COMMITMENT_PUSH),
}


def kinds(plan: Plan) -> tuple[Kind, ...]:
    """The kinds of request of a plan.

    Raises:
        ValueError: It fetches, and names nothing to fetch.
        RequestError: Its mix cannot be read.
    """
    if plan.operation == "mixed":
        return _mixed(plan.mix, bool(plan.fetch))
    if plan.operation in NEEDS_OBJECTS and not plan.fetch:
        raise ValueError(f"'fetch' is empty: {plan.operation} needs objects that are there")
    if plan.operation == "store":
        return (_stored(PLAIN, plan.size_bytes, 1.0),)
    name, abstract = _NAMES[plan.operation]
    return (Kind(plan.operation, name, abstract),)


@lru_cache(maxsize=8)
def _mixed(name: str, fetches: bool) -> tuple[Kind, ...]:
    """As many of each as the mix says; what fetches is left out while nothing can be fetched."""
    mix = mixes.load(name)
    shares = mixes.weights(mix)
    found = [
        _stored(modality, octets, shares["store"] * share)
        for modality, octets, share in mixes.blend(mix)
    ]
    for operation, share in shares.items():
        if operation == "store" or not share or (operation in NEEDS_OBJECTS and not fetches):
            continue
        title, abstract = _NAMES[operation]
        found.append(Kind(operation, title, abstract, share))
    return tuple(found)


def _stored(modality: Modality, octets: int, weight: float) -> Kind:
    uid = objects.sop_class(modality)
    return Kind("store", f"C-STORE {modality}", uid, weight, modality, octets)


def contexts_of(some: Sequence[Kind]) -> dict[str, int]:
    """The presentation contexts that these kinds need: id by SOP Class UID.

    A C-GET also needs a context for what comes back.
    """
    wanted = [kind.abstract for kind in some]
    if any(kind.operation == "get" for kind in some):
        wanted.append(objects.sop_class(PLAIN))
    return {uid: 2 * i + 1 for i, uid in enumerate(dict.fromkeys(wanted))}


def _prepared(plan: Plan, kind: Kind, context: int, lane: int, link: Link) -> list[Prepared]:
    """The requests of a kind: one, or one for each object that is fetched."""
    syntax = link.accepted[context]
    match kind.operation:
        case "echo":
            return [prepare_echo(context)]
        case "store":
            thing = made(kind.modality, kind.octets, plan.uid_root, plan.seed)
            return [
                prepare_store(
                    context,
                    thing.sop_class,
                    thing.dataset,
                    uid_root=plan.uid_root,
                    lane=lane,
                    max_pdu=link.max_pdu,
                )
            ]
        case "find":
            name = plan.fetch[0].rsplit(".", 1)[0] if plan.fetch else ""
            study = name or naming.study_uid(plan.uid_root, lane)
            keys = wire.encode_dataset(study_keys(study), syntax)
            return [prepare_find(context, kind.abstract, keys, max_pdu=link.max_pdu)]
        case "commit":
            named = [(objects.sop_class(PLAIN), uid) for uid in plan.fetch[:MOST_REFERENCES]]
            return [
                prepare_commit(
                    context,
                    named,
                    uid_root=plan.uid_root,
                    lane=lane,
                    transfer_syntax=syntax,
                    max_pdu=link.max_pdu,
                )
            ]
    return [
        retrieval(
            plan, kind.operation, context, wire.encode_dataset(instance_keys(uid), syntax), link
        )
        for uid in asked(plan, lane)
    ]


def _refused(task: Task) -> Choice:
    """A request of a kind that the device did not accept: nothing can be sent."""
    return Choice(f"{task.operation} {task.modality}", 0, lambda _: NOT_ACCEPTED)
