"""Oracles on what a device makes of the data sets that it acknowledges."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import keeps_what_it_acknowledges, shows_true_identity
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import LENIENT, LOSS, PASS, UNSEEN, Row, check

CLAIMS = ["query-scp", "retrieve-scp"]
TRUE, DECOY = "SYN01", "XXX01"
IDENTITY, WHOLE = shows_true_identity(), keeps_what_it_acknowledges()

HONEST: dict[str, JSON] = {
    "promised": True,
    "owes": 1,
    "patients": [TRUE],
    "listed": [TRUE],
    "came": 1,
    "strangers": 0,
    "status": 0,
    "same": False,
    "returned": [TRUE],
    "lost": [],
    "fault": "",
}


def stored(status: int = 0) -> Observation:
    return outcome(Outcome.RESPONDED, status=status)


def kept(*, claims: list[str] = CLAIMS, status: int = 0, **differs: JSON) -> Record:
    """An object was acknowledged, and this was found of it."""
    looked = seen("kept", "polite", **{**HONEST, **differs})
    return a_record(stored(status), looked, facts={"claims": claims})


REFUSED = a_record(stored(0xC000), facts={"claims": CLAIMS})
STORES_ONLY = a_record(stored(), facts={"claims": ["storage-scp"]})
NOBODY_LOOKED = a_record(stored(), facts={"claims": CLAIMS})
OFFERED_AGAIN = a_record(
    stored(),
    seen("missed", "polite", status=0),
    stored(),
    seen("kept", "polite", **HONEST),
    facts={"claims": CLAIMS},
)
MISSED_THEN_REFUSED = a_record(
    stored(), seen("missed", "polite", status=0), stored(0xC000), facts={"claims": CLAIMS}
)

ROWS = [
    *(Row(oracle, a_record(), UNSEEN) for oracle in (IDENTITY, WHOLE)),
    *(Row(oracle, REFUSED, PASS, "refused") for oracle in (IDENTITY, WHOLE)),
    *(Row(oracle, STORES_ONLY, LENIENT, "claims neither") for oracle in (IDENTITY, WHOLE)),
    *(Row(oracle, NOBODY_LOOKED, UNSEEN, "looked for") for oracle in (IDENTITY, WHOLE)),
    *(Row(oracle, OFFERED_AGAIN, PASS) for oracle in (IDENTITY, WHOLE)),
    *(Row(oracle, kept(), PASS) for oracle in (IDENTITY, WHOLE)),
    Row(IDENTITY, kept(listed=[DECOY]), LOSS, "a query shows 'XXX01'"),
    Row(IDENTITY, kept(listed=[TRUE, DECOY]), LOSS),
    Row(IDENTITY, kept(listed=[""]), LOSS),
    Row(IDENTITY, kept(listed=["", TRUE], patients=[TRUE, ""]), PASS),
    Row(IDENTITY, kept(returned=[DECOY]), LOSS, "what comes back bears 'XXX01'"),
    Row(IDENTITY, kept(returned=[TRUE, DECOY], same=True), PASS),
    Row(
        IDENTITY,
        kept(patients=[TRUE, DECOY], listed=[DECOY]),
        LOSS,
        "a query shows 'XXX01', and what comes back bears 'SYN01'",
    ),
    Row(IDENTITY, kept(patients=[TRUE, DECOY], listed=[DECOY], returned=[TRUE, DECOY]), PASS),
    Row(IDENTITY, kept(listed=None, came=None), UNSEEN, "neither query nor retrieve"),
    Row(IDENTITY, kept(listed=[], came=0, returned=[]), PASS),
    Row(WHOLE, kept(lost=["7FE00010"]), LOSS, "without 7FE00010"),
    Row(WHOLE, kept(lost=["7FE00010"], fault="cut"), LOSS, "(cut)"),
    Row(WHOLE, kept(lost=["7FE00010"], same=True), PASS),
    Row(WHOLE, kept(lost=["7FE00010"], promised=False, status=0xB000), PASS),
    Row(WHOLE, kept(came=0), LOSS, "not given back (C-GET status 0000H)"),
    Row(WHOLE, kept(came=0, owes=0), PASS),
    Row(WHOLE, kept(came=0, strangers=1), UNSEEN, "another play"),
    Row(WHOLE, kept(came=None), PASS),
    Row(WHOLE, kept(came=None, listed=[]), UNSEEN, "no retrieve"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row) -> None:
    check(row)
