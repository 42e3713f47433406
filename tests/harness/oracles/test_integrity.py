"""Oracles on what a device says and does of the objects that it keeps."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    coerces_openly,
    commits_nothing_else,
    counts_add_up,
    doubles_nothing,
    gives_back_exactly,
    keeps_studies_apart,
    leaves_no_trace,
    serves_no_changed_object,
    waits_quietly,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome
from tests.harness.oracles.table import (
    ACCEPTED,
    LENIENT,
    LOSS,
    PASS,
    RESOURCE,
    UNSEEN,
    WRONG,
    Row,
    check,
)


def fact(kind: str, **data: JSON) -> Observation:
    return Observation(at_s=0.0, actor="polite", kind=kind, data=data)


def answer(status: int) -> Observation:
    return outcome(Outcome.RESPONDED, status=status)


STORED, WARNED, REFUSED = answer(0x0000), answer(0xB000), answer(0xA700)


def report(**changes: JSON) -> Record:
    told: dict[str, JSON] = {
        "reported": True, "stored": 0, "committed": 0, "unknown": 1, "falsely": 0, "unnamed": 0,
        "reasons": [0x0112],
    }  # fmt: skip
    return a_record(STORED, fact("commitment", **{**told, **changes}))


def compared(**changes: JSON) -> Record:
    told: dict[str, JSON] = {"read": True, "values": 9, "missing": [], "changed": [], "added": []}
    return a_record(fact("comparison", **{**told, **changes}))


def coerced(status: Observation, *changed: str, noted: bool = False, read: bool = True) -> Record:
    return a_record(status, fact("coercion", read=read, changed=[*changed], noted=noted))


def injected(
    status: Observation, listed: JSON, *patients: str, own: int = 1, rule: str = "refuse"
) -> Record:
    seen = fact("injection", listed=listed, own=own, patients=[*patients], owner="A")
    return a_record(status, seen, facts={"foreign_study": rule})


def served(*, came: bool, altered: bool) -> Record:
    return a_record(fact("tampered"), fact("served", came=came, altered=altered))


def counts(*rows: list[JSON], confirmed: JSON = 2) -> Record:
    return a_record(fact("counts", total=2, confirmed=confirmed, rows=[*rows]))


def waiting(share: JSON, came: int = 1) -> Record:
    return a_record(fact("waiting", share=share), fact("retrieved", came=came))


COMMITS, EXACT, OPEN = commits_nothing_else(0x0112), gives_back_exactly(), coerces_openly()
APART, CHANGED, DOUBLED = keeps_studies_apart(), serves_no_changed_object(), doubles_nothing()
TRACE, COUNTS, QUIET = leaves_no_trace(), counts_add_up(), waits_quietly(0.5)

ROWS = [
    Row(COMMITS, report(), PASS, "0112H"),
    Row(COMMITS, report(reasons=[0x0110]), LENIENT, "0110H"),
    Row(COMMITS, a_record(answer(0x0112)), PASS, "refused"),
    Row(COMMITS, a_record(outcome(Outcome.CLOSED)), LENIENT),
    Row(COMMITS, report(falsely=1, reasons=[]), ACCEPTED, "1 of 1"),
    Row(COMMITS, report(unnamed=1, reasons=[]), WRONG, "not reported"),
    Row(COMMITS, report(reasons=[-1]), WRONG, "no reason"),
    Row(COMMITS, report(reported=False), UNSEEN),
    Row(COMMITS, report(reasons="0112H"), UNSEEN),
    Row(COMMITS, a_record(STORED), UNSEEN),
    Row(EXACT, compared(), PASS, "9 values"),
    Row(EXACT, compared(added=["00080005"]), LENIENT, "00080005"),
    Row(EXACT, compared(missing=["00290010"]), LOSS, "missing: 00290010"),
    Row(EXACT, compared(changed=["00100010"]), LOSS, "changed: 00100010"),
    Row(EXACT, compared(read=False), UNSEEN),
    Row(EXACT, a_record(), UNSEEN),
    Row(OPEN, coerced(STORED), PASS),
    Row(OPEN, coerced(STORED, "PatientName"), LOSS, "PatientName"),
    Row(OPEN, coerced(WARNED, "PatientName"), LENIENT, "warning"),
    Row(OPEN, coerced(STORED, "PatientName", noted=True), PASS, "tells"),
    Row(OPEN, coerced(WARNED, "SOPInstanceUID"), LOSS, "another object"),
    Row(OPEN, coerced(REFUSED, read=False), PASS, "refused"),
    Row(OPEN, coerced(STORED, read=False), UNSEEN),
    Row(OPEN, a_record(), UNSEEN),
    Row(APART, injected(REFUSED, 1, "A"), PASS, "refused"),
    Row(APART, injected(WARNED, 1, "A"), LENIENT, "B000H"),
    Row(APART, injected(WARNED, 1, "A", rule="flag"), PASS, "B000H"),
    Row(APART, injected(STORED, 0, "A"), PASS, "out of the study"),
    Row(APART, injected(STORED, 1, "A", "B"), LENIENT, "both"),
    Row(APART, injected(STORED, 1, "A"), ACCEPTED, "under the first"),
    Row(APART, injected(STORED, 1, "B"), ACCEPTED, "another patient"),
    Row(APART, injected(STORED, 0, "A", own=0), UNSEEN, "not listed either"),
    Row(APART, injected(STORED, None), UNSEEN),
    Row(APART, a_record(STORED), UNSEEN),
    Row(APART, a_record(), UNSEEN),
    Row(CHANGED, served(came=False, altered=False), PASS),
    Row(CHANGED, served(came=True, altered=False), LENIENT, "original"),
    Row(CHANGED, served(came=True, altered=True), ACCEPTED),
    Row(CHANGED, a_record(fact("tampered")), UNSEEN),
    Row(CHANGED, a_record(fact("served", came=True, altered=True)), UNSEEN, "no stored file"),
    Row(DOUBLED, a_record(fact("replayed", before=1, after=1)), PASS),
    Row(DOUBLED, a_record(fact("replayed", before=1, after=2)), LOSS, "2 after"),
    Row(DOUBLED, a_record(fact("replayed", before=1, after=0)), LOSS, "0 after"),
    Row(DOUBLED, a_record(fact("replayed", before=0, after=0)), UNSEEN),
    Row(DOUBLED, a_record(fact("replayed", before=True, after=1)), UNSEEN),
    Row(TRACE, a_record(fact("aftermath", unharmed=True, why="harm")), PASS),
    Row(TRACE, a_record(fact("aftermath", unharmed=False, why="harm")), ACCEPTED, "harm"),
    Row(TRACE, a_record(), UNSEEN),
    Row(COUNTS, counts([0xFF00, 1, 1, 0, 0], [0, 0, 2, 0, 0]), PASS, "each of 2"),
    Row(COUNTS, counts([0xFF00, 1, 1, 0, 0], [0, None, 2, 0, 0]), PASS),
    Row(COUNTS, counts([0xFF00, 1, 1, 0, 0], [0xB000, 0, 1, 1, 0], confirmed=1), PASS),
    Row(COUNTS, counts([0xFF00, 1, 2, 0, 0], [0, 0, 2, 0, 0]), WRONG, "add up"),
    Row(COUNTS, counts([0xFF00, 0, 2, 0, 0], [0xFF00, 1, 1, 0, 0]), WRONG, "add up"),
    Row(COUNTS, counts([0xFF00, 1, 1, 0, 0], [0, None, 1, 0, 0]), WRONG, "at the end"),
    Row(COUNTS, counts([0, 0, 2, 0, 0], confirmed=1), WRONG, "called sent"),
    Row(COUNTS, counts([0, None, 2, 0, 0]), UNSEEN),
    Row(COUNTS, counts([0, 0, 2, 0, 0], confirmed=None), UNSEEN),
    Row(COUNTS, counts(), UNSEEN),
    Row(COUNTS, a_record(), UNSEEN),
    Row(QUIET, waiting(0.01), PASS, "1%"),
    Row(QUIET, waiting(0.99), RESOURCE, "99%"),
    Row(QUIET, waiting(0.01, came=0), UNSEEN, "never came"),
    Row(QUIET, waiting(None), UNSEEN),
    Row(QUIET, a_record(), UNSEEN),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_judges(row: Row) -> None:
    check(row)


def test_what_judges_a_refusal_says_so() -> None:
    assert all(oracle.refusal for oracle in (COMMITS, APART, CHANGED))
    assert not any(oracle.refusal for oracle in (EXACT, OPEN, DOUBLED, TRACE, COUNTS, QUIET))
