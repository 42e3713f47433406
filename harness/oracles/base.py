"""What every oracle is made of, and how findings are worded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from harness.model import Finding, Observation, Record
from harness.verdict import FailKind, InconclusiveReason, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class NamedOracle:
    """A pure judgement with the name that the catalogue shows."""

    name: str
    judge: Callable[[Record], Finding]
    refusal: bool = False
    """True when a PASS means that the device refused something."""

    def __str__(self) -> str:
        """The name: the same in every process, which the address of a function is not."""
        return self.name

    def __call__(self, record: Record) -> Finding:
        """Judges; the finding carries the oracle's name."""
        found = self.judge(record)
        return Finding(
            verdict=found.verdict,
            reason=found.reason,
            oracle=self.name,
            kind=found.kind,
            code=found.code,
            preferred=found.preferred,
            outcome=found.outcome,
            cases=found.cases,
        )


def passed(reason: str, *, preferred: bool = True, outcome: Outcome | None = None) -> Finding:
    """A PASS; lenient when it is tolerated but not what the standard prefers."""
    return Finding(verdict=Verdict.PASS, reason=reason, preferred=preferred, outcome=outcome)


def failed(kind: FailKind, reason: str, *, outcome: Outcome | None = None) -> Finding:
    """A FAIL of that kind."""
    return Finding(verdict=Verdict.FAIL, kind=kind, reason=reason, outcome=outcome)


def warned(reason: str, *, outcome: Outcome | None = None) -> Finding:
    """A WARN: a SHOULD is broken."""
    return Finding(verdict=Verdict.WARN, reason=reason, outcome=outcome)


def unseen(reason: str) -> Finding:
    """INCONCLUSIVE: the bench lacks the observer that the judgement needs."""
    code = InconclusiveReason.INSUFFICIENT_EVIDENCE
    return Finding(verdict=Verdict.INCONCLUSIVE, code=code, reason=reason)


def outcomes_of(record: Record, actor: str) -> list[tuple[Outcome, Observation]]:
    """Every outcome that the actor witnessed, in order."""
    return [(Outcome(str(seen.data["outcome"])), seen) for seen in record.of("outcome", actor)]


def worded(outcomes: Collection[Outcome]) -> str:
    """Outcomes for a sentence, in a stable order."""
    return ", ".join(sorted(outcome.value for outcome in outcomes)) or "none"


def told(outcome: Outcome, seen: Observation) -> str:
    """An outcome with its detail and time, for a sentence."""
    detail = seen.data.get("detail")
    after = seen.data.get("after_s")
    time = f" after {after:.2f} s" if isinstance(after, int | float) else ""
    return f"{outcome.value}{f' ({detail})' if detail else ''}{time}"
