"""Results as typed rows: what all formats read instead of raw JSON.

A row of ``run.json`` is a mapping of JSON values; here each becomes a frozen value with the types
that the published schema promises (``docs/schema/run.schema.json``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness import coverage
from harness.model import JSON
from harness.run import Result, Run
from harness.verdict import Verdict

SEVERITIES = ("critical", "high", "medium", "low", "info")
"""Worst first."""

CONCLUSIVE = frozenset({Verdict.PASS, Verdict.WARN, Verdict.FAIL})
"""Verdicts that say something about the device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one oracle said."""

    oracle: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The verdict on one case of a scenario that varies; ``vary`` is shown as text."""

    vary: str
    verdict: Verdict
    outcome: str
    reason: str
    kind: str
    code: str
    preferred: bool
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One result; see the schema for the meaning of each field."""

    id: str
    title: str
    family: str
    role: str
    verdict: Verdict
    kind: str
    code: str
    reason: str
    preferred: bool
    requirements: tuple[str, ...]
    threats: tuple[str, ...]
    weakness: tuple[str, ...]
    references: tuple[str, ...]
    severity: str
    duration_s: float
    outcome: str
    rationale: str
    remediation: str
    twin: str
    control: str
    evidence: tuple[str, ...]
    notes: tuple[str, ...]
    cases: tuple[Case, ...]
    findings: tuple[Opinion, ...]

    @property
    def gravity(self) -> tuple[int, int, str]:
        """Sort key: worst verdict first, then severity, then id."""
        return (-self.verdict, severity_rank(self.severity), self.id)

    @property
    def family_name(self) -> str:
        """The family's name for people."""
        return family_name(self.family)


def rows_of(run: Run) -> list[Row]:
    """All results of a run, in the order of the catalogue."""
    return [_row(result) for result in run.results]


def waived_of(run: Run) -> Mapping[str, str]:
    """Who answers for what is as expected, and why, in a sentence by scenario."""
    return {
        text(item, "scenario"): (
            f"{text(item, 'why')} Answered for by {text(item, 'owner')}"
            f" until {text(item, 'expires')}."
        )
        for item in mappings(run.document, "waivers")
        if item.get("state") == "met"
    }


def family_name(family: str) -> str:
    """The name of a family for people; a family of a private pack shows its letters."""
    return coverage.family_of(family).name


def severity_rank(severity: str) -> int:
    """0 for critical; unknown words come last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def words(value: JSON) -> str:
    """A JSON value as short text: ``a = 1, b = x`` for a mapping."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {words(item)}" for key, item in value.items())
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(words(item) for item in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def text(data: Mapping[str, JSON], key: str) -> str:
    """A value as text; empty when it is absent or null."""
    return words(data.get(key))


def number(data: Mapping[str, JSON], key: str) -> float:
    """A value as a number; 0 when it is absent or is none."""
    value = data.get(key)
    return float(value) if isinstance(value, int | float) else 0.0


def texts(data: Mapping[str, JSON], key: str) -> tuple[str, ...]:
    """A list as strings; empty when it is absent or is none."""
    return tuple(words(item) for item in listed(data, key))


def listed(data: Mapping[str, JSON], key: str) -> Sequence[JSON]:
    """A list; empty when it is absent or is none."""
    value = data.get(key)
    return value if isinstance(value, list | tuple) else ()


def mapped(data: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    """A mapping; empty when it is absent or is none."""
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def mappings(data: Mapping[str, JSON], key: str) -> list[Mapping[str, JSON]]:
    """A list of mappings, without what is none; empty when it is absent or is no list."""
    return [item for item in listed(data, key) if isinstance(item, Mapping)]


def _row(result: Result) -> Row:
    return Row(
        id=text(result, "id"),
        title=text(result, "title"),
        family=text(result, "family"),
        role=text(result, "role"),
        verdict=Verdict[text(result, "verdict")],
        kind=text(result, "kind"),
        code=text(result, "code"),
        reason=text(result, "reason"),
        preferred=bool(result.get("preferred")),
        requirements=texts(result, "requirements"),
        threats=texts(result, "threats"),
        weakness=texts(result, "weakness"),
        references=texts(result, "references"),
        severity=text(result, "severity"),
        duration_s=number(result, "duration_s"),
        outcome=text(result, "outcome"),
        rationale=text(result, "rationale"),
        remediation=text(result, "remediation"),
        twin=text(result, "twin"),
        control=text(result, "control"),
        evidence=texts(result, "evidence"),
        notes=texts(result, "notes"),
        cases=tuple(_case(case) for case in mappings(result, "cases")),
        findings=tuple(_opinion(finding) for finding in mappings(result, "findings")),
    )


def _case(case: Mapping[str, JSON]) -> Case:
    return Case(
        vary=words(case.get("vary")),
        verdict=Verdict[text(case, "verdict")],
        outcome=text(case, "outcome"),
        reason=text(case, "reason"),
        kind=text(case, "kind"),
        code=text(case, "code"),
        preferred=bool(case.get("preferred")),
        duration_s=number(case, "duration_s"),
    )


def _opinion(finding: Mapping[str, JSON]) -> Opinion:
    return Opinion(
        oracle=text(finding, "oracle"),
        verdict=Verdict[text(finding, "verdict")],
        reason=text(finding, "reason"),
    )
