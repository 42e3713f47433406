"""Forbidden things asked for in other ways: on a granted context, at a deeper query level."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.profile import Cell, Operation
from harness.stage import Stage
from simulators import wire
from simulators.access import operations
from simulators.access.callers import Caller, identity_of
from simulators.access.canary import Canary
from simulators.access.matrix import cells, destination_for, plan, tell
from simulators.access.operations import CONTEXTS, MAIN_ID, REFUSED, UNTRIED, Target, Tried
from simulators.access.shelf import Shelf
from simulators.objects import SyntheticObject
from simulators.queries import UNCOMPRESSED
from simulators.wire import uids

RETRIEVES: tuple[Operation, ...] = ("find", "get", "move")
_CARRIERS: tuple[Operation, ...] = ("store", "find", "move", "get", "commit", "echo")
_PATIENT_ROOT = {
    "find": uids.PATIENT_ROOT_FIND,
    "get": uids.PATIENT_ROOT_GET,
    "move": uids.PATIENT_ROOT_MOVE,
}


@dataclass(frozen=True, slots=True)
class Detour:
    """A cell, tried in another manner.

    Attributes:
        cell: What is forbidden.
        how: The manner in words.
        contexts: On which contexts it is tried; the first is the one that it needs.
        called: Under which called AE title; None for the device's.
        keys: The identifier; nothing for the usual one.
    """

    cell: Cell
    how: str
    contexts: tuple[wire.Context, ...]
    called: str | None = None
    keys: tuple[wire.Element, ...] = ()


def on_granted_contexts(stage: Stage, shelf: Shelf) -> list[Detour]:
    """Operations that an identity has no grant for, each on a context of one that it has."""
    found: list[Detour] = []
    granted = {(c.identity, c.operation): c for c in reversed(cells(stage, "allowed"))}
    seen: set[tuple[str, Operation]] = set()
    for cell in cells(stage, "forbidden"):
        place = (cell.identity, cell.operation)
        held = [granted[cell.identity, one] for one in _CARRIERS if (cell.identity, one) in granted]
        if not held or place in granted or place in seen:
            continue
        seen.add(place)
        carrier = held[0].operation
        needed = CONTEXTS[cell.operation][0]
        disguise = replace(needed, abstract_syntax=CONTEXTS[carrier][0].abstract_syntax)
        rest = CONTEXTS[cell.operation][1:] if carrier in ("store", "get") else ()
        called = shelf.section(held[0].object).ae_title
        how = f"on the context of its {carrier}"
        found.append(Detour(cell, how, (disguise, *rest), called))
    return found


def at_other_levels(stage: Stage, shelf: Shelf) -> list[Detour]:
    """Objects that an identity may not have, asked for by their UIDs at deeper levels."""
    granted = {(c.identity, c.operation) for c in cells(stage, "allowed")}
    found: list[Detour] = []
    for cell in cells(stage, "forbidden"):
        guarded = cell.operation in RETRIEVES and (cell.identity, cell.operation) in granted
        laid = shelf.laid(cell) if guarded else None
        if laid is None or laid.thing is None:
            continue
        called = shelf.section(cell.object).ae_title
        for how, keys in _levels(laid.thing, laid.series):
            found.append(Detour(cell, how, CONTEXTS[cell.operation], called, keys))
        patient = shelf.section(cell.object).patient_id
        if patient is not None:
            root = wire.Context(MAIN_ID, _PATIENT_ROOT[cell.operation], UNCOMPRESSED)
            rest = CONTEXTS[cell.operation][1:]
            keys = _patient(patient, laid.thing)
            found.append(Detour(cell, "by the Patient Root model", (root, *rest), called, keys))
    return found


def take(stage: Stage, detours: Sequence[Detour], shelf: Shelf) -> None:
    """Tries each detour on an association of its own; each try is a ``cell``."""
    plan(stage, len(detours))
    moves = [one for one in detours if one.cell.operation == "move"]
    for one in detours:
        if one.cell.operation != "move":
            tell(stage, one.cell, _take(stage, one, shelf, None), how=one.how)
    if moves:
        with Canary(stage) as canary:  # no longer than needed: other plays wait for it
            for one in moves:
                tell(stage, one.cell, _take(stage, one, shelf, canary), how=one.how)
            canary.settle()


def _take(stage: Stage, one: Detour, shelf: Shelf, canary: Canary | None) -> Tried:
    cell = one.cell
    target = Target(keys=one.keys)
    if cell.operation != "echo":
        laid = shelf.laid(cell)
        if laid.thing is None:
            return Tried(result=UNTRIED, detail=laid.why_not)
        thing = laid.thing
        if cell.operation == "store":
            thing = shelf.new(cell.object, uids.EXPLICIT_LE)
        destination = destination_for(stage, cell.identity)
        target = replace(target, thing=thing, destination=destination, canary=canary)
    with _entered(stage, one) as (peer, refusal):
        if refusal is not None:
            return refusal
        tried = operations.try_once(peer, cell.operation, target)
        peer.leave()
        return tried


@contextlib.contextmanager
def _entered(stage: Stage, one: Detour) -> Iterator[tuple[Caller, Tried | None]]:
    with Caller(stage, identity_of(stage, one.cell.identity), called=one.called) as peer:
        items = operations.user_items(one.cell.operation)
        if not peer.enter(one.contexts, user_items=items):
            yield peer, operations.of_refusal(peer.ending)
        elif one.contexts[0].id not in peer.contexts:
            peer.leave()
            yield peer, Tried(result=REFUSED, detail="the context was refused")
        else:
            yield peer, None


def _levels(thing: SyntheticObject, series: str) -> Iterator[tuple[str, tuple[wire.Element, ...]]]:
    sop, study = thing.sop_instance, thing.study
    yield "at SERIES level", _identifier("SERIES", study=study, series=series)
    yield "at SERIES level without its study", _identifier("SERIES", series=series)
    yield "at IMAGE level", _identifier("IMAGE", study=study, series=series, sop=sop)
    yield "at IMAGE level by its instance alone", _identifier("IMAGE", sop=sop)


def _identifier(
    level: str, *, study: str = "", series: str = "", sop: str = ""
) -> tuple[wire.Element, ...]:
    """The identifier of a level with the unique keys that are given, in the order of tags."""
    elements = [
        wire.Element(tag=0x00080018, vr="UI", value=sop) if sop else None,
        wire.Element(tag=0x00080052, vr="CS", value=level),
        wire.Element(tag=0x0020000D, vr="UI", value=study) if study else None,
        wire.Element(tag=0x0020000E, vr="UI", value=series) if series else None,
    ]
    return tuple(element for element in elements if element is not None)


def _patient(patient: str, thing: SyntheticObject) -> tuple[wire.Element, ...]:
    return (
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x00100020, vr="LO", value=patient),
        wire.Element(tag=0x0020000D, vr="UI", value=thing.study),
    )
