"""Oracles on what a device keeps of objects that collide, and of transfers that were cut off."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    keeps_every_name,
    keeps_one_of_them,
    keeps_to_duplicate_rule,
    leaves_nothing,
    withdraws_nothing,
    withdraws_what_it_names,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LENIENT,
    LOSS,
    PASS,
    RESOURCE,
    UNSEEN,
    WRONG,
    Row,
    check,
)

Copy = tuple[int, int]
ONE, TWO, HALF, NOTHING = (1, 1), (2, 2), (1, 2), (0, 0)


def offered(
    mark: int, status: int | None = 0, *, by: str = "attacker", **data: JSON
) -> Observation:
    taken = status is not None and status in (0, 0xB000)
    words: dict[str, JSON] = {"outcome": Outcome.RESPONDED.value, "legal": True, **data}
    return seen("offered", by, mark=mark, taken=taken, status=status, **words)


def kept(*copies: Copy, how: str = "C-GET") -> Observation:
    told: Sequence[JSON] = [{"header": one, "pixels": other} for one, other in copies]
    return seen("kept", "polite", how=how, copies=told)


def collision(rule: str | None, second: Observation, *looks: Observation) -> Record:
    first = offered(1, by="polite")
    return a_record(first, second, *looks, facts={"duplicates": rule})


def withdrawn(gone: bool, *answers: Observation) -> Record:
    return a_record(*answers, seen("withdrawn", "polite", gone=gone))


def traces(how: str, found: JSON, control: JSON) -> Observation:
    return seen("traces", "polite", how=how, found=found, control=control)


TOGETHER, NAMES, RULE, NO_REMAINS = (
    keeps_one_of_them(),
    keeps_every_name(),
    keeps_to_duplicate_rule(),
    leaves_nothing(),
)
STAYS, GOES = withdraws_nothing(), withdraws_what_it_names()
SILENT = Outcome.TIMEOUT.value
REFUSED, TAKEN = (outcome(Outcome.RESPONDED, status=status) for status in (0x0124, 0))

ROWS = [
    Row(TOGETHER, a_record(), UNSEEN, "nobody could look"),
    Row(TOGETHER, a_record(offered(1)), UNSEEN, "nobody could look"),
    Row(TOGETHER, a_record(kept(ONE)), UNSEEN, "nothing was offered"),
    Row(TOGETHER, a_record(offered(1, 0x0111), kept(ONE)), UNSEEN, "took none"),
    Row(TOGETHER, a_record(offered(1), offered(2, 0x0111), kept(ONE)), PASS, "1 of 2 taken"),
    Row(TOGETHER, a_record(offered(1), offered(2), kept(TWO), kept(TWO, how="files")), PASS),
    Row(TOGETHER, a_record(offered(1), offered(2), kept(HALF)), LOSS, "mix two objects"),
    Row(TOGETHER, a_record(offered(1), offered(2), kept(NOTHING)), LOSS, "damaged"),
    Row(TOGETHER, a_record(offered(1), offered(2), kept()), LOSS, "none is there"),
    Row(TOGETHER, a_record(offered(1), offered(2), kept(ONE, TWO)), LOSS, "2 objects of one name"),
    Row(TOGETHER, a_record(offered(1), offered(2), kept(ONE, TWO, how="files")), LENIENT),
    Row(TOGETHER, a_record(offered(1), kept(ONE), kept(ONE, HALF, how="files")), LOSS, "files"),
    Row(NAMES, a_record(), UNSEEN),
    Row(NAMES, a_record(offered(1), offered(2), kept(ONE, TWO)), PASS, "2 of 2 taken"),
    Row(NAMES, a_record(offered(1), offered(2), kept(TWO, TWO)), LOSS, "1 of 2 objects"),
    Row(NAMES, a_record(offered(1), offered(2), kept(ONE, HALF)), LOSS, "mix"),
    Row(NAMES, a_record(offered(1), offered(2, 0x0117), kept(ONE)), WRONG, "conforming name"),
    Row(NAMES, a_record(offered(1), offered(2, 0x0117, legal=False), kept(ONE)), PASS),
    Row(NAMES, a_record(offered(1, 0xB000, legal=False), kept()), LOSS),
    Row(NAMES, a_record(offered(1, None, legal=False, outcome=SILENT), kept()), HANG),
    Row(RULE, collision("refuse", offered(2, 0x0111)), UNSEEN),
    Row(RULE, collision(None, offered(2, 0x0111), kept(ONE)), UNSEEN),
    Row(RULE, a_record(kept(ONE), facts={"duplicates": "keep"}), UNSEEN),
    Row(RULE, collision("keep", offered(2, None, outcome=SILENT), kept(ONE)), HANG),
    Row(RULE, collision("refuse", offered(2, 0x0111), kept(ONE)), PASS, "0111H"),
    Row(RULE, collision("refuse", offered(2), kept(ONE)), ACCEPTED, "RESPONDED 0000H"),
    Row(RULE, collision("refuse", offered(2, 0x0111), kept(ONE, TWO)), ACCEPTED),
    Row(RULE, collision("refuse", offered(2), kept(TWO)), LOSS, "the first object is gone"),
    Row(RULE, collision("refuse", offered(2, 0x0111), kept(HALF)), LOSS, "mix"),
    Row(RULE, collision("keep", offered(2, 0x0111), kept(ONE)), PASS),
    Row(RULE, collision("keep", offered(2), kept(ONE)), LENIENT),
    Row(RULE, collision("keep", offered(2), kept(ONE, TWO)), LENIENT),
    Row(RULE, collision("keep", offered(2), kept(TWO)), LOSS, "there: 2"),
    Row(RULE, collision("replace", offered(2), kept(TWO)), PASS),
    Row(RULE, collision("replace", offered(2), kept(ONE, TWO)), LENIENT),
    Row(RULE, collision("replace", offered(2), kept(ONE)), LOSS, "not what this says"),
    Row(RULE, collision("replace", offered(2, 0x0111), kept(ONE)), PASS),
    Row(RULE, collision("replace", offered(2, 0x0111), kept(TWO)), LOSS),
    Row(RULE, collision("replace", offered(2), kept(TWO), kept(HALF, how="files")), LOSS),
    Row(RULE, collision("replace", offered(1), kept(ONE)), PASS),
    Row(RULE, collision("refuse", offered(1, 0x0111), kept(ONE)), PASS),
    Row(RULE, collision("refuse", offered(1), kept()), LOSS, "gone after it was sent again"),
    Row(RULE, collision("refuse", offered(1), kept(ONE, ONE)), LOSS, "2 times"),
    Row(RULE, collision("refuse", offered(1), kept(ONE, ONE, how="files")), LENIENT),
    Row(STAYS, a_record(), UNSEEN),
    Row(STAYS, withdrawn(False), UNSEEN, "nobody looked"),
    Row(STAYS, a_record(REFUSED), UNSEEN),
    Row(STAYS, withdrawn(False, REFUSED), PASS),
    Row(STAYS, withdrawn(False, outcome(Outcome.REJECTED)), PASS),
    Row(STAYS, withdrawn(False, outcome(Outcome.RELEASED, contexts=0)), PASS),
    Row(STAYS, withdrawn(False, TAKEN), LENIENT),
    Row(STAYS, withdrawn(True, TAKEN), LOSS, "the object is gone"),
    Row(STAYS, withdrawn(True, REFUSED), LOSS),
    Row(STAYS, withdrawn(False, outcome(Outcome.TIMEOUT)), HANG),
    Row(GOES, a_record(), UNSEEN),
    Row(GOES, withdrawn(True), PASS),
    Row(GOES, withdrawn(False), WRONG),
    Row(NO_REMAINS, a_record(), UNSEEN),
    Row(NO_REMAINS, a_record(traces("C-FIND", 0, 0)), UNSEEN, "stored honestly"),
    Row(NO_REMAINS, a_record(traces("C-FIND", None, 1)), UNSEEN),
    Row(NO_REMAINS, a_record(traces("C-FIND", 0, 1), traces("files", 0, 0)), PASS, "(C-FIND)"),
    Row(NO_REMAINS, a_record(traces("C-FIND", 1, 1)), ACCEPTED, "C-FIND shows it"),
    Row(NO_REMAINS, a_record(traces("C-GET", 0, 1), traces("files", 2, 1)), RESOURCE, "2 file(s)"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_oracle_judges(row: Row) -> None:
    check(row)
