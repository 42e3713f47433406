"""Observations, risks and findings of an OSCAL assessment result.

A finding says satisfied or not satisfied and nothing between, so only requirements that stand
clearly have one; what is undecided, left to a person or not applicable is an observation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from harness import requirements
from harness.model import JSON
from harness.run import Run
from harness.standing import Standing, State
from harness.verdict import Verdict
from reports import oscal_words as words
from reports.rows import Row, mappings, text
from reports.text import visible

_SATISFIED = frozenset({State.HOLDS, State.WARNED})
_NOT_SATISFIED = frozenset({State.BROKEN, State.WAIVED})
_ATTESTED = "A person has attested it; see the observation of the attestation."
_REMARKS = {
    Verdict.REVIEW: "Open: a person has to look, and nobody has attested yet.",
    Verdict.INCONCLUSIVE: "Open: nothing may be concluded from it.",
    Verdict.ERROR: "Open: the harness failed, not the device.",
    Verdict.NOT_APPLICABLE: "Not applicable: the device does not claim what it needs.",
    Verdict.WARN: "A recommendation is not kept.",
}


def observations_of(run: Run, rows: Sequence[Row]) -> Iterator[JSON]:
    """One observation a result, then one an attestation."""
    collected = words.ended(run)
    attestations = mappings(run.document, "attestations")
    attested = {text(item, "scenario") for item in attestations}
    for row in rows:
        remark = _ATTESTED if row.id in attested else _REMARKS.get(row.verdict, "")
        yield _observation(run, row, collected, remark)
    for number, item in enumerate(attestations):
        yield _attested(run, number, item, collected)


def risks_of(run: Run, rows: Sequence[Row]) -> Iterator[JSON]:
    """One risk a failure; a waiver that holds makes it an approved deviation with a deadline."""
    waived = words.waivers_of(run)
    for row in rows:
        if row.verdict is Verdict.FAIL:
            yield _risk(run, row, waived.get(row.id))


def findings_of(run: Run, rows: Sequence[Row], stands: Mapping[str, Standing]) -> Iterator[JSON]:
    """One finding for each requirement that is satisfied or not."""
    verdicts = {row.id: row.verdict for row in rows}
    for standing in stands.values():
        if standing.state in _SATISFIED | _NOT_SATISFIED:
            yield _finding(run, standing, verdicts)


def _observation(run: Run, row: Row, collected: str, remark: str) -> JSON:
    found: dict[str, JSON] = {
        "uuid": words.uuid_of(run, "observation", row.id),
        "title": words.title(f"{row.id} {row.title}"),
        "description": visible(row.reason) or "No reason was recorded.",
        "props": words.props(_facts(row)),
        "methods": ["EXAMINE" if row.verdict is Verdict.REVIEW else "TEST"],
        "types": ["finding" if row.verdict is Verdict.FAIL else "control-objective"],
        "origins": words.origin(run),
        "subjects": words.subject(run),
        "collected": collected,
    }
    if evidence := list(words.evidence_of(row)):
        found["relevant-evidence"] = evidence
    if remark:
        found["remarks"] = remark
    return found


def _facts(row: Row) -> Iterable[tuple[str, str]]:
    yield "scenario", row.id
    yield "verdict", row.verdict.name
    yield "failure-kind", row.kind
    yield "reason-code", row.code
    yield "outcome", row.outcome
    yield "severity", row.severity
    yield "role", row.role
    for name in row.requirements:
        yield "requirement-id", name
    for name in row.weakness:
        yield "weakness", name
    for name in row.threats:
        yield "threat", name


def _attested(run: Run, number: int, item: Mapping[str, JSON], collected: str) -> JSON:
    said = f"{text(item, 'question')} {text(item, 'answer')}. {text(item, 'note')}"
    named = ("scenario", "answer", "by", "role", "organisation")
    at = text(item, "at")
    return {
        "uuid": words.uuid_of(run, "attestation", str(number), text(item, "scenario")),
        "title": words.title(f"{text(item, 'scenario')} attested by {text(item, 'by')}"),
        "description": visible(said),
        "props": words.props((key, text(item, key)) for key in named),
        "methods": ["EXAMINE"],
        "types": ["control-objective"],
        "subjects": words.subject(run),
        "collected": words.timed(at) if at else collected,
        "remarks": "A person's statement, not a test.",
    }


def _risk(run: Run, row: Row, waiver: Mapping[str, JSON] | None) -> JSON:
    risk: dict[str, JSON] = {
        "uuid": words.uuid_of(run, "risk", row.id),
        "title": words.title(f"{row.id} fails: {row.kind or row.reason}"),
        "description": visible(row.reason) or "No reason was recorded.",
        "statement": visible(row.rationale or row.title) or "No rationale was recorded.",
        "props": words.props(_of_risk(row)),
        "status": "deviation-approved" if waiver else "open",
        "related-observations": [
            {"observation-uuid": words.uuid_of(run, "observation", row.id)},
        ],
    }
    if waiver is not None:
        named = ((key, text(waiver, key)) for key in ("why", "owner", "expires"))
        risk["props"] = [*words.props(_of_risk(row)), *words.props(named)]
        if expires := text(waiver, "expires"):
            risk["deadline"] = words.timed(expires)
    if row.remediation:
        remedy: dict[str, JSON] = {
            "uuid": words.uuid_of(run, "remedy", row.id),
            "lifecycle": "recommendation",
            "title": words.title(f"To mend {row.id}"),
            "description": visible(row.remediation),
        }
        risk["remediations"] = [remedy]
    return risk


def _of_risk(row: Row) -> Iterable[tuple[str, str]]:
    return ("severity", row.severity), ("scenario", row.id)


def _finding(run: Run, standing: Standing, verdicts: Mapping[str, Verdict]) -> JSON:
    name, good = standing.requirement, standing.state in _SATISFIED
    part = standing.partial and good
    known = requirements.load().get(name)
    seen = [one for one in standing.scenarios if one in verdicts]
    target: dict[str, JSON] = {
        "type": "objective-id",
        "target-id": f"{words.token(name)}_{'tested-part' if part else 'obj'}",
        "title": words.title(f"{name}, the part that was tested" if part else name),
        "status": {
            "state": "satisfied" if good else "not-satisfied",
            "reason": "pass" if good else "fail",
        },
    }
    found: dict[str, JSON] = {
        "uuid": words.uuid_of(run, "finding", name),
        "title": words.title(f"{name}: {standing.state.value}"),
        "description": visible(known.text if known else name),
        "props": words.props(
            [
                ("requirement-id", name),
                ("state", standing.state.value),
                ("coverage", "partial" if standing.partial else "whole"),
            ]
        ),
        "origins": words.origin(run),
        "target": target,
    }
    if standing.reason:
        found["remarks"] = visible(standing.reason)
    if seen:
        found["related-observations"] = [
            {"observation-uuid": words.uuid_of(run, "observation", one)} for one in seen
        ]
    failed = [one for one in seen if verdicts[one] is Verdict.FAIL]
    if failed:
        found["related-risks"] = [{"risk-uuid": words.uuid_of(run, "risk", one)} for one in failed]
    return found
