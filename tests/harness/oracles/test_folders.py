"""Oracles on links and modes in a storage folder, and on commands that run for objects."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import hook_sees_values, opens_nothing_to_others, writes_through_no_link
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    LEAK,
    LENIENT,
    PASS,
    UNSEEN,
    WRONG,
    Row,
    check,
)


def modes(umask: JSON, *bits: int, folder: bool = False) -> Record:
    entries: list[JSON] = [{"path": "a", "mode": each, "folder": folder} for each in bits]
    return a_record(seen("modes", "polite", umask=umask, entries=entries))


def planted(*beyond: str) -> Record:
    return a_record(seen("planted", "polite", target="a file", at="x", beyond=list(beyond)))


def hooked(
    *, taken: bool = True, heard: bool = True, literal: bool = True, **more: JSON
) -> Observation:
    fate: dict[str, JSON] = {"taken": taken, "heard": heard, "literal": literal}
    return seen("hooked", "polite", value="patient_name", text="$(>m)", **{**fate, **more})


LINKS, MODES, HOOK, PLAIN = (
    writes_through_no_link(),
    opens_nothing_to_others(),
    hook_sees_values(),
    hook_sees_values(honest=True),
)

ROWS = [
    Row(LINKS, a_record(), UNSEEN),
    Row(LINKS, a_record(seen("planted", "polite", target="a file")), UNSEEN),
    Row(LINKS, planted(), PASS, "a link to a file at x"),
    Row(LINKS, planted("target"), LEAK, "target"),
    Row(MODES, a_record(), UNSEEN),
    Row(MODES, modes(0o022), UNSEEN),
    Row(MODES, modes(None, 0o600), UNSEEN),
    Row(MODES, modes(0o022, 0o600, 0o640), PASS, "0 of 2"),
    Row(MODES, modes(0o022, 0o755, folder=True), PASS),
    Row(MODES, modes(0o022, 0o644), LENIENT, "1 of 1"),
    Row(MODES, modes(0o022, 0o600, 0o666), LEAK, "a 0666"),
    Row(MODES, modes(0o022, 0o777, folder=True), LEAK),
    Row(MODES, modes(0o077, 0o604), LEAK, "umask 0077"),
    Row(MODES, modes(0o077, 0o660), PASS),
    Row(MODES, modes(0, 0o666), UNSEEN, "start the harness with another"),
    Row(HOOK, a_record(), UNSEEN),
    Row(HOOK, a_record(hooked()), PASS),
    Row(HOOK, a_record(hooked(taken=False, heard=False, literal=False)), PASS),
    Row(HOOK, a_record(hooked(), hooked(literal=False)), LENIENT, "came altered"),
    Row(HOOK, a_record(hooked(heard=False, literal=False)), LENIENT, "command not called"),
    Row(HOOK, a_record(hooked(), hooked(marker=True)), ACCEPTED, "patient_name='$(>m)'"),
    Row(PLAIN, a_record(hooked()), PASS),
    Row(PLAIN, a_record(hooked(literal=False)), WRONG, "came altered"),
    Row(PLAIN, a_record(hooked(taken=False, literal=False)), WRONG, "was refused"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_oracle_judges(row: Row) -> None:
    check(row)
