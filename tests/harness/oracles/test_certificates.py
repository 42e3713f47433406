"""Oracles on certificates: odd ones, revocation, and the device's own key."""

from __future__ import annotations

import pytest

from harness.model import JSON, Record
from harness.oracles import (
    keeps_revocation_claim,
    serves_odd_certificate,
    shows_own_key,
    tls_refused,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    LEAK,
    LENIENT,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)

REVOKED = keeps_revocation_claim(tls_refused(), unknown=["list out of reach"])
ODD = serves_odd_certificate("flaw", unusual=["valid until 9999"])
OWN = shows_own_key()


def met(how: Outcome, flaw: str, claimed: str | None = None) -> Record:
    return a_record(outcome(how), case={"flaw": flaw}, facts={"revocation_unknown": claimed})


def showing(**data: JSON) -> Record:
    honest: dict[str, JSON] = {
        "spki": "ab", "algorithm": "RSA", "bits": 2048, "begins_in_s": -9.0, "ends_in_s": 9.0,
        "sample": "",
    }  # fmt: skip
    return a_record(seen("identity", **{**honest, **data}))


ROWS = [
    Row(REVOKED, a_record(), UNSEEN),
    Row(REVOKED, met(Outcome.ALERT, "revoked"), PASS),
    Row(REVOKED, met(Outcome.RESPONDED, "revoked", "accept"), ACCEPTED),
    Row(REVOKED, met(Outcome.RESPONDED, "list out of reach", "accept"), LENIENT, "as claimed"),
    Row(REVOKED, met(Outcome.RESPONDED, "list out of reach", "refuse"), ACCEPTED),
    Row(REVOKED, met(Outcome.RESPONDED, "list out of reach"), WARN, "does not say"),
    Row(REVOKED, met(Outcome.ALERT, "list out of reach", "accept"), PASS),
    Row(ODD, a_record(), UNSEEN),
    Row(ODD, met(Outcome.RESPONDED, "P-256"), PASS),
    Row(ODD, met(Outcome.RELEASED, "P-256"), PASS),
    Row(ODD, met(Outcome.ALERT, "P-256"), WRONG, "was not served"),
    Row(ODD, met(Outcome.CLOSED, "valid until 9999"), WARN, "no rule obliges"),
    Row(OWN, a_record(), UNSEEN),
    Row(OWN, showing(), PASS, "public key SHA-256 ab"),
    Row(OWN, showing(algorithm="EC", bits=256), PASS),
    Row(OWN, showing(sample="a product"), LEAK, "a product"),
    Row(OWN, showing(bits=1024), WRONG, "1024 bits"),
    Row(OWN, showing(ends_in_s=-1.0), WARN, "outside its time"),
    Row(OWN, showing(ends_in_s="soon"), UNSEEN),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_certificates(row: Row) -> None:
    check(row)


def test_refusal_is_that_of_the_inner_oracle() -> None:
    assert REVOKED.refusal
    assert not ODD.refusal
