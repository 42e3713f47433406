"""Oracles on one hello: served or refused, and by which parameters."""

from __future__ import annotations

import pytest

from harness.model import JSON, Record
from harness.oracles import (
    acknowledges,
    discards_heartbeat,
    handles_server_name,
    hello_answered,
    marks_downgrade,
    never_acknowledges,
    null_compression,
    prefers_good_suite,
    selects_protocol,
    sound_key_exchange,
    sound_signature,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LEAK,
    LENIENT,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)

HANDSHAKE_FAILURE, UNRECOGNIZED_NAME, NO_APPLICATION_PROTOCOL = 40, 112, 120
RENEGOTIATION, TRUNCATED_HMAC = 0xFF01, 4


def served(case: str = "", **parameters: JSON) -> Record:
    """A ServerHello with these parameters."""
    hands = seen("handshake", **{"version": "TLS 1.2", "cipher": "SUITE", **parameters})
    return a_record(hands, outcome(Outcome.ACCEPTED), case={"of": case, "last": case})


def ended(how: Outcome, alert: int | None = None, case: str = "") -> Record:
    hands = seen("handshake", version=None, cipher=None)
    return a_record(hands, outcome(how, alert=alert), case={"of": case})


def refused(alert: int = HANDSHAKE_FAILURE, case: str = "") -> Record:
    return ended(Outcome.ALERT, alert, case)


def heartbeat(octets: int | None, *, announced: bool = False) -> Record:
    beat = seen("heartbeat", octets=octets, announced=announced)
    return a_record(beat, outcome(Outcome.TIMEOUT))


NOTHING = a_record()
ANSWERED = hello_answered("of", {"may"})
EXCHANGE, SIGNATURE, COMPRESSION = sound_key_exchange(), sound_signature(), null_compression()
KNOWS, NEVER = acknowledges({RENEGOTIATION}, "it"), never_acknowledges(TRUNCATED_HMAC, "it")
MARKS, SUITE = marks_downgrade(), prefers_good_suite()
ALPN, NAME = selects_protocol("dicom", "of"), handles_server_name("of", "own", "other")

ROWS = [
    Row(ANSWERED, NOTHING, UNSEEN),
    Row(ANSWERED, served(), PASS),
    Row(ANSWERED, refused(), WRONG, "was not answered"),
    Row(ANSWERED, refused(case="may"), WARN, "SHOULD"),
    Row(ANSWERED, ended(Outcome.TIMEOUT), WRONG),
    Row(EXCHANGE, NOTHING, UNSEEN),
    Row(EXCHANGE, refused(), PASS),
    Row(EXCHANGE, ended(Outcome.CLOSED), LENIENT),
    Row(EXCHANGE, ended(Outcome.TIMEOUT), HANG),
    Row(EXCHANGE, served(), UNSEEN),
    Row(EXCHANGE, served(dh_bits=1024), ACCEPTED, "1024 bits"),
    Row(EXCHANGE, served(dh_bits=2048), LENIENT),
    Row(EXCHANGE, served(group="secp192r1", group_bits=192), ACCEPTED, "secp192r1"),
    Row(EXCHANGE, served(group="secp224r1", group_bits=224), WARN, "B.13"),
    Row(EXCHANGE, served(group="secp256k1", group_bits=256), LENIENT),
    Row(SIGNATURE, refused(), PASS),
    Row(SIGNATURE, served(), UNSEEN),
    Row(SIGNATURE, served(signature="rsa_pkcs1_sha1"), ACCEPTED, "rsa_pkcs1_sha1"),
    Row(SIGNATURE, served(signature="rsa_pkcs1_md5"), ACCEPTED),
    Row(SIGNATURE, served(signature="rsa_pkcs1_sha256"), LENIENT),
    Row(SIGNATURE, served(version="TLS 1.3"), ACCEPTED, "without a scheme"),
    Row(COMPRESSION, served(compression=0), PASS),
    Row(COMPRESSION, served(compression=1), ACCEPTED, "method 1"),
    Row(COMPRESSION, refused(), PASS),
    Row(COMPRESSION, ended(Outcome.TIMEOUT), HANG),
    Row(KNOWS, NOTHING, UNSEEN),
    Row(KNOWS, refused(), UNSEEN, "no ServerHello"),
    Row(KNOWS, served(extensions=[RENEGOTIATION]), PASS),
    Row(KNOWS, served(extensions=[0]), WRONG, "not in the ServerHello"),
    Row(KNOWS, served(), WRONG),
    Row(NEVER, refused(), UNSEEN),
    Row(NEVER, served(extensions=[TRUNCATED_HMAC]), ACCEPTED),
    Row(NEVER, served(extensions=[]), PASS),
    Row(MARKS, refused(), UNSEEN),
    Row(MARKS, served(downgrade_mark="TLS 1.2"), PASS),
    Row(MARKS, served(downgrade_mark="TLS 1.1"), WRONG, "marked for TLS 1.1"),
    Row(MARKS, served(downgrade_mark=""), WRONG, "no mark"),
    Row(SUITE, refused(), UNSEEN),
    Row(SUITE, served(suite_class="cbc-sha1"), ACCEPTED),
    Row(SUITE, served(suite_class="aead-pfs"), PASS),
    Row(SUITE, served("AES-256-GCM", suite_class="aead-pfs", cipher="AES_128"), LENIENT),
    Row(SUITE, served("AES-256-GCM", suite_class="aead-pfs", cipher="AES_256"), PASS),
    Row(ALPN, NOTHING, UNSEEN),
    Row(ALPN, served("h2", alpn="h2"), ACCEPTED, "selected 'h2'"),
    Row(ALPN, served("h2", alpn=None), LENIENT),
    Row(ALPN, served("dicom", alpn="dicom"), PASS),
    Row(ALPN, served("none", alpn=None), PASS),
    Row(ALPN, refused(case="none"), WRONG),
    Row(ALPN, refused(case="dicom"), WARN),
    Row(ALPN, refused(NO_APPLICATION_PROTOCOL, "h2"), PASS),
    Row(ALPN, refused(case="h2"), LENIENT),
    Row(ALPN, ended(Outcome.TIMEOUT, case="h2"), HANG),
    Row(NAME, NOTHING, UNSEEN),
    Row(NAME, served("own"), PASS),
    Row(NAME, served("other"), LENIENT),
    Row(NAME, refused(UNRECOGNIZED_NAME, "own"), WRONG, "own name"),
    Row(NAME, refused(UNRECOGNIZED_NAME, "other"), PASS),
    Row(NAME, refused(case="other"), LENIENT),
    Row(NAME, refused(case="a NUL"), PASS),
    Row(NAME, ended(Outcome.CLOSED, case="a NUL"), LENIENT),
    Row(NAME, ended(Outcome.GARBAGE, case="a NUL"), WRONG),
    Row(discards_heartbeat(), NOTHING, UNSEEN),
    Row(discards_heartbeat(), heartbeat(None), PASS),
    Row(discards_heartbeat(), heartbeat(46), LEAK, "46 octets"),
    Row(discards_heartbeat(), heartbeat(None, announced=True), WARN),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdict(row: Row) -> None:
    check(row)
