"""Server flights by hand: honest ones satisfy a real client, and each lie is where it should be."""

from __future__ import annotations

import ssl
from dataclasses import replace

import pytest

from simulators import tls
from simulators.pki import Authority, Identity
from simulators.tls import ServerOffer, TlsVersion
from simulators.tls.codes import ContentType, Extension, MessageType
from simulators.tls.exchange import DH_BITS, prime_parameters, public_value
from simulators.tls.messages import records

P192, P256, X25519 = 0x13, 0x17, 0x1D
ALERT, GOES_ON = 21, 22


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("test authority")


@pytest.fixture(scope="module")
def identity(authority: Authority) -> Identity:
    return authority.issue()


class Client:
    """OpenSSL in memory: says hello on entry, and tells what it makes of a flight."""

    def __init__(self, authority: Authority, ciphers: str = "DEFAULT:@SECLEVEL=0") -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_ciphers(ciphers)
        context.load_verify_locations(cadata=authority.certificate_pem.decode("ascii"))
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = context.wrap_bio(self._incoming, self._outgoing, server_hostname="localhost")
        self.hello = tls.parse_client_hello(self.answer(b""))

    def answer(self, data: bytes) -> bytes:
        """What it says to these bytes."""
        self._incoming.write(data)
        try:
            self._ssl.do_handshake()
        except ssl.SSLError:
            return self._outgoing.read()
        raise AssertionError("a handshake with a flight by hand cannot be finished")

    def reaction(self, offer: ServerOffer, identity: Identity) -> tuple[int, int]:
        """Type of the record that it answers with, and the number of an alert."""
        parts = tls.server_flight(self.hello, offer, identity)
        found, _ = records(self.answer(b"".join(data for _, data in parts)))
        first = next(one for one in found if one.type != ContentType.CHANGE_CIPHER_SPEC)
        return first.type, first.body[1] if first.type == ALERT else 0


def flight_of(offer: ServerOffer, identity: Identity, **hello: object) -> tls.ServerFlight:
    offered = replace(tls.ClientHello(random=bytes(32), suites=(0xC02F,)), **hello)  # type: ignore[arg-type]
    parts = tls.server_flight(offered, offer, identity)
    return tls.parse_server_flight(b"".join(data for _, data in parts))


HONEST = {
    "as it is": ServerOffer(),
    "on P-384": ServerOffer(group="secp384r1"),
    "on x448": ServerOffer(group="x448"),
    "by RSA-PSS": ServerOffer(scheme="rsa_pss_rsae_sha512"),
    "by SHA-1": ServerOffer(scheme="rsa_pkcs1_sha1"),
    "with a prime of 2048 bits": ServerOffer(suite=0x009E),
    "with a prime of 1024 bits": ServerOffer(suite=0x009E, dh_bits=1024),
    "with RSA key exchange": ServerOffer(suite=0x009C),
    "in records of one octet": ServerOffer(record_size=1),
    "in one record": ServerOffer(record_size=1 << 14),
    "after an empty record": ServerOffer(empty_records=1),
    "without extended master secret": ServerOffer(extended_master_secret=False),
    "with a request to retry": ServerOffer(version=TlsVersion.TLS1_3, retry=True),
}


@pytest.mark.parametrize("how", list(HONEST))
def test_a_client_goes_along_with_an_honest_flight(
    how: str, authority: Authority, identity: Identity
) -> None:
    client = Client(authority, "ALL:@SECLEVEL=0")
    assert client.reaction(HONEST[how], identity) == (GOES_ON, 0)


def test_a_client_goes_along_with_an_ec_key(authority: Authority) -> None:
    identity = authority.issue(key="ec")
    assert Client(authority).reaction(ServerOffer(), identity) == (GOES_ON, 0)


SHUFFLED = (
    MessageType.SERVER_HELLO,
    MessageType.SERVER_KEY_EXCHANGE,
    MessageType.CERTIFICATE,
    MessageType.SERVER_HELLO_DONE,
)
LIES = {
    "marked as a downgrade": (ServerOffer(mark=tls.TLS12_MARK), 47),
    "without renegotiation_info": (ServerOffer(secure_renegotiation=False), 40),
    "an extension that nobody asked for": (ServerOffer(extra_extensions=((1, b"\x01"),)), 110),
    "an extension twice": (ServerOffer(extra_extensions=((0xFF01, b"\x00"),)), 47),
    "compressed": (ServerOffer(compression=1), 47),
    "a foreign protocol": (ServerOffer(alpn="h2"), 110),
    "a prime of 768 bits": (ServerOffer(suite=0x009E, dh_bits=768), 40),
    "a curve that was not offered": (ServerOffer(group=P192), 47),
    "signed by MD5": (ServerOffer(scheme="rsa_pkcs1_md5"), 47),
    "signature altered": (ServerOffer(spoiled_signature=True), 51),
    "a record that is too long": (ServerOffer(copies=24, record_size=0xFFFF), 22),
    "a length that lies": (ServerOffer(length_error=-2), 50),
    "out of order": (ServerOffer(messages=SHUFFLED), 10),
    "no certificate": (ServerOffer(certificates=()), 50),
    "a version that was not offered": (ServerOffer(version=TlsVersion.TLS1_1, suite=0xC013), 70),
    "a suite that was not offered": (ServerOffer(suite=0x0005), 47),
}


