"""The top of the page: what a manager understands in ten seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.run import Run
from harness.verdict import Outcome, Verdict
from reports.rows import CONCLUSIVE, SEVERITIES, Row, family_name, severity_rank, texts

MEANINGS: Mapping[Verdict, str] = {
    Verdict.FAIL: "The device broke the requirement, with evidence.",
    Verdict.WARN: (
        "A recommendation is broken, or the rule rests on a source that may not decide a failure."
    ),
    Verdict.PASS: (
        "Our bytes left, the honest twin succeeded, the device was in service before and after, "
        "and every oracle was satisfied."
    ),
    Verdict.INCONCLUSIVE: "Nothing may be concluded; the reason code says why.",
    Verdict.REVIEW: "Waits for a person's signed attestation.",
    Verdict.NOT_APPLICABLE: "The device does not claim what the scenario needs.",
    Verdict.ERROR: "Our own fault, never the device's.",
}
"""What each verdict says, for readers who see one for the first time."""

_UNDECIDED = frozenset({Verdict.REVIEW, Verdict.INCONCLUSIVE, Verdict.ERROR})


@dataclass(frozen=True, slots=True)
class Share:
    """One verdict's part of the bar, in percent of its width."""

    verdict: Verdict
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class GridRow:
    """One family: counts in the order of the shares."""

    family: str
    name: str
    counts: tuple[tuple[Verdict, int], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """How the requirements of standards fared; each is as bad as its worst result."""

    hold: int
    warned: int
    broken: int
    undecided: int
    not_applicable: int

    @property
    def tested(self) -> int:
        """All but those that do not apply."""
        return self.hold + self.warned + self.broken + self.undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the top of the page says; ``tone`` is "bad", "void", "unsure" or "good"."""

    tone: str
    headline: str
    detail: str
    missing: tuple[str, ...]
    complete: bool
    requirements: Requirements
    failed_by_severity: tuple[tuple[str, int], ...]
    failures: tuple[Row, ...]
    shares: tuple[Share, ...]
    grid: tuple[GridRow, ...]
    duration: str


def summary_of(run: Run, rows: Sequence[Row]) -> Summary:
    """Summarises all rows; ``rows`` in any order."""
    failed = sorted(
        (row for row in rows if row.verdict is Verdict.FAIL), key=lambda row: _rank(row)
    )
    tone, headline, detail = _verdict_line(rows, failed)
    return Summary(
        tone=tone,
        headline=headline,
        detail=detail,
        missing=texts(run.document, "not_finished"),
        complete=bool(run.document.get("complete")),
        requirements=_requirements(rows),
        failed_by_severity=tuple(
            (name, sum(1 for row in failed if row.severity == name)) for name in SEVERITIES[:4]
        ),
        failures=tuple(failed),
        shares=_shares(rows),
        grid=_grid(rows),
        duration=_duration(str(run.document["started"]), str(run.document["finished"])),
    )


def _rank(row: Row) -> tuple[int, str]:
    return (severity_rank(row.severity), row.id)


def _verdict_line(rows: Sequence[Row], failed: Sequence[Row]) -> tuple[str, str, str]:
    said = sum(1 for row in rows if row.verdict in CONCLUSIVE)
    unsure = sum(1 for row in rows if row.verdict in _UNDECIDED)
    open_ones = f"{_scenarios(unsure)} could not be concluded." if unsure else ""
    idle = sum(1 for row in rows if row.verdict is Verdict.NOT_APPLICABLE)
    idle_ones = f" {_scenarios(idle)} did not apply." if idle else ""
    if not said:
        return "void", "Nothing conclusive", "No result here says anything about this device."
    if failed:
        worst = failed[0].severity
        split = sum(1 for row in failed if row.severity == worst)
        headline = f"{len(failed)} of {_scenarios(said)} failed"
        return "bad", headline, f"{split} of them {worst}. {open_ones}{idle_ones}".strip()
    if unsure:
        return "unsure", "No failure, but not everything was concluded", open_ones
    warned = sum(1 for row in rows if row.verdict is Verdict.WARN)
    told = sum(1 for row in rows if row.outcome == Outcome.ATTESTED.value)
    word = f" {told} of them rest on a person's word." if told else ""
    warning = f" {_scenarios(warned)} with a warning." if warned else ""
    return "good", "No failure found", f"All {said} conclusive results hold.{word}{warning}"


def _scenarios(count: int) -> str:
    return f"{count} scenario" if count == 1 else f"{count} scenarios"


def _requirements(rows: Sequence[Row]) -> Requirements:
    worst: dict[str, Verdict] = {}
    for row in rows:
        for name in row.requirements:
            worst[name] = max(worst.get(name, Verdict.NOT_APPLICABLE), row.verdict)
    # A failure stands even where our own error is the worse verdict of another scenario.
    broken = {name for row in rows if row.verdict is Verdict.FAIL for name in row.requirements}
    rest = [verdict for name, verdict in worst.items() if name not in broken]
    return Requirements(
        hold=rest.count(Verdict.PASS),
        warned=rest.count(Verdict.WARN),
        broken=len(broken),
        undecided=sum(1 for verdict in rest if verdict in _UNDECIDED),
        not_applicable=rest.count(Verdict.NOT_APPLICABLE),
    )


def _counts(rows: Sequence[Row]) -> Mapping[Verdict, int]:
    """Counts of the verdicts that occur, worst first."""
    counts = {v: sum(1 for row in rows if row.verdict is v) for v in sorted(Verdict, reverse=True)}
    return {verdict: count for verdict, count in counts.items() if count}


def _shares(rows: Sequence[Row]) -> tuple[Share, ...]:
    shares: list[Share] = []
    start = 0.0
    for verdict, count in _counts(rows).items():
        width = 100 * count / len(rows)
        shares.append(Share(verdict, count, round(start, 3), round(width, 3)))
        start += width
    return tuple(shares)


def _grid(rows: Sequence[Row]) -> tuple[GridRow, ...]:
    verdicts = list(_counts(rows))
    grid: list[GridRow] = []
    for family in dict.fromkeys(row.family for row in rows):
        own = [row for row in rows if row.family == family]
        counts = tuple((v, sum(1 for row in own if row.verdict is v)) for v in verdicts)
        grid.append(GridRow(family, family_name(family), counts, len(own)))
    return tuple(grid)


def _duration(started: str, finished: str) -> str:
    """Wall time for people, empty when the run has no end."""
    try:
        seconds = (
            datetime.fromisoformat(finished) - datetime.fromisoformat(started)
        ).total_seconds()
    except (ValueError, TypeError):
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "under 1 s"
