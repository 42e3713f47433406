"""Oracles on what strangers learn by guessing: titles, limits, enumeration, existence."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    limits_enumeration,
    refuses_alike,
    tells_nothing_of_existence,
    throttles_guesses,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LEAK,
    PASS,
    UNSEEN,
    WARN,
    Row,
    check,
)


def guess(wrong: str, answer: str = "1/1/1", **more: JSON) -> Observation:
    how = "REJECTED" if answer else "CLOSED"
    data: dict[str, JSON] = {
        "wrong": wrong, "outcome": how, "answer": answer, "seconds": 0.01, **more
    }  # fmt: skip
    return seen("guess", "attacker", **data)


def search(form: str, found: int = 0, status: int = 0, **more: JSON) -> Observation:
    data: dict[str, JSON] = {
        "name": "PatientName", "form": form, "text": "A*", "found": found, "status": status,
        "outcome": "RESPONDED", "seconds": 0.01, **more,
    }  # fmt: skip
    return seen("search", "attacker", **data)


def guesses(judged: int, unheard: int, limit: int | None = 3, how: str = "REJECTED") -> Record:
    heard = [guess("calling", outcome=how) for _ in range(judged)]
    heard += [guess("calling", "2/3/1") for _ in range(unheard)]
    return a_record(*heard, facts={"guess_limit": limit})


ALIKE, THROTTLES = refuses_alike(), throttles_guesses()
LIMITS, SILENT = limits_enumeration(), tells_nothing_of_existence()
HONEST = search("honest", 1)
ROWS = [
    Row(ALIKE, a_record(), UNSEEN),
    Row(ALIKE, a_record(guess("calling"), guess("both")), UNSEEN),
    Row(ALIKE, a_record(guess("calling"), guess("called"), guess("both")), PASS),
    Row(ALIKE, a_record(guess("calling", "1/1/3"), guess("called", "1/1/7")), LEAK, "1/1/7"),
    Row(ALIKE, a_record(guess("calling", ""), guess("called")), LEAK),
    Row(ALIKE, a_record(guess("calling"), guess("called", outcome="ACCEPTED")), ACCEPTED),
    Row(THROTTLES, a_record(), UNSEEN),
    Row(THROTTLES, guesses(3, 10, limit=None), UNSEEN),
    Row(THROTTLES, guesses(3, 10), PASS, "3 of 13"),
    Row(THROTTLES, guesses(4, 10), ACCEPTED),
    Row(THROTTLES, guesses(0, 10), UNSEEN),
    Row(THROTTLES, guesses(2, 0), UNSEEN, "too few"),
    Row(THROTTLES, guesses(3, 0, how="ACCEPTED"), ACCEPTED, "not refused"),
    Row(
        THROTTLES,
        a_record(guess("calling"), *[guess("calling", seconds=1.5)] * 9, facts={"guess_limit": 3}),
        PASS,
        "1 of 10",
    ),
    Row(LIMITS, a_record(), UNSEEN),
    Row(LIMITS, a_record(search("honest", 0), search("broad")), UNSEEN),
    Row(LIMITS, a_record(HONEST), UNSEEN),
    Row(LIMITS, a_record(HONEST, search("broad"), search("broad", 0, 0xA900)), PASS, "2 queries"),
    Row(LIMITS, a_record(HONEST, search("broad"), search("broad", 3)), LEAK, "3 match(es)"),
    Row(LIMITS, a_record(HONEST, search("broad", outcome="TIMEOUT")), HANG),
    Row(SILENT, a_record(), UNSEEN),
    Row(SILENT, a_record(outcome(Outcome.TIMEOUT)), UNSEEN),
    Row(SILENT, a_record(outcome(Outcome.REJECTED)), PASS, "not let in"),
    Row(SILENT, a_record(outcome(Outcome.RELEASED, contexts=0)), PASS, "not let in"),
    Row(SILENT, a_record(search("existing"), search("random")), PASS, "1 pairs"),
    Row(SILENT, a_record(search("existing", 0, 0x0124), search("random")), LEAK, "0124H"),
    Row(SILENT, a_record(search("existing", 1), search("random")), LEAK, "1 match(es)"),
    Row(SILENT, a_record(search("existing", seconds=0.1), search("random")), WARN, "times"),
    Row(SILENT, a_record(search("existing", seconds=0.012), search("random")), PASS),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdict(row: Row) -> None:
    check(row)
