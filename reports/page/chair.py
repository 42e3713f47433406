"""The run as read from one chair: what matters there, in words of its own.

A failure stands under the topic that matters most to the chair; good news is only what was
played in a whole run and held, without anything open beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness import stakeholders, topics
from harness.run import Run
from harness.stakeholders import Stake, Stakeholder
from harness.verdict import Verdict
from reports.page.relevance import (
    MOST,
    WEIGHTIEST,
    Trouble,
    gravity,
    place_id,
    stake_of,
    trouble_of,
    waived_of,
)
from reports.rows import Row, rows_of

_OPEN = frozenset({Verdict.INCONCLUSIVE, Verdict.ERROR, Verdict.REVIEW})
_WARNED = frozenset({Verdict.WARN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """The failures of one topic, and what they mean to the chair.

    Attributes:
        topic: Its title.
        weight: 3 decides this chair's day, 2 matters, 1 is good to know.
        broken: What it means in practice.
        next: What to do.
        failures: The first ones, most relevant first.
        more: How many are left out.
    """

    topic: str
    weight: int
    broken: str
    next: str
    failures: tuple[Trouble, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairView:
    """What one stakeholder reads first.

    Attributes:
        tone: "bad", "unsure", "void" or "good".
        headline: One sentence.
        concerns: What failed and what it means, most relevant first.
        undecided: (title of a topic that matters, how many results are open).
        warned: The same for results with a warning.
        good: (title of a topic that held, the benefit, in how many attacks).
        burdens: What keeping the tested topics asks of this chair.
        others: How many failures concern this chair in no particular way.
    """

    id: str
    title: str
    asks: str
    tone: str
    headline: str
    concerns: tuple[Concern, ...]
    undecided: tuple[tuple[str, int], ...]
    warned: tuple[tuple[str, int], ...]
    good: tuple[tuple[str, str, int], ...]
    burdens: tuple[tuple[str, str], ...]
    others: int


def chair_of(run: Run) -> ChairView | None:
    """The run from the chair that it is read from; None when it is read from nobody's."""
    chair = stakeholders.load().get(run.chair)
    if chair is None:
        return None
    rows = rows_of(run)
    concerns, others = _concerns(run, chair, rows)
    undecided, warned = (_with(chair, rows, verdicts) for verdicts in (_OPEN, _WARNED))
    missing = not run.document.get("complete")
    good = () if missing else _good(chair, rows)
    tone, headline = _headline(
        concerns,
        others,
        missing=missing,
        undecided=bool(undecided),
        warned=bool(warned),
        good=bool(good),
    )
    return ChairView(
        id=chair.id,
        title=chair.title,
        asks=chair.asks,
        tone=tone,
        headline=headline,
        concerns=concerns,
        undecided=undecided,
        warned=warned,
        good=good,
        burdens=_burdens(chair, rows),
        others=others,
    )


def _concerns(run: Run, chair: Stakeholder, rows: Iterable[Row]) -> tuple[tuple[Concern, ...], int]:
    grouped: dict[Stake, list[Row]] = defaultdict(list)
    others = 0
    failed = (row for row in rows if row.verdict is Verdict.FAIL)
    for row in sorted(failed, key=lambda row: gravity(run, row)):
        stake = stake_of(chair.id, row)
        if stake is None:
            others += 1
        else:
            grouped[stake].append(row)
    place, waived = place_id(run), waived_of(run)
    found = [
        Concern(
            topic=topics.load()[stake.topic].title,
            weight=stake.weight,
            broken=stake.broken,
            next=stake.next,
            failures=tuple(trouble_of(row, place, waived) for row in mine[:MOST]),
            more=max(0, len(mine) - MOST),
        )
        for stake, mine in grouped.items()
    ]
    return tuple(found), others


def _by_topic(chair: Stakeholder, rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """The rows that touch each topic of which the chair has a benefit or a burden."""
    mine = {one.topic for one in chair.stakes}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for topic in {one for name in row.requirements for one in topics.topics_of(name)} & mine:
            found[topic].append(row)
    return found


def _with(
    chair: Stakeholder, rows: Iterable[Row], verdicts: frozenset[Verdict]
) -> tuple[tuple[str, int], ...]:
    """Topics that matter to the chair, with how many results of these verdicts each has."""
    found = _by_topic(chair, (row for row in rows if row.verdict in verdicts))
    return tuple(
        (topics.load()[stake.topic].title, len(found[stake.topic]))
        for stake in chair.benefits
        if stake.topic in found
    )


def _good(chair: Stakeholder, rows: Iterable[Row]) -> tuple[tuple[str, str, int], ...]:
    good: list[tuple[str, str, int]] = []
    found = _by_topic(chair, rows)
    for stake in chair.benefits:
        mine = found.get(stake.topic, [])
        # A twin that passed shows service, not resistance, so it is no news by itself.
        held = sum(1 for row in mine if row.verdict is Verdict.PASS and row.twin)
        rest = {row.verdict for row in mine} - {Verdict.PASS, Verdict.NOT_APPLICABLE}
        if held and not rest:
            good.append((topics.load()[stake.topic].title, stake.text, held))
    return tuple(good)


def _burdens(chair: Stakeholder, rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    played = _by_topic(chair, (row for row in rows if row.verdict is not Verdict.NOT_APPLICABLE))
    return tuple(
        (topics.load()[one.topic].title, one.text) for one in chair.burdens if one.topic in played
    )


def _headline(
    concerns: Sequence[Concern],
    others: int,
    *,
    missing: bool,
    undecided: bool,
    warned: bool,
    good: bool,
) -> tuple[str, str]:
    count = sum(len(one.failures) + one.more for one in concerns)
    urgent = sum(len(one.failures) + one.more for one in concerns if one.weight == WEIGHTIEST)
    rest = " The run is incomplete, so there may be more." if missing else ""
    if count:
        noun = "failure concerns" if count == 1 else "failures concern"
        first = (
            f" {urgent} of them {'comes' if urgent == 1 else 'come'} first."
            if 0 < urgent < count
            else ""
        )
        return "bad", f"{count} {noun} this chair.{first}{rest}"
    if missing:
        return "unsure", "No failure concerns this chair so far, but the run is incomplete."
    if undecided:
        return "unsure", "No failure concerns this chair, but not everything was concluded."
    if warned:
        return "unsure", "No failure concerns this chair, but there are warnings."
    if good:
        beside = f" ({others} concern others.)" if others else ""
        return "good", f"No failure concerns this chair.{beside}"
    return "void", "Nothing in this run says anything to this chair."
