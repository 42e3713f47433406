"""The certificate matrix: each specimen, shown to the device as a client's and as a server's.

Specimens stand in the order of the catalogue, under the scenario that shows them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON, Observation
from harness.run import Result, Run
from harness.verdict import Verdict
from reports.page.policies import verdict_of
from reports.rows import mapped, mappings, text, words

COLUMNS = ("acceptor", "requestor")
"""Roles of the device, in the order of their columns."""

_FAMILY = "CRT"
_ALERT = re.compile(r"TLS alert ([a-z_0-9]{1,40})")
_ASIDE = frozenset({"version"})
"""Parameters of a case that are no part of the certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How the device took one specimen in one role; the worst of its plays.

    Attributes:
        verdict: The worst verdict.
        outcome: The alert by name, or how else it ended.
        scenario: Id of the result that tells more.
        plays: In how many cases it was shown.
    """

    verdict: Verdict
    outcome: str
    scenario: str
    plays: int


@dataclass(frozen=True, slots=True)
class Specimen:
    """One row: a cell for each column, None where it was not shown."""

    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The specimens that one scenario shows first."""

    title: str
    scenarios: tuple[str, ...]
    specimens: tuple[Specimen, ...]


@dataclass(frozen=True, slots=True)
class Zoo:
    """The matrix: ``columns`` are the roles in which any certificate was shown."""

    columns: tuple[str, ...]
    groups: tuple[Group, ...]


def zoo_of(run: Run) -> Zoo:
    """The matrix of a run; without groups when no certificate was shown."""
    cells: dict[str, dict[str, Cell]] = {}
    home: dict[str, str] = {}
    titles: dict[str, str] = {}
    for row in run.results:
        if text(row, "family") != _FAMILY:
            continue
        titles[text(row, "id")] = text(row, "title")
        for name, cell in _shown(row, run):
            home.setdefault(name, cell.scenario)
            held = cells.setdefault(name, {})
            held[text(row, "role")] = _worse(held.get(text(row, "role")), cell)
    columns = tuple(role for role in COLUMNS if any(role in held for held in cells.values()))
    rows = {name: Specimen(name, tuple(map(held.get, columns))) for name, held in cells.items()}
    groups = (
        _group(title, [rows[name] for name in rows if home[name] == one])
        for one, title in titles.items()
        if one in home.values()
    )
    return Zoo(columns, tuple(groups))


def _group(title: str, specimens: Sequence[Specimen]) -> Group:
    told = [cell.scenario for one in specimens for cell in one.cells if cell is not None]
    return Group(title, tuple(sorted(set(told))), tuple(specimens))


def _shown(row: Result, run: Run) -> Iterator[tuple[str, Cell]]:
    """Name and cell of each case; a scenario without cases is one specimen by its title."""
    if verdict_of(row) is Verdict.NOT_APPLICABLE:
        return
    scenario = text(row, "id")
    plays = run.chosen.get(scenario, ())
    for at, case in enumerate(list(mappings(row, "cases")) or [row]):
        seen = run.plays.get(plays[at], ()) if at < len(plays) else ()
        name = _name(mapped(case, "vary")) or text(row, "title")
        ending = _ending(case, seen)
        yield name, Cell(verdict=verdict_of(case), outcome=ending, scenario=scenario, plays=1)


def _name(vary: Mapping[str, JSON]) -> str:
    if "flaw" in vary:
        return words(vary["flaw"])
    return ", ".join(words(value) for key, value in vary.items() if key not in _ASIDE)


def _ending(case: Mapping[str, JSON], seen: Sequence[Observation]) -> str:
    """The alert's name if one was received, else the outcome in lower case."""
    told = [text(item.data, "detail") for item in seen if item.kind == "outcome"]
    for detail in (*reversed(told), text(case, "reason")):
        if found := _ALERT.search(detail):
            return found[1].replace("_", " ")
    return text(case, "outcome").lower().replace("_", " ")


def _worse(old: Cell | None, new: Cell) -> Cell:
    if old is None:
        return new
    worst = new if new.verdict > old.verdict else old
    return Cell(
        verdict=worst.verdict,
        outcome=worst.outcome,
        scenario=worst.scenario,
        plays=old.plays + new.plays,
    )
