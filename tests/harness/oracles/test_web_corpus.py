"""Oracles on the corpus by the web: what is kept, shown and written."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles.web_keeping import (
    keeps_or_refuses,
    serves_as_objects,
    stores_what_is_compressed,
)
from harness.oracles.web_pictures import renders, shows_its_own_pixels
from harness.oracles.web_sinks import exports_no_formula, writes_validly
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LEAK,
    LENIENT,
    LOSS,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)


def answer(code: int, **more: JSON) -> Observation:
    return outcome(Outcome.RESPONDED, code=code, detail=f"HTTP {code}", **more)


def kept(**more: JSON) -> Observation:
    data: dict[str, JSON] = {
        "came": 1, "code": 200, "same": True, "lost": [], "patients": ["SYN1"], "listed": ["SYN1"],
        "returned": ["SYN1"], **more,
    }  # fmt: skip
    return seen("kept", "polite", **data)


def pictured(way: str = "frame", **more: JSON) -> Observation:
    data: dict[str, JSON] = {
        "outcome": "RESPONDED",
        "code": 200,
        "octets": 9,
        "digest": "a",
        **more,
    }
    return seen("pictured", way=way, **data)


def written(**more: JSON) -> Observation:
    data: dict[str, JSON] = {"form": "JSON", "code": 200, "valid": True, "wrong": [], "right": 1}
    return seen("written", **{**data, **more})


def packed(one: Observation, *, there: bool, listed: int = 0, claimed: bool = False) -> Record:
    told = seen("listed", "polite", count=listed)
    effect = seen("effect", "polite", what="the study", changed=not there)
    return a_record(one, told, effect, facts={"web_gzip": claimed})


TAKEN, SILENT, CLOSED = answer(200), outcome(Outcome.TIMEOUT), outcome(Outcome.CLOSED)
KEEPS, ODD = keeps_or_refuses(), keeps_or_refuses(malformed=False)
PACKED = stores_what_is_compressed()
OWN, TWIN = shows_its_own_pixels(), renders()
VALID, HONEST = writes_validly(), writes_validly(honest=True)
HTML: JSON = {"content-type": "text/html"}
DICOM: JSON = {"content-type": "application/dicom"}
ROWS = [
    Row(KEEPS, a_record(), UNSEEN),
    Row(KEEPS, a_record(SILENT), HANG),
    Row(KEEPS, a_record(answer(409)), PASS, "refused"),
    Row(KEEPS, a_record(answer(500)), WARN),
    Row(KEEPS, a_record(CLOSED), LENIENT),
    Row(KEEPS, a_record(TAKEN), LENIENT, "lists nothing"),
    Row(KEEPS, a_record(TAKEN, kept()), LENIENT),
    Row(ODD, a_record(TAKEN, kept()), PASS),
    Row(ODD, a_record(TAKEN, kept(same=False)), LENIENT, "mended"),
    Row(ODD, a_record(TAKEN, kept(came=None)), HANG),
    Row(ODD, a_record(TAKEN, kept(came=0, code=404)), LOSS, "HTTP 404"),
    Row(ODD, a_record(TAKEN, kept(same=False, lost=["7FE00010"])), LOSS),
    Row(ODD, a_record(TAKEN, kept(listed=["SYN2"])), LOSS, "a search shows"),
    Row(ODD, a_record(TAKEN, kept(same=False, returned=["SYN2"])), LOSS),
    Row(
        ODD,
        a_record(TAKEN, kept(same=False, patients=["SYN1", "SYN2"], listed=["SYN2"])),
        LOSS,
        "and what comes back bears",
    ),
    Row(PACKED, a_record(TAKEN), UNSEEN),
    Row(PACKED, packed(SILENT, there=False), HANG),
    Row(PACKED, packed(TAKEN, there=True, listed=1, claimed=True), PASS, "stored"),
    Row(PACKED, packed(answer(415), there=True), ACCEPTED),
    Row(PACKED, packed(TAKEN, there=False, listed=1), LOSS),
    Row(PACKED, packed(TAKEN, there=False), WARN, "nothing was stored"),
    Row(PACKED, packed(answer(415), there=False, claimed=True), WRONG, "though claimed"),
    Row(PACKED, packed(answer(415), there=False), PASS, "refused"),
    Row(PACKED, packed(answer(400), there=False), LENIENT),
    Row(PACKED, packed(answer(500), there=False), WARN),
    Row(serves_as_objects(), a_record(), UNSEEN),
    Row(serves_as_objects(), a_record(answer(409)), PASS),
    Row(serves_as_objects(), a_record(TAKEN, answer(200, fields=DICOM)), PASS),
    Row(serves_as_objects(), a_record(TAKEN, answer(406, fields=HTML)), PASS),
    Row(serves_as_objects(), a_record(TAKEN, answer(200, fields=HTML)), WRONG),
    Row(OWN, a_record(), UNSEEN),
    Row(OWN, a_record(TAKEN, kept()), UNSEEN),
    Row(OWN, a_record(answer(409)), PASS, "not taken"),
    Row(OWN, a_record(pictured(), pictured()), PASS, "frame"),
    Row(OWN, a_record(pictured(), pictured(digest="b")), LEAK, "different"),
    Row(OWN, a_record(pictured(foreign=3, first_foreign="aa")), LEAK, "never sent"),
    Row(OWN, a_record(pictured(outcome="TIMEOUT")), HANG),
    Row(TWIN, a_record(), UNSEEN),
    Row(TWIN, a_record(pictured("rendered")), PASS),
    Row(TWIN, a_record(pictured("rendered", octets=None, code=406)), WRONG),
    Row(VALID, a_record(), UNSEEN),
    Row(VALID, a_record(SILENT), HANG),
    Row(VALID, a_record(answer(409)), PASS, "not taken"),
    Row(VALID, a_record(TAKEN, written()), PASS),
    Row(VALID, a_record(TAKEN, written(right=0)), LENIENT),
    Row(VALID, a_record(TAKEN, written(code=406)), LENIENT),
    Row(VALID, a_record(TAKEN, written(valid=False, fault="cut")), WRONG, "cut"),
    Row(VALID, a_record(TAKEN, written(wrong=["00720083 is 1, not 2"])), LOSS),
    Row(HONEST, a_record(TAKEN, written(code=406)), WRONG),
    Row(HONEST, a_record(TAKEN, written(right=0)), LOSS),
    Row(exports_no_formula(), a_record(TAKEN, written(right=0)), UNSEEN),
    Row(exports_no_formula(), a_record(TAKEN, written()), PASS),
    Row(exports_no_formula(), a_record(TAKEN, written(wrong=["=K1"])), ACCEPTED),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_oracles_on_the_corpus_by_the_web(row: Row) -> None:
    check(row)
