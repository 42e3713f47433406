"""The oracle on a campaign of mutants: who brought the device into trouble, and was all played?

It reads ``campaign`` and ``campaign-end`` (what was asked, what was played, and why it ended),
``culprit`` (a mutant that does it alone, made smaller, with the path of its reproducer) and
``unsolved`` (trouble that no mutant brings about alone). How a device refuses is no finding.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.model import JSON, CaseResult, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind, Verdict

_KINDS = {kind.value: kind for kind in FailKind}
COMPLETE, NO_TIME = "complete", "there was no more time"
"""Why a campaign ended; anything else is a reason to conclude nothing."""

_ENOUGH = 100
"""Mutants after which a slow device has shown something, though it was not given them all."""


def survives_mutants() -> Oracle:
    """No mutant of an honest exchange ends, hangs or starves the device.

    A culprit is a failure of the kind that was observed, an unhandled error in the log a warning.
    A campaign that could not be played to its end is inconclusive, unless it found a culprit.
    """

    def judge(record: Record) -> Finding:
        end = record.last("campaign-end")
        culprits = list(record.of("culprit"))
        cases = tuple(_case(seen) for seen in culprits)
        worst = max(cases, key=lambda case: case.verdict, default=None)
        if worst is not None and worst.verdict is Verdict.FAIL:
            words = f"{_counted(len(cases))} in {_played(end)} mutants; first: {worst.reason}"
            found = failed(worst.kind or FailKind.CRASH, words)
            return _with(found, cases)
        unsolved = record.last("unsolved")
        if unsolved is not None and unsolved.data.get("kind") != "worker":
            return unseen(
                f"{unsolved.data.get('reason')}, but no mutant does it alone: "
                f"{len(list(record.of('unsolved')))} time(s)"
            )
        if end is None or not _played(end):
            return unseen("no mutant was played to its end")
        slow = end.data.get("why") == NO_TIME and _played(end) >= _ENOUGH
        if end.data.get("why") != COMPLETE and worst is None and not slow:
            return unseen(f"the campaign was not complete: {end.data.get('why')}")
        if worst is not None:
            return _with(warned(f"{_counted(len(cases))}; first: {worst.reason}"), cases)
        words = f"{_played(end)} mutants: {_told(end.data.get('outcomes'))}"
        return passed(f"{words}; {NO_TIME} for more" if slow else words, preferred=not slow)

    return NamedOracle("survives_mutants", judge)


def _case(seen: Observation) -> CaseResult:
    """One culprit as a case of its own."""
    told = seen.data.get("mutations")
    words = "; ".join(map(str, told)) if isinstance(told, list | tuple) else ""
    kind = _KINDS.get(str(seen.data.get("kind")))
    return CaseResult(
        vary={
            "exchange": seen.data.get("exchange"),
            "mutation": words,
            "number": seen.data.get("number"),
            "reproducer": seen.data.get("path"),
        },
        verdict=Verdict.FAIL if kind is not None else Verdict.WARN,
        outcome=None,
        kind=kind,
        reason=f"{seen.data.get('reason')} ({seen.data.get('exchange')}: {words or 'replayed'})",
    )


def _with(found: Finding, cases: tuple[CaseResult, ...]) -> Finding:
    return Finding(verdict=found.verdict, reason=found.reason, kind=found.kind, cases=cases)


def _counted(count: int) -> str:
    return "one finding" if count == 1 else f"{count} findings"


def _played(end: Observation | None) -> int:
    played = end.data.get("played") if end else 0
    return played if isinstance(played, int) else 0


def _told(outcomes: JSON) -> str:
    """How often there was which outcome, the most frequent first."""
    if not isinstance(outcomes, Mapping):
        return "no outcome"
    counts = [(value, name) for name, value in outcomes.items() if isinstance(value, int)]
    return ", ".join(f"{count} {name}" for count, name in sorted(counts, reverse=True))
