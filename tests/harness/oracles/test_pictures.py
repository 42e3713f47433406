"""Oracles on pictures and values that a device gives back."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation
from harness.oracles import decodes_truly, gives_back_truly, keeps_exactly
from harness.verdict import Outcome
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import (
    HANG,
    LEAK,
    LENIENT,
    LOSS,
    PASS,
    RESOURCE,
    UNSEEN,
    WRONG,
    Row,
    check,
)


def kept(outcome: Outcome = Outcome.RESPONDED, status: int = 0, **data: JSON) -> Observation:
    told: dict[str, JSON] = {"taken": outcome is Outcome.RESPONDED and status == 0, "name": ""}
    return seen("kept", outcome=outcome.value, status=status, **{**told, **data})


def came(**data: JSON) -> Observation:
    found: dict[str, JSON] = {
        "objects": 1, "octets": 256, "exact": None, "foreign": 0, "digest": "a", "status": 0,
        "outcome": Outcome.RESPONDED.value, "failures": 0, "another": False,
    }  # fmt: skip
    return seen("returned", **{**found, **data})


def nothing(outcome: Outcome = Outcome.RESPONDED, **data: JSON) -> Observation:
    return seen("returned", **{"objects": 0, "outcome": outcome.value, "status": 0, **data})


TRULY, EXACTLY, HONEST = decodes_truly(), keeps_exactly(), gives_back_truly()
BUT_NAME = keeps_exactly(but="00100010")
TIMEOUT = Outcome.TIMEOUT
ROWS = [
    Row(TRULY, a_record(), UNSEEN),
    Row(TRULY, a_record(kept()), UNSEEN, "asked for the object again"),
    Row(TRULY, a_record(kept(status=0xC000)), PASS, "refused"),
    Row(TRULY, a_record(kept(Outcome.ABORTED)), PASS),
    Row(TRULY, a_record(kept(Outcome.CLOSED)), LENIENT),
    Row(TRULY, a_record(kept(Outcome.RELEASED)), WRONG),
    Row(TRULY, a_record(kept(TIMEOUT)), HANG),
    Row(decodes_truly(may_wait=True), a_record(kept(TIMEOUT)), LENIENT, "never came"),
    Row(TRULY, a_record(kept(), came(exact=True), came(exact=True)), PASS, "as it was sent"),
    Row(TRULY, a_record(kept(), came()), LENIENT, "nothing strange"),
    Row(TRULY, a_record(kept(), came(exact=False)), LENIENT),
    Row(TRULY, a_record(kept(), came(foreign=None, digest="a"), came(foreign=None)), LENIENT),
    Row(TRULY, a_record(kept(), came(foreign=3, first_foreign="c5")), LEAK, "never sent: c5"),
    Row(TRULY, a_record(kept(), came(), came(digest="b")), LEAK, "different pixels"),
    Row(TRULY, a_record(kept(), came(octets=None)), WRONG),
    Row(TRULY, a_record(kept(), came(another=True)), UNSEEN, "another object"),
    Row(TRULY, a_record(kept(), nothing(status=0xA702)), PASS, "retrieval was refused"),
    Row(TRULY, a_record(kept(), nothing(failures=1)), PASS),
    Row(TRULY, a_record(kept(), nothing(Outcome.CLOSED, status=None)), LENIENT),
    Row(TRULY, a_record(kept(), nothing(TIMEOUT, status=None)), HANG),
    Row(TRULY, a_record(kept(), nothing()), LOSS, "no object came"),
    Row(TRULY, a_record(kept(), nothing(Outcome.ACCEPTED, status=None)), RESOURCE, "without end"),
    Row(HONEST, a_record(), UNSEEN),
    Row(HONEST, a_record(kept(status=0xA700)), WRONG, "not taken"),
    Row(HONEST, a_record(kept(), nothing(status=0xA702)), LOSS, "did not come back"),
    Row(HONEST, a_record(kept(), came(exact=False)), LOSS, "changed"),
    Row(HONEST, a_record(kept(), came(exact=True)), PASS),
    Row(EXACTLY, a_record(kept(), came()), UNSEEN, "nobody compared"),
    Row(EXACTLY, a_record(kept(), came(changed=[])), PASS),
    Row(EXACTLY, a_record(kept(), came(changed=["00100010"])), LOSS, "00100010"),
    Row(BUT_NAME, a_record(kept(), came(changed=["00100010"])), LENIENT, "mended"),
    Row(BUT_NAME, a_record(kept(), came(changed=["00100010", "00100020"])), LOSS),
    Row(
        EXACTLY,
        a_record(
            kept(name="one"),
            kept(name="two"),
            came(name="one", changed=[]),
            came(name="two", changed=["00100010"]),
        ),
        LOSS,
        "two: came back",
    ),
    Row(EXACTLY, a_record(kept(name="one"), came(name="two", changed=[])), UNSEEN, "one: "),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row) -> None:
    check(row)
