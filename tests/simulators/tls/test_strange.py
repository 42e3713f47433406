"""Hellos that no library sends: what they hold, and what OpenSSL makes of them."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_der_x509_certificate
from OpenSSL import SSL

from simulators.pki import Authority
from simulators.tls import (
    HelloOffer,
    TlsVersion,
    client_hello,
    named_hello_parts,
    parse_client_hello,
    parse_server_flight,
)
from simulators.tls.codes import GREASE, GROUP_NUMBERS, Extension, curve_bits
from simulators.tls.messages import records
from simulators.tls.strange import (
    MALFORMED,
    heartbeat_request,
    hybrid_share,
    malformed_hello,
    ssl2_hello,
)
from tests.simulators.tls.test_hello import answer, openssl_answers

HYBRID = GROUP_NUMBERS["X25519MLKEM768"]
SHARES = ((HYBRID, hybrid_share()), (0x1D, b"\x09" * 32))
ALERTS = {
    "above 2^14 octets": "record_overflow(22)",
    "empty handshake records": "unexpected_message(10)",
    "cut off, then silence": "None",
    "a message length that is too short": "decode_error(50)",
    "an extensions length that is too long": "decode_error(50)",
    "application data first": "unexpected_message(10)",
    "a fatal alert first": "unexpected_message(10)",
    "an unknown record type first": "unexpected_message(10)",
    "a ServerHello instead": "unexpected_message(10)",
}


def joined(parts: list[tuple[str, bytes]]) -> bytes:
    return b"".join(part for _, part in parts)


def openssl_4_answers(hello: bytes) -> bytes:
    """What the OpenSSL of the cryptography package, which knows ML-KEM, says to a hello."""
    identity = Authority.new("Test").issue()
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate(load_der_x509_certificate(identity.leaf_der))
    key = load_pem_private_key(identity.key_pem, None)
    assert isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey)
    context.use_privatekey(key)
    server = SSL.Connection(context, None)
    server.set_accept_state()
    server.bio_write(hello)
    with pytest.raises(SSL.WantReadError):
        server.do_handshake()
    return server.bio_read(1 << 16)


def test_grease_is_in_every_list_and_is_left_out_by_the_parser() -> None:
    plain, greased = (client_hello(HelloOffer(grease=grease)) for grease in (False, True))
    assert sum(greased.count(one.to_bytes(2, "big")) > 0 for one in GREASE) >= 6
    first, second = parse_client_hello(plain), parse_client_hello(greased)
    assert first.suites == second.suites
    assert first.groups == second.groups
    assert first.versions == second.versions
    assert first.signature_algorithms == second.signature_algorithms
    assert [group for group, _ in first.key_shares] == [group for group, _ in second.key_shares]
    assert set(second.extensions) - set(first.extensions) <= set(GREASE)
    assert answer(HelloOffer(grease=True)).accepted


def test_a_hello_in_small_records_is_the_same_hello() -> None:
    whole, cut = HelloOffer(), HelloOffer(record_size=50)
    found, rest = records(client_hello(cut))
    assert rest == b""
    assert {len(one.body) for one in found[:-1]} == {50}
    assert b"".join(one.body for one in found) == client_hello(whole)[5:]
    assert parse_client_hello(client_hello(cut)).record_versions == (TlsVersion.TLS1_0,) * 4
    assert answer(cut).accepted


def test_the_parts_of_small_records_keep_their_names() -> None:
    parts = named_hello_parts(HelloOffer(record_size=50))
    assert "record 2.length" in dict(parts)
    message = [part for part in parts if "record" not in part[0]]
    whole = [part for part in named_hello_parts(HelloOffer()) if "record" not in part[0]]
    assert {name for name, _ in message} == {name for name, _ in whole}


def test_an_extension_can_be_left_out() -> None:
    offer = HelloOffer(without=(Extension.KEY_SHARE,))
    assert Extension.KEY_SHARE not in parse_client_hello(client_hello(offer)).extensions
    assert str(answer(offer).alert) == "missing_extension(109)"


def test_an_ssl_2_hello_is_refused_for_its_version() -> None:
    flight = parse_server_flight(openssl_answers(joined(ssl2_hello())))
    assert str(flight.alert) == "protocol_version(70)"


def test_a_hybrid_share_is_a_key_that_ml_kem_takes() -> None:
    share = hybrid_share()
    assert len(share) == 1216
    assert MLKEM768PublicKey.from_public_bytes(share[:1184]).public_bytes_raw() == share[:1184]
    assert share == hybrid_share()
    assert share != hybrid_share(b"other")


def test_a_device_with_ml_kem_takes_it_and_one_without_takes_the_other_share() -> None:
    offer = HelloOffer(groups=("X25519MLKEM768", "x25519"), key_shares=SHARES)
    new = parse_server_flight(openssl_4_answers(client_hello(offer)))
    assert new.key_exchange_group == HYBRID
    assert len(new.public_value) == 1088 + 32
    assert answer(offer).key_exchange_group == GROUP_NUMBERS["x25519"]


@pytest.mark.parametrize("deviation", MALFORMED)
def test_a_malformed_hello_deviates_in_the_part_that_it_names(deviation: str) -> None:
    parts, lies = malformed_hello(deviation)
    assert set(lies) <= {name for name, _ in parts}
    assert joined(parts) != client_hello(HelloOffer())
    assert str(parse_server_flight(openssl_answers(joined(parts))).alert) == ALERTS[deviation]


def test_there_is_no_other_malformed_hello() -> None:
    with pytest.raises(ValueError, match="no malformed hello 'sound'"):
        malformed_hello("sound")


def test_a_heartbeat_lies_by_what_it_is_told_and_never_by_much() -> None:
    parts = dict(heartbeat_request(b"abc", more=16))
    assert parts["heartbeat.payload_length"] == b"\x00\x13"
    assert parts["record.length"] == b"\x00\x06"
    with pytest.raises(ValueError, match="at most 16"):
        heartbeat_request(b"abc", more=17)


def test_curves_have_sizes_and_other_groups_have_none() -> None:
    known = ("secp192r1", "sect163k1", "brainpoolP384r1", "x25519", "x448")
    bits = [curve_bits(GROUP_NUMBERS[name]) for name in known]
    assert bits == [192, 163, 384, 256, 448]
    assert curve_bits(GROUP_NUMBERS["ffdhe2048"]) is None
    assert curve_bits(0xFEFE) is None