@pytest.mark.parametrize("lie", list(LIES))
def test_a_client_refuses_a_lie(lie: str, authority: Authority, identity: Identity) -> None:
    offer, alert = LIES[lie]
    client = Client(authority, "ECDHE+AESGCM:DHE+AESGCM:@SECLEVEL=0")
    assert client.reaction(offer, identity) == (ALERT, alert)


def test_a_client_refuses_the_signature_of_another_key(
    authority: Authority, identity: Identity
) -> None:
    offer = ServerOffer(signer=authority.issue())
    assert Client(authority).reaction(offer, identity) == (ALERT, 51)


def test_what_is_read_back(identity: Identity) -> None:
    offer = ServerOffer(alpn="dicom", mark=tls.TLS11_MARK, group=P256, staple=b"response")
    flight = flight_of(offer, identity, extensions=(Extension.EXTENDED_MASTER_SECRET,))
    assert flight.version is TlsVersion.TLS1_2
    assert flight.suite == 0xC02F
    assert flight.extensions == (Extension.EXTENDED_MASTER_SECRET, Extension.ALPN)
    assert flight.alpn == "dicom"
    assert flight.random.endswith(tls.TLS11_MARK)
    assert len(flight.random) == 32
    assert flight.key_exchange_group == P256
    assert flight.certificate_der == identity.leaf_der
    assert flight.staple == b"response"
    assert flight.done


@pytest.mark.parametrize("version", [TlsVersion.SSL3, TlsVersion.TLS1_0, TlsVersion.TLS1_1])
def test_old_versions_are_whole(version: TlsVersion, identity: Identity) -> None:
    flight = flight_of(ServerOffer(version=version, suite=0xC013), identity)
    assert (flight.version, flight.done) == (version, True)
    assert flight.signature_scheme is None
    assert flight.key_exchange_group == X25519 or flight.key_exchange_group == P256


def test_an_anonymous_suite_has_neither_certificate_nor_signature(identity: Identity) -> None:
    flight = flight_of(ServerOffer(suite=0x0018, dh_bits=768), identity)
    assert flight.dh_bits == 768
    assert flight.certificate_der is None
    assert flight.signature_scheme is None
    assert flight.done


def test_tls_1_3_answers_with_a_share_and_the_session(identity: Identity) -> None:
    offer = ServerOffer(version=TlsVersion.TLS1_3)
    shares = ((X25519, bytes(32)),)
    flight = flight_of(offer, identity, session_id=b"s" * 32, key_shares=shares, groups=(X25519,))
    assert flight.version is TlsVersion.TLS1_3
    assert flight.suite == 0x1301
    assert flight.key_exchange_group == X25519
    assert len(flight.public_value) == 32
    assert flight.server_hello is not None
    assert flight.server_hello.session_id == b"s" * 32


def test_a_retry_asks_for_a_group_without_share(identity: Identity) -> None:
    offer = ServerOffer(version=TlsVersion.TLS1_3, retry=True)
    groups = (X25519, P256)
    flight = flight_of(offer, identity, key_shares=((X25519, bytes(32)),), groups=groups)
    assert flight.hello_retry_request
    assert flight.key_exchange_group == P256


def test_the_same_names_for_the_same_parts(identity: Identity) -> None:
    """Where a record ends inside a part, its name stands on both sides."""
    hello = tls.ClientHello(random=bytes(32), suites=(0xC02F,))
    whole = tls.server_flight(hello, ServerOffer(record_size=20), identity)
    names = [name for name, _ in whole]
    assert names[:11] == [
        "record.type",
        "record.version",
        "record.length",
        "handshake.type",
        "handshake.length",
        "server_version",
        "random",
        "record.type",
        "record.version",
        "record.length",
        "random",
    ]
    assert names.count("certificate.certificate_list") > 2
    assert max(len(one.body) for one in records(b"".join(d for _, d in whole))[0]) == 20


def test_a_heartbeat_request_that_lies() -> None:
    parts = tls.heartbeat_request(16, b"a")
    assert b"".join(data for _, data in parts) == bytes.fromhex("1803030004 01 0010 61")


@pytest.mark.parametrize("bits", DH_BITS)
def test_primes_have_their_size(bits: int) -> None:
    parameters = prime_parameters(bits)
    length = int.from_bytes(parameters[:2], "big")
    assert int.from_bytes(parameters[2 : 2 + length], "big").bit_length() == bits


def test_a_group_that_is_not_known_gets_some_point() -> None:
    assert len(public_value(0xFFFF)) == 65
