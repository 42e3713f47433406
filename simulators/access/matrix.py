"""Walks cells of the authorisation matrix: each is tried, and each try is one ``cell``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from itertools import groupby

from harness.profile import Cell, Operation
from harness.profile_access import Declared
from harness.stage import Stage
from simulators import tls
from simulators.access import operations
from simulators.access.callers import Caller, identity_of
from simulators.access.canary import Canary
from simulators.access.operations import BUSY, CONTEXTS, REFUSED, UNTRIED, Target, Tried
from simulators.access.shelf import Shelf, looked_up
from simulators.lab import lab_of
from simulators.objects import SyntheticObject

PLAIN, TLS = "plain port", "TLS port"
_TRIES = 3
_BUSY_S = 0.2
_TELLING_S = 5.0
_MOST_CELLS = 500
_NEEDS_OBJECT: frozenset[Operation] = frozenset({"find", "get", "move", "commit", "delete"})


def cells(stage: Stage, declared: Declared) -> list[Cell]:
    """The cells of the profile of one kind, in the order of the matrix.

    More than a play may try are thinned out evenly, by the seed of the run.
    """
    chosen = [cell for cell in stage.profile.matrix if cell.declared == declared]
    if len(chosen) > _MOST_CELLS:
        kept = sorted(stage.rng.sample(range(len(chosen)), _MOST_CELLS))
        stage.observe("thinned", "engine", cells=len(chosen), kept=_MOST_CELLS)
        chosen = [chosen[at] for at in kept]
    return chosen


def walk(
    stage: Stage, chosen: Sequence[Cell], *, secure: tls.AnyPolicy | None = None, path: str = ""
) -> None:
    """Tries every cell, one association for each identity and operation.

    Each try is an observation ``cell``, and before them ``matrix`` says how many there will be.
    A cell that cannot be tried, or for which no time is left, stands there as untried.

    Args:
        stage: The play.
        chosen: The cells.
        secure: A TLS policy; left out: as for every requestor.
        path: What this way to the device is called.
    """
    plan(stage, len(chosen), path)
    tour = _Tour(stage, secure, path)
    tour.visit_all([cell for cell in chosen if cell.operation != "move"])
    moves = [cell for cell in chosen if cell.operation == "move"]
    if moves:
        with Canary(stage) as canary:  # no longer than needed: other plays wait for it
            tour.canary = canary
            tour.visit_all(moves)
            canary.settle()
            stage.observe("late", "engine", objects=tour.unasked(canary))
    tour.look_for_refused()


class _Tour:
    """One walk.

    Args:
        stage: The play.
        secure: A TLS policy, or None.
        path: What this way to the device is called.

    Attributes:
        canary: Who listens at the destinations, while cells need it.
    """

    def __init__(self, stage: Stage, secure: tls.AnyPolicy | None, path: str) -> None:
        self.canary: Canary | None = None
        self._stage = stage
        self._secure = secure
        self._path = path
        self._shelf = Shelf(stage)
        self._done = 0
        self._told = time.monotonic()
        self._moved: dict[str, int] = {}
        self._refused: list[tuple[Cell, SyntheticObject]] = []

    def visit_all(self, chosen: Sequence[Cell]) -> None:
        """Tries cells, those of one association together."""
        for _, same in groupby(chosen, key=self._association):
            self.visit(list(same))

    def _association(self, cell: Cell) -> tuple[str, Operation, str | None]:
        return cell.identity, cell.operation, self._called(cell)

    def _called(self, cell: Cell) -> str | None:
        """The AE title under which the object of a cell is reached."""
        return self._shelf.section(cell.object).ae_title

    def visit(self, same: Sequence[Cell]) -> None:
        """Tries cells of one identity and operation, on one association while it lasts."""
        waiting = list(same)
        while waiting:
            if self._stage.remaining_s() <= 1.0 or self._stage.cancelled.is_set():
                for cell in waiting:
                    self._tell(cell, Tried(result=UNTRIED, detail="no time was left"))
                return
            waiting = self._visit_once(waiting)

    def unasked(self, canary: Canary) -> int:
        """How many objects came that no try was answered with: they were sent afterwards."""
        return sum(canary.arrived(uid) - seen for uid, seen in self._moved.items())

    def look_for_refused(self) -> None:
        """Asks, as whoever may, for what a status said was not stored; ``kept`` tells."""
        found, unasked = 0, 0
        for cell, thing in self._refused:
            matches = looked_up(self._stage, cell, thing)
            found += matches or 0
            unasked += matches is None
        self._stage.observe(
            "kept", "polite", asked=len(self._refused), found=found, unasked=unasked
        )

    def _visit_once(self, waiting: list[Cell]) -> list[Cell]:
        """Tries cells until the association ends; returns those that are left."""
        first = waiting[0]
        ready = [(cell, self._target(cell)) for cell in waiting]
        for cell, target in ready:
            if isinstance(target, Tried):
                self._tell(cell, target)
        pairs = [(c, t) for c, t in ready if isinstance(t, Target)]
        if not pairs:
            return []
        with self._enter(first) as (peer, refusal):
            if refusal is not None:
                for cell, _ in pairs:
                    self._tell(cell, refusal)
                return []
            for at, (cell, target) in enumerate(pairs):
                self._tell(cell, self._try(peer, cell, target))
                if peer.over:
                    return [cell for cell, _ in pairs[at + 1 :]]
            peer.leave()
        return []

    @contextlib.contextmanager
    def _enter(self, cell: Cell) -> Iterator[tuple[Caller, Tried | None]]:
        """An association for an operation, or why there is none."""
        contexts = CONTEXTS[cell.operation]
        for left in range(_TRIES, 0, -1):
            with self._caller(cell) as peer:
                items = operations.user_items(cell.operation)
                entered = peer.enter(contexts, user_items=items)
                refusal = None if entered else operations.of_refusal(peer.ending)
                if refusal is not None and refusal.result == BUSY and left > 1:
                    self._stage.cancelled.wait(_BUSY_S)
                    continue
                if entered and contexts[0].id not in peer.contexts:
                    refusal = Tried(result=REFUSED, detail="the context of the service was refused")
                    peer.leave()
                yield peer, refusal
                return

    def _caller(self, cell: Cell) -> Caller:
        identity = identity_of(self._stage, cell.identity)
        return Caller(self._stage, identity, called=self._called(cell), secure=self._secure)

    def _target(self, cell: Cell) -> Target | Tried:
        """What to try a cell on, or why it cannot be tried."""
        if cell.operation not in _NEEDS_OBJECT:
            return Target()
        laid = self._shelf.laid(cell)
        if laid.thing is None:
            return Tried(result=UNTRIED, detail=laid.why_not)
        self._moved.setdefault(laid.thing.sop_instance, 0)
        return Target(
            thing=laid.thing,
            series=laid.series,
            destination=destination_for(self._stage, cell.identity),
            canary=self.canary,
        )

    def _try(self, peer: Caller, cell: Cell, target: Target) -> Tried:
        if cell.operation == "store":
            syntax = peer.contexts[operations.STORAGE_ID]
            target = Target(thing=self._shelf.new(cell.object, syntax))
        tried = operations.try_once(peer, cell.operation, target)
        if cell.operation == "store" and tried.result == REFUSED and target.thing is not None:
            self._refused.append((cell, target.thing))
        if cell.operation == "move" and target.thing is not None:
            self._moved[target.thing.sop_instance] += tried.objects or 0
        return tried

    def _tell(self, cell: Cell, tried: Tried) -> None:
        tell(self._stage, cell, tried, path=self._path)
        self._done += 1
        if time.monotonic() - self._told > _TELLING_S:
            self._told = time.monotonic()
            lab_of(self._stage).announce(f"{self._done} cells of the authorisation matrix tried")


def plan(stage: Stage, count: int, path: str = "") -> None:
    """Witnesses how many tries there will be, so that one that is missing is missed."""
    stage.observe("matrix", "engine", cells=count, path=path)


def tell(stage: Stage, cell: Cell, tried: Tried, *, path: str = "", how: str = "") -> None:
    """Witnesses what became of one try.

    Args:
        stage: The play.
        cell: Which cell was tried.
        tried: What became of it.
        path: Which way to the device was taken, where there are several.
        how: In which unusual manner it was tried.
    """
    stage.observe(
        "cell",
        "attacker",
        identity=cell.identity,
        operation=cell.operation,
        object=cell.object,
        declared=cell.declared,
        path=path,
        how=how,
        granted=any(
            (other.operation, other.declared) == (cell.operation, "allowed")
            for other in stage.profile.matrix
        ),
        **tried.data(),
    )


def destination_for(stage: Stage, identity: str) -> str:
    """A destination that the identity may send to, else any that the device knows."""
    section = stage.profile.authorisation
    known = section.destinations if section else {}
    entitled = [title for title, who in known.items() if identity in who]
    return (entitled or list(known) or [""])[0]
