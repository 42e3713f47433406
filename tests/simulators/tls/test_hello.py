from __future__ import annotations

import ssl
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.pki import Authority
from simulators.tls import (
    HelloOffer,
    ServerFlight,
    SuiteClass,
    TlsVersion,
    client_hello,
    named_hello_parts,
    parse_client_hello,
    parse_server_flight,
    suite_name,
    suites,
)
from simulators.tls.suites import all_suites

V = TlsVersion
RSA = Authority.new("Test").issue()


def openssl_answers(hello: bytes, *, ask: bool = False) -> bytes:
    """What OpenSSL as a server says to ``hello``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        files = RSA.write(Path(folder), "server")
        context.load_cert_chain(files.cert, files.key)
    context.verify_mode = ssl.CERT_OPTIONAL if ask else ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    incoming.write(hello)
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    with pytest.raises(ssl.SSLError):
        server.do_handshake()
    return outgoing.read()


def answer(offer: HelloOffer) -> ServerFlight:
    return parse_server_flight(openssl_answers(client_hello(offer)))


def test_openssl_goes_along_with_an_honest_tls_1_3_offer() -> None:
    flight = answer(HelloOffer(server_name="localhost", alpn=("dicom",)))
    assert flight.accepted
    assert flight.version is V.TLS1_3
    assert flight.suite in suites("tls13")
    assert flight.key_exchange_group == 0x001D


def test_the_p256_share_is_a_valid_key() -> None:
    flight = answer(HelloOffer(groups=("secp256r1",)))
    assert flight.accepted
    assert not flight.hello_retry_request
    assert flight.key_exchange_group == 0x0017


def test_a_missing_share_is_answered_by_a_retry_request() -> None:
    flight = answer(HelloOffer(groups=("secp384r1",), key_shares=()))
    assert flight.hello_retry_request


def test_openssl_goes_along_with_an_honest_tls_1_2_offer() -> None:
    hello = client_hello(HelloOffer(versions=(V.TLS1_2,)))
    flight = parse_server_flight(openssl_answers(hello, ask=True))
    assert flight.version is V.TLS1_2
    assert flight.certificate_der == RSA.leaf_der
    assert flight.certificate_requested
    assert flight.done
    assert flight.key_exchange_group == 0x001D
    assert flight.leftover == b""


def test_the_size_of_a_finite_field_group_is_read() -> None:
    # A ServerHello for a DHE suite and a ServerKeyExchange with a prime of 1024 bits.
    hello = b"\x03\x03" + bytes(32) + b"\x00\x00\x9e\x00"
    exchange = b"\x00\x80" + b"\xff" * 128 + b"\x00\x01\x02"
    messages = b"\x02" + len(hello).to_bytes(3, "big") + hello
    messages += b"\x0c" + len(exchange).to_bytes(3, "big") + exchange
    flight = parse_server_flight(b"\x16\x03\x03" + len(messages).to_bytes(2, "big") + messages)
    assert flight.dh_bits == 1024
    assert flight.key_exchange_group is None


@pytest.mark.parametrize("version", [V.TLS1_0, V.TLS1_1])
def test_an_old_offer_is_refused_for_its_version(version: TlsVersion) -> None:
    assert str(answer(HelloOffer(versions=(version,))).alert) == "protocol_version(70)"


@pytest.mark.parametrize("weakness", ["null", "export", "anon", "rc4", "3des", "des"])
def test_a_weak_offer_is_refused_for_its_suites(weakness: SuiteClass) -> None:
    flight = answer(HelloOffer(versions=(V.TLS1_2,), suites=suites(weakness)))
    assert str(flight.alert) == "handshake_failure(40)"
    assert not flight.accepted


def test_an_ssl_3_hello_has_no_extensions() -> None:
    raw = client_hello(HelloOffer(versions=(V.SSL3,)))
    parsed = parse_client_hello(raw)
    assert parsed.extensions == ()
    assert parsed.record_version == parsed.client_version == V.SSL3
    assert parsed.suites[-1] == 0x00FF


def test_parsing_gives_back_the_offer() -> None:
    offer = HelloOffer(
        suites=(0x1301, 0xC02F),
        groups=("secp192r1", 0x2A2A),
        signature_algorithms=("rsa_pkcs1_sha1",),
        server_name="pacs.example",
        alpn=("dicom", "h2"),
        compression=(1, 0),
        random=bytes(32),
        session_id=b"session",
        extra_extensions=((15, b"\x01"),),
    )
    parsed = parse_client_hello(client_hello(offer))
    assert parsed.problem == ""
    assert parsed.versions == (V.TLS1_3, V.TLS1_2)
    assert parsed.version_names == ("TLS 1.3", "TLS 1.2")
    assert parsed.suite_names == (
        "TLS_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    )
    assert parsed.group_names == ("secp192r1",)  # 0x2A2A is GREASE
    assert parsed.signature_names == ("rsa_pkcs1_sha1",)
    assert parsed.server_name == "pacs.example"
    assert parsed.alpn == ("dicom", "h2")
    assert parsed.compression == (1, 0)
    assert parsed.session_id == b"session"
    assert 15 in parsed.extensions


def test_the_bare_message_is_parsed_like_the_record() -> None:
    raw = client_hello(HelloOffer())
    framed = replace(parse_client_hello(raw), record_version=0, record_versions=())
    assert framed == parse_client_hello(raw[5:])


def test_the_same_offer_gives_the_same_bytes() -> None:
    assert client_hello(HelloOffer()) == client_hello(HelloOffer())
    assert client_hello(HelloOffer()) != client_hello(HelloOffer(server_name="x"))


# The random is derived from the offer, and so it is fixed here.
PLAIN = HelloOffer(random=bytes(32), session_id=b"", key_shares=((0x1D, bytes(32)),))


@pytest.mark.parametrize(
    ("lying", "part", "value"),
    [
        (replace(PLAIN, record_length=0xFFFF), "record.length", 0xFFFF),
        (replace(PLAIN, record_version=0x0305), "record.version", 0x0305),
        (replace(PLAIN, handshake_length=0xFFFFFF), "handshake.length", 0xFFFFFF),
        (replace(PLAIN, extensions_length=1), "extensions.length", 1),
        (replace(PLAIN, client_version=0x0200), "client_version", 0x0200),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_lie_changes_the_named_part_and_nothing_else(
    lying: HelloOffer, part: str, value: int
) -> None:
    before, after = dict(named_hello_parts(PLAIN)), dict(named_hello_parts(lying))
    assert {name for name in before if before[name] != after[name]} == {part}
    assert int.from_bytes(after[part], "big") == value


@given(st.binary(max_size=200))
def test_parsing_any_bytes_gives_an_answer(data: bytes) -> None:
    parse_client_hello(data)
    parse_client_hello(b"\x01" + data)
    parse_server_flight(data)
    parse_server_flight(b"\x16\x03\x03" + len(data).to_bytes(2, "big") + data)


@given(st.integers(0, 200), st.integers(0, 255))
def test_parsing_a_damaged_hello_gives_an_answer(at: int, value: int) -> None:
    raw = bytearray(client_hello(HelloOffer(server_name="x", alpn=("y",))))
    raw[at % len(raw)] = value
    parse_client_hello(bytes(raw))
    parse_client_hello(bytes(raw[:at]))


def test_a_truncated_field_is_a_problem() -> None:
    assert parse_client_hello(b"\x01\x00\x00\x03\x03\x03\x00").problem
    assert parse_client_hello(b"GET / HTTP/1.1\r\n").problem
    assert parse_client_hello(b"").problem


def test_what_is_not_tls_is_called_so() -> None:
    assert parse_server_flight(b"HTTP/1.1 400 Bad Request").not_tls
    assert parse_server_flight(b"\x03\x00\x00\x00\x00\x04").not_tls
    assert not parse_server_flight(b"").not_tls
    assert not parse_server_flight(b"\x15\x03").not_tls


def test_an_alert_in_clear_is_read() -> None:
    flight = parse_server_flight(b"\x15\x03\x01\x00\x02\x02\x46")
    assert str(flight.alert) == "protocol_version(70)"


def test_the_suite_table_is_well_formed() -> None:
    table = all_suites()
    assert len({suite.code_point for suite in table}) == len(table)
    assert len({suite.name for suite in table}) == len(table)
    assert all(suite.source.startswith("RFC ") for suite in table)
    assert {suite.confidence for suite in table} <= {"high", "medium"}


def test_openssl_agrees_with_the_suite_table() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    ours = {suite.openssl_name: suite for suite in all_suites() if suite.openssl_name}
    shared = [cipher for cipher in context.get_ciphers() if cipher["name"] in ours]
    assert len(shared) > 60
    for cipher in shared:
        assert ours[cipher["name"]].code_point == cipher["id"] & 0xFFFF


def test_lookups_of_the_unknown_are_total() -> None:
    assert suite_name(0xFEFE) == "suite 0xfefe"
    with pytest.raises(ValueError, match="no cipher suite class"):
        suites(cast("SuiteClass", "no such class"))
