"""What a result is to a chair and in a place: the order of failures, and their marks."""

from __future__ import annotations

from dataclasses import dataclass

from harness import deployments, stakeholders
from harness.deployments import WEIGHT_WORDS, Weight
from harness.run import Run
from harness.stakeholders import Stake
from reports.rows import Row, mapped, mappings, severity_rank, text

MOST = 6
"""How many failures of one kind are shown; the others are counted."""

WEIGHTIEST = len(WEIGHT_WORDS) - 1
"""The weight of what decides a chair's day, or is essential in a place."""

_NOTHING = Weight(1, WEIGHT_WORDS[1], "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One failure; ``mark`` and ``why`` say what it weighs in the deployment, if it is special."""

    id: str
    title: str
    severity: str
    kind: str
    mark: str
    why: str
    waived: bool


def gravity(run: Run, row: Row) -> tuple[int, int, int, int, str]:
    """Sort key: verdict, then what it is to the chair and in the place, then severity and id."""
    place = place_id(run)
    stake = stake_of(run.chair, row) if run.chair in stakeholders.load() else None
    weight = weight_of(place, row)
    return (
        -row.verdict,
        -(stake.weight if stake else 0),
        -weight.weight,
        severity_rank(row.severity),
        row.id,
    )


def place_id(run: Run) -> str:
    """Id of the deployment that the run names; empty for none, or one that we do not know."""
    name = text(mapped(run.document, "deployment"), "id")
    return name if name in deployments.load() else ""


def stake_of(chair: str, row: Row) -> Stake | None:
    """The benefit of the chair that a row touches most."""
    touched = [stakeholders.relevance(chair, name) for name in row.requirements]
    benefits = [one.benefit for one in touched if one.benefit is not None]
    return max(benefits, key=lambda one: one.weight, default=None)


def weight_of(place: str, row: Row) -> Weight:
    """What the weightiest requirement of a row weighs in a deployment."""
    if not place:
        return _NOTHING
    found = [deployments.weight(place, name) for name in row.requirements]
    return max(found, key=lambda one: one.weight, default=_NOTHING)


def trouble_of(row: Row, place: str, waived: frozenset[str]) -> Trouble:
    """A failure as it is shown, with its mark."""
    weight = weight_of(place, row)
    special = weight.weight > _NOTHING.weight
    return Trouble(
        id=row.id,
        title=row.title,
        severity=row.severity,
        kind=row.kind,
        mark=f"{weight.words} here" if special else "",
        why=weight.reason if special else "",
        waived=row.id in waived,
    )


def waived_of(run: Run) -> frozenset[str]:
    """Ids of scenarios whose failure somebody answers for."""
    return frozenset(
        text(one, "scenario")
        for one in mappings(run.document, "waivers")
        if text(one, "state") == "met"
    )
