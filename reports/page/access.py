"""The authorisation matrix: what each identity may do, and what became of it when it tried.

Cells come from the ``cell`` observations of all scenarios that try them. One that was tried in
several ways shows the worst of them, and leads to the scenario that saw it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON
from harness.profile_access import OPERATIONS
from harness.run import Run
from harness.verdict import Verdict
from reports.rows import text

ALLOWED, FORBIDDEN = "allowed", "forbidden"
WITHOUT_OBJECT = "any"
"""What stands for the object of an operation that touches none."""

_WALKS = ("AUT-930", "AUT-020")
_MOST_ROWS = 600
_SERVED = "served"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: what the profile says, and what was seen.

    Attributes:
        declared: "allowed" or "forbidden".
        verdict: PASS as it should be, FAIL where it is not, INCONCLUSIVE where nobody knows.
        words: What was seen, in one or two words.
        detail: The same with codes and the way that was taken.
        scenario: Id of the result that tells more.
        tries: In how many ways it was tried.
    """

    declared: str
    verdict: Verdict
    words: str
    detail: str
    scenario: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one identity and object, in the order of the operations; None: undeclared."""

    object: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One identity."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole picture; without people when nothing was tried.

    Attributes:
        counts: (what is counted, how many are as they should be, of how many).
        leaks: Forbidden cells that were served, as (identity, operation, object, cell).
    """

    operations: tuple[str, ...]
    people: tuple[Person, ...]
    counts: tuple[tuple[str, int, int], ...]
    leaks: tuple[tuple[str, str, str, Cell], ...]


_Place = tuple[str, str, str]


def matrix_of(run: Run) -> Matrix:
    """The matrix of a run."""
    cells: dict[_Place, Cell] = {}
    for place, cell, plain in _tried(run):
        held = cells.get(place)
        if held is None and plain:
            cells[place] = cell
        elif held is not None and held.declared == cell.declared:
            cells[place] = _worse(held, cell)
    operations = tuple(name for name in OPERATIONS if any(place[1] == name for place in cells))
    objects = _in_order(cells, 2)
    people = tuple(_person(name, operations, objects, cells) for name in _in_order(cells, 0))
    leaking = tuple(
        (*place, cell)
        for place, cell in cells.items()
        if cell.declared == FORBIDDEN and cell.words == _SERVED
    )
    return Matrix(operations, people, tuple(_counts(cells.values())), leaking)


def _person(
    name: str, operations: Sequence[str], every: Sequence[str], cells: Mapping[_Place, Cell]
) -> Person:
    mine = {place[1:]: cell for place, cell in cells.items() if place[0] == name}
    objects = [one for one in every if any(place[1] == one for place in mine)]
    distinguished = [one for one in objects if one != WITHOUT_OBJECT]
    rows = [Row(one, tuple(mine.get((what, one)) for what in operations)) for one in objects]
    if distinguished and len(rows) > len(distinguished):
        # An operation without an object stands in the first row that has one.
        rows = _folded(rows)
    return Person(name, tuple(rows[:_MOST_ROWS]))


def _folded(rows: list[Row]) -> list[Row]:
    bare = next(row for row in rows if row.object == WITHOUT_OBJECT)
    rest = [row for row in rows if row.object != WITHOUT_OBJECT]
    first = tuple(mine or its for mine, its in zip(rest[0].cells, bare.cells, strict=True))
    return [Row(rest[0].object, first), *rest[1:]]


def _tried(run: Run) -> Iterator[tuple[_Place, Cell, bool]]:
    """Place and cell of every try, and whether it was made in the usual way."""
    # The two that walk the matrix come first: what others saw is held against them.
    order = [name for name in _WALKS if name in run.chosen]
    order += sorted(name for name in run.chosen if name not in _WALKS)
    for scenario in order:
        for play in run.chosen[scenario]:
            for seen in run.plays.get(play, ()):
                if seen.kind == "cell" and seen.actor == "attacker":
                    data = seen.data
                    place = (
                        text(data, "identity"),
                        text(data, "operation"),
                        text(data, "object"),
                    )
                    yield place, _cell(data, scenario), not data.get("how")


def _cell(data: Mapping[str, JSON], scenario: str) -> Cell:
    declared, result = text(data, "declared"), text(data, "result")
    lost = text(data, "operation") == "move" and data.get("objects") == 0
    served = result == _SERVED and not (declared == ALLOWED and lost)
    if result in ("untried", "busy") or (result == "silent" and not data.get("granted")):
        verdict = Verdict.INCONCLUSIVE
    else:
        right = served == (declared == ALLOWED) and result != "silent"
        verdict = Verdict.PASS if right else Verdict.FAIL
    way = " ".join(text(data, key) for key in ("how", "path") if data.get(key))
    return Cell(
        declared=declared,
        verdict=verdict,
        words=_words(result, served=served),
        detail=": ".join(part for part in (way, text(data, "detail")) if part),
        scenario=scenario,
    )


def _words(result: str, *, served: bool) -> str:
    plain = {"silent": "no answer", "untried": "not tried", _SERVED: "did not arrive"}
    return _SERVED if served else plain.get(result, result)


def _worse(held: Cell, other: Cell) -> Cell:
    rank = {Verdict.FAIL: 2, Verdict.PASS: 1}
    worst = other if rank.get(other.verdict, 0) > rank.get(held.verdict, 0) else held
    return Cell(
        declared=worst.declared,
        verdict=worst.verdict,
        words=worst.words,
        detail=worst.detail,
        scenario=worst.scenario,
        tries=held.tries + 1,
    )


def _counts(cells: Collection[Cell]) -> Iterator[tuple[str, int, int]]:
    for declared, words in ((ALLOWED, "allowed cells served"), (FORBIDDEN, "forbidden ones kept")):
        mine = [cell for cell in cells if cell.declared == declared]
        if mine:
            yield words, sum(1 for cell in mine if cell.verdict is Verdict.PASS), len(mine)


def _in_order(cells: Mapping[_Place, Cell], part: int) -> list[str]:
    return list(dict.fromkeys(place[part] for place in cells))
