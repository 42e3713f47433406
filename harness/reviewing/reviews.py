"""Manual evidence: what a run asks a person, what was answered, and what follows from it.

Answers stand in the record, each for good: a later one supersedes an earlier one, and both stay.
The verdict of a question is made from them whenever the record is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON, Observation, Question
from harness.reviewing import attestation
from harness.reviewing.attestation import ATTESTATION, QUESTION

Plays = Mapping[str, Sequence[Observation]]
Row = Mapping[str, JSON]

MARK = "Attested, not measured: "
"""How the note begins that stands at every result which rests on a person's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a run, with the result that it has now.

    Attributes:
        scenario: Id of the scenario.
        title: What is required of the device.
        question: What a person is asked.
        verdict: Name of the verdict so far.
    """

    scenario: str
    title: str
    question: Question
    verdict: str

    @property
    def open(self) -> bool:
        """True while nobody has answered."""
        return self.verdict == "REVIEW"


def asked(rows: Sequence[Row], plays: Plays) -> list[Asked]:
    """Every question that a run put, in the order of its results."""
    found: list[Asked] = []
    for row in rows:
        name = str(row["id"])
        seen = next((one for one in plays.get(name, ()) if one.kind == QUESTION), None)
        if seen is not None:
            words = {key: str(seen.data.get(key) or "") for key in ("ask", "look", "attach", "who")}
            found.append(
                Asked(
                    scenario=name, title=str(row["title"]), question=Question(**words),
                    verdict=str(row["verdict"]),
                )
            )  # fmt: skip
    return found


def attestation_rows(head: Mapping[str, JSON], plays: Plays) -> list[JSON]:
    """Every attestation of a run, scenario by scenario, in the order in which they were given."""
    run, known = attestation.binding(head), _reviewers(head)
    texts = ("scenario", "question", "answer", "by", "role", "organisation", "at", "note")
    return [
        {
            **{key: str(data.get(key) or "") for key in texts},
            "attachments": [_attachment(one) for one in _attachments(data)],
            "signature": attestation.signature(data, run, known),
        }
        for _, given in sorted(_given(plays).items())
        for data in given
    ]


def settled(head: Mapping[str, JSON], rows: Sequence[Row], plays: Plays) -> list[Row]:
    """The results with the verdicts that follow from what persons attested."""
    given = _given(plays)
    run, known = attestation.binding(head), _reviewers(head)
    return [
        _settled(row, plays, given[str(row["id"])], run, known) if str(row["id"]) in given else row
        for row in rows
    ]


def _settled(
    row: Row, plays: Plays, given: Sequence[Row], run: str, known: Sequence[str]
) -> dict[str, JSON]:
    valid = [data for data in given if attestation.holds(data, run)]
    found = attestation.finding(valid, _ask(plays.get(str(row["id"]), ())))
    said = row.get("notes")
    notes: list[JSON] = [
        note for note in (said if isinstance(said, list) else []) if not str(note).startswith(MARK)
    ]
    evidence: list[JSON] = []
    if valid:
        state = attestation.signature(valid[-1], run, known)["state"]
        notes.append(f"{MARK}{attestation.giver(valid[-1])}; signature: {state}")
        evidence += [f"attachments/{one['name']}" for one in _attachments(valid[-1])]
    if len(valid) < len(given):
        notes.append(f"{MARK}{len(given) - len(valid)} answer(s) do not hold and do not count")
    verdict = found.verdict.name
    return {
        **row,
        "verdict": verdict,
        "kind": found.kind.value if found.kind else "",
        "code": "",
        "reason": found.reason,
        "outcome": found.outcome.value if found.outcome else "",
        "evidence": evidence,
        "findings": [{"oracle": "attested", "verdict": verdict, "reason": found.reason}],
        "notes": notes,
    }


def _given(plays: Plays) -> dict[str, list[Row]]:
    """The answers by scenario; plays of questions are named as their scenarios."""
    found: dict[str, list[Row]] = {}
    for name, seen in plays.items():
        if given := [one.data for one in seen if one.kind == ATTESTATION]:
            found[name] = given
    return found


def _ask(seen: Sequence[Observation]) -> str:
    return next((str(one.data.get("ask")) for one in seen if one.kind == QUESTION), "")


def _attachment(one: Row) -> dict[str, JSON]:
    size = one.get("bytes")
    return {
        "name": str(one.get("name")),
        "sha256": str(one.get("sha256")),
        "bytes": size if isinstance(size, int) else 0,
    }


def _attachments(data: Row) -> list[Row]:
    listed = data.get("attachments")
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _reviewers(head: Mapping[str, JSON]) -> list[str]:
    known = head.get("reviewers")
    return [str(one) for one in known] if isinstance(known, list) else []
