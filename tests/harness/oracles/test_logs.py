"""Oracles on what text of a peer becomes in the log: lines of its own, sequences, formats."""

from __future__ import annotations

import pytest

from harness.model import Record
from harness.oracles import log_escapes_controls, log_is_literal, log_lines_are_its_own
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import LEAK, LENIENT, PASS, UNSEEN, WARN, Row, check

MARK = "FORGED12345678"


def log(*marked: str, prefixed: int = 0) -> Record:
    return a_record(seen("log", "process", marked=list(marked), prefixed=prefixed))


ROWS = [
    Row(log_is_literal(), a_record(), UNSEEN),
    Row(log_is_literal(), log(), LENIENT, "nothing of it"),
    Row(log_is_literal(), log(f"lling={MARK}%x%p%d from"), PASS),
    Row(log_is_literal(), log(f"lling={MARK}%x"), PASS),
    Row(log_is_literal(), log(f"{MARK}%%x%%p%%d"), PASS),
    Row(log_is_literal(), log(f"{MARK}%25x%25p"), PASS),
    Row(log_is_literal(), log(f"{MARK}\\x25x"), PASS),
    Row(log_is_literal(), log(f"{MARK}7ffe1c20"), LEAK),
    Row(log_is_literal(), log(f"{MARK}(nil)"), LEAK),
    Row(log_is_literal(), log(f"{MARK}_x_p_d"), PASS),
    Row(log_is_literal(), log(f"{MARK} (127.0.0.1)"), PASS),
    Row(log_is_literal(), log(f"{MARK}%x%p%d", f"{MARK}0"), LEAK),
    Row(log_escapes_controls(), a_record(), UNSEEN),
    Row(log_escapes_controls(), log(f"A\x1b[7m{MARK}"), WARN),
    Row(log_escapes_controls(), log(f"A\\x1b[7m{MARK}"), PASS),
    Row(log_escapes_controls(), log(), PASS),
    Row(log_lines_are_its_own(), a_record(), UNSEEN),
    Row(log_lines_are_its_own(), log(), PASS),
    Row(log_lines_are_its_own(), log(prefixed=2), LEAK, "2 line(s)"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdict(row: Row) -> None:
    check(row)
