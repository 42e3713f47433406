"""One result as allure's result file: status, labels, steps and what may be attached.

The keys are those of the result format of Allure 2, which Allure 3 reads too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.allure import severity_label
from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports.identity import digest, named_uuid, product_of, run_words
from reports.markdown import quoted
from reports.page.finding import outer_link
from reports.rows import Case, Row
from reports.text import LIMIT, one_line, visible

STATUS = {
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.PASS: "passed",
    Verdict.WARN: "passed",
    Verdict.REVIEW: "unknown",
    Verdict.INCONCLUSIVE: "broken",
    Verdict.FAIL: "failed",
    Verdict.ERROR: "broken",
}
"""Nothing that is open is passed: allure calls broken what a build must not overlook."""

_TOLD_CASES = 100

Attachment = Mapping[str, JSON]


def result_of(
    run: Run, row: Row, began_ms: int, attachments: Sequence[Attachment], waiver: str
) -> dict[str, JSON]:
    """The result file of one row.

    Args:
        run: The run that it belongs to.
        row: The result.
        began_ms: When the run began, in milliseconds since 1970; rows have no beginning of theirs.
        attachments: What is attached to it, ready for the file.
        waiver: Who answers for the failure, and why; empty when nobody does.
    """
    ended = began_ms + max(0, round(row.duration_s * 1000))
    span: dict[str, JSON] = {"stage": "finished", "start": began_ms, "stop": ended}
    details: dict[str, JSON] = {"message": visible(f"{why_of(row)}: {row.reason}")}
    if waiver:
        details |= {"known": True, "muted": True}
    return {
        "uuid": named_uuid("allure", *run_words(run), row.id),
        "historyId": digest("allure", *product_of(run), row.id),
        "testCaseId": digest("allure", row.id),
        "fullName": one_line(f"dicom-assay.{row.family}.{row.id}"),
        "name": one_line(f"{row.id} {row.title}", 300),
        "description": _description(row, waiver),
        "status": STATUS[row.verdict],
        "statusDetails": details,
        **span,
        "labels": [{"name": name, "value": value} for name, value in _labels(row, waiver)],
        "links": list(_links(row)),
        "parameters": [],
        "steps": list(_steps(row, span)),
        "attachments": list(attachments),
    }


def unfinished(run: Run, name: str, began_ms: int) -> dict[str, JSON]:
    """The result file of a scenario that was selected and has no result."""
    return {
        "uuid": named_uuid("allure", *run_words(run), name),
        "historyId": digest("allure", *product_of(run), name),
        "testCaseId": digest("allure", name),
        "fullName": one_line(f"dicom-assay.{name}"),
        "name": one_line(name),
        "status": "unknown",
        "statusDetails": {"message": "NOT FINISHED: selected, but the run ended before it"},
        "stage": "finished",
        "start": began_ms,
        "stop": began_ms,
        "labels": [{"name": "suite", "value": "Not finished"}],
    }


def why_of(row: Row) -> str:
    """The word by which categories sort: kind, code or verdict."""
    return one_line(row.kind or row.code or row.verdict.name, 100)


def _description(row: Row, waiver: str) -> str:
    parts = [quoted(row.rationale, LIMIT)]
    if row.remediation:
        parts.append(f"**To mend it.** {quoted(row.remediation, LIMIT)}")
    if waiver:
        parts.append(f"**Waived.** {quoted(waiver, LIMIT)}")
    parts.append("Pre-certification evidence, not a certificate.")
    return "\n\n".join(part for part in parts if part)


def _labels(row: Row, waiver: str) -> Iterator[tuple[str, str]]:
    named = (
        ("framework", "dicom-assay"),
        ("severity", severity_label(row.severity)),
        ("parentSuite", row.role),
        ("suite", row.family_name),
        ("epic", row.role),
        ("feature", row.family_name),
        ("story", row.id),
        ("package", f"dicom-assay.{row.family}"),
        ("role", row.role),
        ("verdict", row.verdict.name),
    )
    tags = [*row.requirements, *row.threats, *row.weakness]
    tags += [row.verdict.name.lower()] * (row.verdict in (Verdict.WARN, Verdict.REVIEW))
    tags += ["waived"] * bool(waiver)
    for name, value in (*named, *(("tag", tag) for tag in dict.fromkeys(tags))):
        if value:
            yield name, one_line(value, 200)


def _links(row: Row) -> Iterator[JSON]:
    for link in map(outer_link, (*row.weakness, *row.references)):
        if link.href:
            yield {"name": one_line(link.text, 200), "url": link.href, "type": "link"}


def _steps(row: Row, span: Mapping[str, JSON]) -> Iterator[JSON]:
    for item in row.findings:
        yield _step(f"{item.oracle}: {item.verdict.name}", item.verdict, item.reason, span)
    told = sorted((case for case in row.cases if case.vary), key=_worst_first)
    for case in told[:_TOLD_CASES]:
        reason = f"{case.outcome} {case.reason}".strip()
        yield _step(f"case {case.vary}: {case.verdict.name}", case.verdict, reason, span)
    if len(told) > _TOLD_CASES:
        more = f"{len(told) - _TOLD_CASES} more cases, none of them worse"
        yield _step(more, told[_TOLD_CASES].verdict, more, span)


def _worst_first(case: Case) -> int:
    return -case.verdict


def _step(name: str, verdict: Verdict, reason: str, span: Mapping[str, JSON]) -> JSON:
    return {
        "name": one_line(f"{name}, {reason}", 200),
        "status": STATUS[verdict],
        "statusDetails": {"message": visible(reason)},
        **span,
    }
