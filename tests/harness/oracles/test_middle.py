"""Oracles on two devices with a person in the middle."""

from __future__ import annotations

import pytest

from harness.model import JSON, Claim, Observation, Record
from harness.oracles.middle import (
    changed_nothing,
    in_words,
    kept_nothing,
    pair_agrees_well,
    pair_works,
    stops_at_the_sentinel,
)
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    LOSS,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)

WORKS, WELL, KEPT = pair_works(), pair_agrees_well(), kept_nothing()
AGAIN, MARK = changed_nothing(), stops_at_the_sentinel()
BOTH = (Claim.TLS_1_3.value, Claim.MUTUAL_TLS.value)


def call(exit_code: int | None, *, by_hand: bool = False) -> Observation:
    return seen("trigger", "trigger", exit=exit_code, by_hand=by_hand, signal=None)


def pair(version: str | None = "TLS 1.3", **changes: JSON) -> Observation:
    data: dict[str, JSON] = {
        "version": version, "suite": "SUITE", "suite_class": "tls13", "group": "x25519",
        "dh_bits": None, "asks_for_certificate": True, "closed_first": "requestor",
    }  # fmt: skip
    return seen("pair", "relay", **{**data, **changes})


def kept(found: int, by: str = "files") -> Observation:
    return seen("kept", "polite", found=found, by=by)


def met(*observed: Observation, claims: tuple[str, ...] = BOTH) -> Record:
    return a_record(*observed, facts={"claims": list(claims)})


def down(version: str | None, *, sentinel: bool = True, went_on: bool = False) -> Observation:
    return seen("downgrade", "relay", version=version, sentinel=sentinel, went_on=went_on)


ROWS = [
    Row(WORKS, met(), UNSEEN),
    Row(WORKS, met(call(0), pair()), PASS, "TLS 1.3, SUITE, x25519, mutual"),
    Row(WORKS, met(call(0), pair(), kept(1)), PASS),
    Row(WORKS, met(call(0), pair(), kept(0, "")), PASS),
    Row(WORKS, met(call(None, by_hand=True), pair()), PASS),
    Row(WORKS, met(call(1), pair()), WRONG, "exit 1"),
    Row(WORKS, met(call(0), pair(None)), WRONG, "no TLS"),
    Row(WORKS, met(call(0), pair(), kept(0)), LOSS),
    Row(WELL, met(), UNSEEN),
    Row(WELL, met(pair(None)), UNSEEN),
    Row(WELL, met(pair()), PASS),
    Row(WELL, met(pair("TLS 1.1")), ACCEPTED, "obsolete"),
    Row(WELL, met(pair("TLS 1.2", suite_class="aead-pfs")), WRONG, "agree on less"),
    Row(WELL, met(pair("TLS 1.2", suite_class="aead-pfs"), claims=()), PASS),
    Row(WELL, met(pair("TLS 1.2", suite_class="rc4"), claims=()), ACCEPTED, "class rc4"),
    Row(WELL, met(pair("TLS 1.2", suite_class=""), claims=()), ACCEPTED, "unknown"),
    Row(WELL, met(pair("TLS 1.2", suite_class="cbc-sha2"), claims=()), WARN, "cbc-sha2"),
    Row(WELL, met(pair(group="secp192r1")), ACCEPTED, "too small"),
    Row(WELL, met(pair("TLS 1.2", suite_class="aead-pfs", dh_bits=1024), claims=()), ACCEPTED),
    Row(WELL, met(pair(asks_for_certificate=False)), ACCEPTED, "nobody asked"),
    Row(WELL, met(pair(asks_for_certificate=False), claims=()), PASS, "server only"),
    Row(KEPT, met(), UNSEEN),
    Row(KEPT, met(kept(1, "query")), ACCEPTED, "by query"),
    Row(KEPT, met(kept(0)), PASS, "holds nothing"),
    Row(KEPT, met(kept(0, "")), PASS, "only what it said"),
    Row(AGAIN, met(), UNSEEN),
    Row(AGAIN, met(seen("replayed", "relay", changed=0)), PASS),
    Row(AGAIN, met(seen("replayed", "relay", changed=2)), ACCEPTED, "2 file(s)"),
    Row(MARK, met(), PASS, "refused the lesser offer"),
    Row(MARK, met(down(None)), PASS, "refused the lesser offer"),
    Row(MARK, met(down("TLS 1.2")), PASS, "stopped there"),
    Row(MARK, met(down("TLS 1.2", sentinel=False)), WRONG, "not marked"),
    Row(MARK, met(down("TLS 1.2", went_on=True)), ACCEPTED, "went on"),
    Row(MARK, met(down("TLS 1.2", went_on=True), claims=()), PASS, "no TLS 1.3"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdicts(row: Row) -> None:
    check(row)


def test_a_pair_is_told_in_one_line() -> None:
    words = in_words(pair(dh_bits=3072, resumed=True, server_name="pacs", alpn="dicom"))
    assert words == (
        "TLS 1.3, SUITE, x25519, 3072 bits DH, mutual, resumed, SNI pacs, ALPN dicom, "
        "closed by the requestor"
    )
    assert in_words(pair(None)).startswith("no TLS, ")
