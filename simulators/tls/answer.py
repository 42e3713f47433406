"""The first flight of a server by hand, from SSL 3.0 to TLS 1.3: what no library would answer.

One rule, as in :mod:`simulators.tls.hello`: a field left at None is computed and honest, a field
that is set is sent as it stands, and nothing validates. Up to TLS 1.2 the flight is whole and
really signed, so that a client that goes along lacks nothing for its ClientKeyExchange.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from simulators.pki import Identity
from simulators.pki.keys import PrivateKey, load_key
from simulators.tls.codes import (
    GROUP_NUMBERS,
    SCHEME_NUMBERS,
    Extension,
    MessageType,
    TlsVersion,
)
from simulators.tls.exchange import (
    curve_parameters,
    prime_parameters,
    public_value,
    scheme_for,
    signature,
)
from simulators.tls.in_records import Parts, cut, header, size, vector
from simulators.tls.messages import RETRY_RANDOM
from simulators.tls.parse import ClientHello
from simulators.tls.suites import suite_name

TLS12_MARK, TLS11_MARK = b"DOWNGRD\x01", b"DOWNGRD\x00"
"""The end of the random value of a server that knows better than the TLS 1.2, or the TLS 1.1 or
less, that it negotiates (RFC 8446 4.1.3)."""

_ECDHE_RSA_AES, _ECDHE_ECDSA_AES, _TLS13_AES = 0xC02F, 0xC02B, 0x1301
_GOOD_GROUPS = ("x25519", "secp256r1", "secp384r1", "secp521r1")
_HONEST_DH_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOffer:
    """What a server answers to a ClientHello; numbers and names may be impossible.

    Attributes:
        version: Version chosen; TLS 1.3 stands in supported_versions.
        server_version: legacy_version; None is the version, at most TLS 1.2.
        mark: Last octets of the random value, such as :data:`TLS12_MARK`.
        session_id: None echoes that of a TLS 1.3 hello, and is empty below.
        suite: None takes the first offered one that fits the version and the key.
        compression: 1 is DEFLATE (RFC 3749).
        secure_renegotiation: Send renegotiation_info; None sends it to whom offered it.
        extended_master_secret: Send it; None sends it to whom offered it.
        alpn: Application protocol selected.
        extra_extensions: (type, body) pairs, appended.
        retry: Send a HelloRetryRequest (RFC 8446 4.1.4) that asks for a share of ``group``.
        group: Group by IANA name or number; None takes a good one that was offered, and for a
            retry one of those for which there was no share yet.
        dh_bits: Size of the prime of a suite with finite-field keys: 768, 1024 or 2048.
        scheme: Signature scheme by IANA name or number; None takes an offered one.
        signer: Whose key signs the ServerKeyExchange; None is the one in the certificate.
        spoiled_signature: Invert the last octet of the signature.
        certificates: DER of the Certificate message; None is the chain of the identity.
        copies: How often the whole list of certificates is sent.
        staple: OCSP response of a CertificateStatus message, DER; None sends no such message.
        messages: Which messages, in this order; None is the order of RFC 5246 7.3.
        length_error: Added to the length field of the ServerHello.
        record_size: Join all messages and cut them into records of that many octets; None gives
            each message a record of its own.
        empty_records: So many handshake records without any octet come first.
    """

    version: int = TlsVersion.TLS1_2
    server_version: int | None = None
    mark: bytes = b""
    session_id: bytes | None = None
    suite: int | None = None
    compression: int = 0
    secure_renegotiation: bool | None = None
    extended_master_secret: bool | None = None
    alpn: str | None = None
    extra_extensions: tuple[tuple[int, bytes], ...] = ()
    retry: bool = False
    group: str | int | None = None
    dh_bits: int = _HONEST_DH_BITS
    scheme: str | int | None = None
    signer: Identity | None = None
    spoiled_signature: bool = False
    certificates: tuple[bytes, ...] | None = field(default=None, repr=False)
    copies: int = 1
    staple: bytes | None = field(default=None, repr=False)
    messages: tuple[MessageType, ...] | None = None
    length_error: int = 0
    record_size: int | None = None
    empty_records: int = 0


def server_flight(hello: ClientHello, offer: ServerOffer, identity: Identity) -> Parts:
    """The answer to a hello as named parts, in wire order.

    The parts of the ServerHello have plain names, such as ``cipher_suite``; those of the other
    messages begin with the name of their message.

    Args:
        hello: What the device offered.
        offer: How our side answers.
        identity: Whose certificate and key our side has.
    """
    made = _Flight(hello, offer, identity)
    messages = [made.message(kind) for kind in made.order]
    version = min(offer.version, TlsVersion.TLS1_2)
    empty = [part for _ in range(offer.empty_records) for part in header("empty.", 0, version)]
    if offer.record_size is None:
        return empty + [
            part
            for kind, parts in zip(made.order, messages, strict=True)
            for part in (*header(_prefix(kind), size(parts), version), *parts)
        ]
    joined = [part for parts in messages for part in parts]
    return empty + list(cut(joined, offer.record_size, version))


class _Flight:
    """The messages of one answer; the random value is shared by two of them."""

    def __init__(self, hello: ClientHello, offer: ServerOffer, identity: Identity) -> None:
        self._hello, self._offer, self._identity = hello, offer, identity
        self._key: PrivateKey = load_key(identity.key_pem)
        self._suite = _suite_for(hello, offer, self._key) if offer.suite is None else offer.suite
        self._name = suite_name(self._suite)
        self._tls13 = offer.version >= TlsVersion.TLS1_3
        seed = hashlib.sha256(hello.random + self._suite.to_bytes(2, "big")).digest()
        self._random = RETRY_RANDOM if offer.retry else seed[: 32 - len(offer.mark)]

    @property
    def order(self) -> tuple[MessageType, ...]:
        """Which messages there are, in their order."""
        if self._offer.messages is not None:
            return self._offer.messages
        if self._tls13:
            return (MessageType.SERVER_HELLO,)
        due = [
            (MessageType.SERVER_HELLO, True),
            (MessageType.CERTIFICATE, "_anon_" not in self._name),
            (MessageType.CERTIFICATE_STATUS, self._offer.staple is not None),
            (MessageType.SERVER_KEY_EXCHANGE, self._by_curve or self._by_prime),
            (MessageType.SERVER_HELLO_DONE, True),
        ]
        return tuple(kind for kind, needed in due if needed)

    def message(self, kind: MessageType) -> Parts:
        """One message with its header."""
        bodies = {
            MessageType.SERVER_HELLO: self._server_hello,
            MessageType.CERTIFICATE: self._certificate,
            MessageType.CERTIFICATE_STATUS: self._status,
            MessageType.SERVER_KEY_EXCHANGE: self._key_exchange,
        }
        body = bodies[kind]() if kind in bodies else []
        wrong = self._offer.length_error if kind is MessageType.SERVER_HELLO else 0
        prefix = _prefix(kind)
        return [
            (f"{prefix}handshake.type", bytes([kind])),
            (f"{prefix}handshake.length", (size(body) + wrong).to_bytes(3, "big")),
            *body,
        ]

    @property
    def _by_curve(self) -> bool:
        return self._name.startswith(("TLS_ECDHE_", "TLS_ECDH_anon_"))

    @property
    def _by_prime(self) -> bool:
        return self._name.startswith(("TLS_DHE_", "TLS_DH_anon_"))

    def _server_hello(self) -> Parts:
        offer = self._offer
        legacy = min(offer.version, TlsVersion.TLS1_2)
        session = offer.session_id
        if session is None:
            session = self._hello.session_id if self._tls13 else b""
        parts: Parts = [
            ("server_version", _number(offer.server_version, legacy)),
            ("random", self._random),
            *([("downgrade_mark", offer.mark)] if offer.mark else []),
            ("session_id", vector(session, 1)),
            ("cipher_suite", self._suite.to_bytes(2, "big")),
            ("compression_method", bytes([offer.compression])),
        ]
        listed = [(_extension_name(kind), _number(None, kind) + vector(body, 2))
                  for kind, body in self._extensions()]  # fmt: skip
        if listed:
            parts.append(("extensions.length", size(listed).to_bytes(2, "big")))
        return parts + listed

    def _extensions(self) -> Iterator[tuple[int, bytes]]:
        offer, offered = self._offer, self._hello.extensions
        if self._tls13:
            yield Extension.SUPPORTED_VERSIONS, offer.version.to_bytes(2, "big")
            group = self._group()
            share = b"" if offer.retry else vector(public_value(group), 2)
            yield Extension.KEY_SHARE, group.to_bytes(2, "big") + share
        else:
            asked = self._hello.secures_renegotiation
            if asked if offer.secure_renegotiation is None else offer.secure_renegotiation:
                yield Extension.RENEGOTIATION_INFO, b"\x00"
            asked = Extension.EXTENDED_MASTER_SECRET in offered
            if asked if offer.extended_master_secret is None else offer.extended_master_secret:
                yield Extension.EXTENDED_MASTER_SECRET, b""
        if offer.alpn is not None:
            yield Extension.ALPN, vector(vector(offer.alpn.encode("ascii"), 1), 2)
        yield from offer.extra_extensions

    def _group(self) -> int:
        chosen = self._offer.group
        if chosen is not None:
            return GROUP_NUMBERS[chosen] if isinstance(chosen, str) else chosen
        good = [GROUP_NUMBERS[name] for name in _GOOD_GROUPS]
        shared = {group for group, _ in self._hello.key_shares}
        if self._offer.retry:
            good = [group for group in good if group not in shared]
        elif self._tls13:
            good = [group for group in good if group in shared]
        offered = (group for group in self._hello.groups if group in good)
        return next(offered, GROUP_NUMBERS["secp256r1"])

    def _certificate(self) -> Parts:
        listed = self._offer.certificates
        if listed is None:
            chain = x509.load_pem_x509_certificates(self._identity.certificate_pem)
            listed = tuple(one.public_bytes(Encoding.DER) for one in chain)
        whole = b"".join(vector(one, 3) for one in listed) * self._offer.copies
        return [("certificate.certificate_list", vector(whole, 3))]

    def _status(self) -> Parts:
        return [("certificate_status.response", b"\x01" + vector(self._offer.staple or b"", 3))]

    def _key_exchange(self) -> Parts:
        offer = self._offer
        parameters = (
            prime_parameters(offer.dh_bits) if self._by_prime else curve_parameters(self._group())
        )
        parts: Parts = [("key_exchange.parameters", parameters)]
        if "_anon_" in self._name:
            return parts
        key = self._key if offer.signer is None else load_key(offer.signer.key_pem)
        scheme = offer.scheme
        if scheme is None:
            scheme = scheme_for(key, self._hello.signature_algorithms)
        number = SCHEME_NUMBERS[scheme] if isinstance(scheme, str) else scheme
        signed = self._hello.random + self._random + offer.mark + parameters
        parts += signature(key, number, offer.version, signed)
        if offer.spoiled_signature:
            name, made = parts[-1]
            parts[-1] = (name, made[:-1] + bytes([made[-1] ^ 0xFF]))
        return parts


def _suite_for(hello: ClientHello, offer: ServerOffer, key: PrivateKey) -> int:
    if offer.version >= TlsVersion.TLS1_3:
        return next((one for one in hello.suites if one >> 8 == 0x13), _TLS13_AES)
    rsa = isinstance(key, RSAPrivateKey)
    kinds = ("TLS_ECDHE_RSA_", "TLS_DHE_RSA_", "TLS_RSA_") if rsa else ("TLS_ECDHE_ECDSA_",)
    for kind in kinds:
        for one in hello.suites:
            if suite_name(one).startswith(kind):
                return one
    return _ECDHE_RSA_AES if rsa else _ECDHE_ECDSA_AES


def _prefix(kind: MessageType) -> str:
    return "" if kind is MessageType.SERVER_HELLO else f"{kind.name.lower()}."


def _extension_name(kind: int) -> str:
    try:
        return f"extensions.{Extension(kind).name.lower()}"
    except ValueError:
        return f"extensions.{kind:#06x}"


def _number(value: int | None, computed: int) -> bytes:
    return (computed if value is None else value).to_bytes(2, "big")
