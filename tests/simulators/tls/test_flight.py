"""What a server's first flight tells, read from real servers where one can be made to say it."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.pki import Authority
from simulators.tls import (
    HelloOffer,
    ServerFlight,
    TlsVersion,
    client_hello,
    parse_client_hello,
    parse_server_flight,
)
from simulators.tls.codes import GROUP_NUMBERS, SCHEME_NUMBERS, Extension
from simulators.tls.suites import suites

IDENTITY = Authority.new("Test").issue()
V12 = (TlsVersion.TLS1_2,)
ALERT = b"\x15\x03\x03\x00\x02"


def flight(offer: HelloOffer, change: Callable[[ssl.SSLContext], object]) -> ServerFlight:
    """The answer of an OpenSSL server that was changed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with tempfile.TemporaryDirectory() as folder:
        files = IDENTITY.write(Path(folder), "server")
        context.load_cert_chain(files.cert, files.key)
    change(context)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    incoming.write(client_hello(offer))
    with pytest.raises(ssl.SSLError):
        context.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
    return parse_server_flight(outgoing.read())


def unchanged(_context: ssl.SSLContext) -> None:
    """The server as it is."""


def test_the_protocol_that_was_selected() -> None:
    offer = HelloOffer(versions=V12, alpn=("dicom", "h2"))
    assert flight(offer, lambda one: one.set_alpn_protocols(["h2"])).alpn == "h2"
    assert flight(offer, unchanged).alpn is None


def test_what_a_server_hello_of_tls_1_2_holds() -> None:
    seen = flight(HelloOffer(versions=V12), unchanged)
    assert seen.compression == 0
    assert len(seen.random) == 32
    assert seen.random[-8:] == b"DOWNGRD\x01"
    assert {Extension.RENEGOTIATION_INFO, Extension.EXTENDED_MASTER_SECRET} <= set(seen.extensions)
    assert seen.extension_bodies[Extension.RENEGOTIATION_INFO] == b"\x00"
    assert seen.encrypted == 0


def test_the_key_exchange_of_a_curve() -> None:
    offer = HelloOffer(
        versions=V12, groups=("secp256r1",), signature_algorithms=("rsa_pkcs1_sha384",)
    )
    seen = flight(offer, unchanged)
    assert seen.key_exchange_group == GROUP_NUMBERS["secp256r1"]
    assert seen.public_value[:1] == b"\x04"
    assert len(seen.public_value) == 65
    assert seen.signature_scheme == SCHEME_NUMBERS["rsa_pkcs1_sha384"]
    assert seen.dh_bits is None


def test_the_key_exchange_of_a_prime(tmp_path: Path) -> None:
    prime = """-----BEGIN DH PARAMETERS-----
MIGHAoGBAO0scaLIxbbhLiJS3ItykZJnecV5Bn1GLvsRvUp8tsH8oBxIwig2i9zM
8bi+avLasS+h9yThnpRLl/v78wvSXk3aVOXah+1EuFD3zslp/5z54N6E1NNL78RJ
/FU3vkSueHoq+nTqw76SzYA+ZqKipXKGsaaBGb+SPWS2fNN9+2e/AgEC
-----END DH PARAMETERS-----
"""
    (tmp_path / "dh.pem").write_text(prime)
    offer = HelloOffer(versions=V12, suites=(0x009E,), groups=())
    seen = flight(offer, lambda one: one.load_dh_params(str(tmp_path / "dh.pem")))
    assert seen.dh_bits == 1024
    assert len(seen.public_value) in (127, 128)
    assert seen.signature_scheme is not None


def test_tls_1_3_shows_its_share_and_hides_the_rest() -> None:
    seen = flight(HelloOffer(), unchanged)
    assert seen.key_exchange_group == GROUP_NUMBERS["x25519"]
    assert len(seen.public_value) == 32
    assert seen.signature_scheme is None
    assert seen.encrypted > 500


def test_a_key_exchange_without_ephemeral_keys_has_none() -> None:
    seen = flight(HelloOffer(versions=V12, suites=suites("no-pfs")), unchanged)
    assert seen.accepted
    assert (seen.key_exchange_group, seen.public_value, seen.signature_scheme) == (None, b"", None)


def test_a_staple_is_read() -> None:
    hello = b"\x03\x03" + bytes(32) + b"\x00\xc0\x2f\x00"
    status = b"\x01" + b"\x00\x00\x05" + b"staple"[:5]
    messages = b"".join(
        bytes([kind]) + len(body).to_bytes(3, "big") + body
        for kind, body in ((2, hello), (22, status))
    )
    record = b"\x16\x03\x03" + len(messages).to_bytes(2, "big") + messages
    assert parse_server_flight(record).staple == b"stapl"
    assert flight(HelloOffer(versions=V12), unchanged).staple is None


def test_a_warning_before_a_server_hello_is_no_refusal() -> None:
    hello = b"\x02\x00\x00\x26\x03\x03" + bytes(32) + b"\x00\xc0\x2f\x00"
    record = b"\x16\x03\x03" + len(hello).to_bytes(2, "big") + hello
    assert parse_server_flight(ALERT + b"\x01\x70" + record).accepted
    assert not parse_server_flight(ALERT + b"\x02\x70" + record).accepted
    assert str(parse_server_flight(ALERT + b"\x01\x70").alert) == "unrecognized_name(112)"


def test_an_ssl_2_server_hello_is_an_answer() -> None:
    raw = b"\x80\x0b\x04\x00\x01\x00\x02\x00\x00\x00\x00\x00\x00"
    assert parse_server_flight(raw).accepted
    assert not parse_server_flight(b"\x80\x03\x00\x00\x01").accepted


def test_a_client_hello_gives_its_extensions_and_shares() -> None:
    offer = HelloOffer(key_shares=((0x1D, b"k" * 32),), extra_extensions=((0xFADE, b"new"),))
    seen = parse_client_hello(client_hello(offer))
    assert seen.extension_bodies[0xFADE] == b"new"
    assert seen.point_formats == (0,)
    assert seen.key_shares == ((0x1D, b"k" * 32),)
    assert seen.record_versions == (TlsVersion.TLS1_0,)
    assert hash(seen) == hash(parse_client_hello(client_hello(offer)))
