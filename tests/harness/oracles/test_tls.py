"""Oracles on TLS: refused at which door, and what was negotiated."""

from __future__ import annotations

import pytest

from harness.model import JSON, Record
from harness.oracles import (
    asks_for_certificate,
    negotiates,
    offers_modern_versions,
    only_should,
    prefers_newest,
    tls_refused,
)
from harness.oracles.tls import TlsAlert
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LENIENT,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)

VERSION = tls_refused(TlsAlert.PROTOCOL_VERSION)
TLS10, TLS11, TLS12, TLS13 = 0x0301, 0x0302, 0x0303, 0x0304


def ended(how: Outcome, alert: int | None = None, case: str = "") -> Record:
    return a_record(outcome(how, alert=alert), case={"suite": case})


def shaking(version: str = "", *offered: int, claims: str = "", **data: JSON) -> Record:
    hello = seen("hello", versions=list(offered), by="us")
    hands = seen("handshake", version=version, cipher="SUITE", **data)
    return a_record(hello, hands, facts={"claims": [claims]})


def offering(*versions: int, claims: str = "", explicit: bool = True) -> Record:
    hello = seen("hello", versions=list(versions), by="device", explicit=explicit)
    return a_record(hello, facts={"claims": [claims]})


def certificate(*hands: tuple[bool, bool]) -> Record:
    return a_record(
        *(seen("handshake", completed=done, certificate_requested=asked) for done, asked in hands)
    )


SHOULD = only_should(VERSION, "suite", {"weak"})
ROWS = [
    Row(VERSION, a_record(), UNSEEN),
    Row(VERSION, ended(Outcome.ALERT, TlsAlert.PROTOCOL_VERSION), PASS),
    Row(VERSION, ended(Outcome.ALERT, TlsAlert.HANDSHAKE_FAILURE), LENIENT),
    Row(tls_refused(), ended(Outcome.ALERT, TlsAlert.HANDSHAKE_FAILURE), PASS),
    Row(VERSION, ended(Outcome.CLOSED), LENIENT),
    Row(VERSION, ended(Outcome.RESET), LENIENT),
    Row(VERSION, ended(Outcome.NOT_OFFERED), PASS),
    Row(VERSION, ended(Outcome.ACCEPTED), ACCEPTED),
    Row(VERSION, ended(Outcome.RESPONDED), ACCEPTED),
    Row(VERSION, ended(Outcome.REJECTED), WRONG, "only DICOM refused"),
    Row(VERSION, ended(Outcome.ABORTED), WRONG, "only DICOM refused"),
    Row(VERSION, ended(Outcome.TIMEOUT), HANG),
    Row(VERSION, ended(Outcome.GARBAGE), WRONG, "no refusal by TLS"),
    Row(VERSION, a_record(outcome(Outcome.CLOSED), seen("received", bytes=10)), WRONG),
    Row(
        VERSION,
        a_record(outcome(Outcome.ALERT, alert=70), outcome(Outcome.ACCEPTED)), ACCEPTED,
    ),
    Row(SHOULD, ended(Outcome.ACCEPTED, case="weak"), WARN, "[the rule is a SHOULD]"),
    Row(SHOULD, ended(Outcome.ACCEPTED, case="broken"), ACCEPTED),
    Row(SHOULD, ended(Outcome.TIMEOUT, case="weak"), HANG),
    Row(SHOULD, ended(Outcome.ALERT, 70, case="weak"), PASS),
    Row(asks_for_certificate(), a_record(), UNSEEN),
    Row(asks_for_certificate(), certificate((True, True)), PASS),
    Row(asks_for_certificate(), certificate((False, True)), PASS),
    Row(asks_for_certificate(), certificate((False, False)), UNSEEN),
    Row(asks_for_certificate(), certificate((True, True), (True, False)), ACCEPTED),
    Row(negotiates("TLS 1.3"), a_record(), UNSEEN),
    Row(negotiates("TLS 1.3"), shaking("TLS 1.3"), PASS, "TLS 1.3, SUITE"),
    Row(negotiates("TLS 1.3"), shaking("TLS 1.2"), WRONG, "TLS 1.2 was negotiated"),
    Row(negotiates("TLS 1.3"), shaking(""), WRONG, "nothing was negotiated"),
    Row(prefers_newest(), a_record(), UNSEEN),
    Row(prefers_newest(), shaking("TLS 1.3", TLS12, TLS13, claims="tls-1.3"), PASS),
    Row(prefers_newest(), shaking("TLS 1.2", TLS12, TLS13, claims="tls-1.3"), WRONG),
    Row(prefers_newest(), shaking("TLS 1.2", TLS12, TLS13), PASS),
    Row(prefers_newest(), shaking("TLS 1.3", TLS12, TLS13), PASS),
    Row(prefers_newest(), shaking("TLS 1.1", TLS11, TLS12), WRONG),
    Row(prefers_newest(), shaking("", TLS12, ended="FIN"), WRONG, "FIN where TLS 1.2"),
    Row(offers_modern_versions(), a_record(), UNSEEN),
    Row(offers_modern_versions(), offering(), UNSEEN),
    Row(offers_modern_versions(), offering(TLS13, TLS12, claims="tls-1.3"), PASS),
    Row(offers_modern_versions(), offering(TLS12), PASS),
    Row(offers_modern_versions(), offering(TLS12, explicit=False), PASS),
    Row(offers_modern_versions(), offering(TLS12, TLS13), WARN, "does not prefer it"),
    Row(offers_modern_versions(), offering(TLS12, claims="tls-1.3"), WRONG, "claims TLS 1.3"),
    Row(offers_modern_versions(), offering(TLS13), WRONG, "does not offer TLS 1.2"),
    Row(offers_modern_versions(), offering(TLS12, TLS10), WRONG, "offers TLS 1.0"),
    Row(offers_modern_versions(), offering(0x0200, TLS12), WRONG, "offers 0x0200"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says(row: Row) -> None:
    check(row)


def test_what_is_a_refusal() -> None:
    assert VERSION.refusal
    assert SHOULD.refusal
    assert not only_should(negotiates("TLS 1.2"), "suite", ()).refusal
    assert VERSION.name == "tls_refused(protocol_version)"
    assert tls_refused().name == "tls_refused(any alert)"
