"""A result as the row that run.json, the record and every report share."""

from __future__ import annotations

from harness.model import JSON, CaseResult, Result


def row_of(result: Result) -> dict[str, JSON]:
    """The row of one scenario in ``results``."""
    scenario, worst = result.scenario, result.worst
    return {
        "id": scenario.id,
        "title": scenario.title,
        "family": scenario.family,
        "role": scenario.role.value,
        "verdict": result.verdict.name,
        "kind": worst.kind.value if worst.kind else "",
        "code": worst.code.value if worst.code else "",
        "reason": worst.reason,
        "preferred": all(case.preferred for case in result.cases),
        "requirements": list(scenario.verifies),
        "threats": list(scenario.threats),
        "weakness": list(scenario.weakness),
        "references": list(scenario.references),
        "severity": scenario.severity.value,
        "duration_s": round(result.duration_s, 3),
        "outcome": worst.outcome.value if worst.outcome else "",
        "rationale": scenario.rationale,
        "remediation": scenario.remediation,
        "twin": scenario.twin,
        "control": scenario.control,
        "evidence": [path for case in result.cases for path in case.evidence],
        "cases": _cases(result),
        "findings": [
            {"oracle": found.oracle, "verdict": found.verdict.name, "reason": found.reason}
            for found in worst.findings
        ],
        "notes": list(result.notes),
    }


def _cases(result: Result) -> list[JSON]:
    """Each case, or in its place the distinct findings of a play that had several."""
    if not result.scenario.vary and not any(case.parts for case in result.cases):
        return []
    return [_case(part) for case in result.cases for part in case.parts or (case,)]


def _case(case: CaseResult) -> dict[str, JSON]:
    return {
        "vary": dict(case.vary),
        "verdict": case.verdict.name,
        "outcome": case.outcome.value if case.outcome else "",
        "reason": case.reason,
        "kind": case.kind.value if case.kind else "",
        "code": case.code.value if case.code else "",
        "preferred": case.preferred,
        "duration_s": round(case.duration_s, 3),
    }
