"""ClientHello by hand, from SSL 3.0 to TLS 1.3: no TLS library stands between us and the device.

One rule, as in the wire codec: a field left at None is computed, a field that is set is sent as
it stands, and nothing validates. The same offer always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from simulators.tls.codes import (
    GREASE,
    GROUP_NUMBERS,
    SCHEME_NUMBERS,
    ContentType,
    Extension,
    MessageType,
    TlsVersion,
)
from simulators.tls.suites import suites as suites_of

Parts = list[tuple[str, bytes]]

_EMPTY_RENEGOTIATION_SCSV = 0x00FF
_TLS13_SUITES = (0x1301, 0x1302, 0x1303)
_TLS12_SUITES = (0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8)
# Before TLS 1.2 there is no AEAD: an old hello must be refused for its version, not its suites.
_OLD_SUITES = (*suites_of("cbc-sha1"), *suites_of("no-pfs")[:4], *suites_of("3des"))
_MODERN_GROUPS = ("x25519", "secp256r1", "secp384r1")
_MODERN_SCHEMES = (
    "ecdsa_secp256r1_sha256",
    "ecdsa_secp384r1_sha384",
    "rsa_pss_rsae_sha256",
    "rsa_pss_rsae_sha384",
    "rsa_pkcs1_sha256",
    "rsa_pkcs1_sha384",
)
# A valid public key that needs no arithmetic: the base point of P-256 (SEC 2, 2.4.2), key 1.
_P256_BASE_POINT = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
_X25519, _P256 = GROUP_NUMBERS["x25519"], GROUP_NUMBERS["secp256r1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelloOffer:
    """What a ClientHello offers; numbers and names may be mixed with impossible values.

    Attributes:
        versions: Versions offered; above TLS 1.2 they stand in supported_versions.
        suites: Code points in order of preference; None takes what the versions offered need.
        groups: supported_groups by IANA name or number.
        signature_algorithms: By IANA name or number.
        server_name: SNI; bytes are sent as they stand.
        alpn: Application protocols.
        compression: Compression methods; 1 is DEFLATE (RFC 3749), which RFC 9325 3.3 forbids.
        random: 32 octets; None derives them from the offer.
        session_id: Legacy session identifier; None sends 32 octets when TLS 1.3 is offered.
        key_shares: (group, key) pairs; None makes one for the first of x25519 and secp256r1.
        secure_renegotiation: Send renegotiation_info (RFC 5746), as an SCSV for SSL 3.0.
        extended_master_secret: Offer RFC 7627.
        extra_extensions: (type, body) pairs, appended.
        without: Extension types that are left out though they would be computed.
        grease: Put reserved values first wherever a peer has to ignore them (RFC 8701).
        client_version: legacy_version; None is the highest offered, at most TLS 1.2.
        record_version: Version of the record; None is TLS 1.0, or SSL 3.0 for that alone.
        handshake_length: Length field of the message; None is computed.
        record_length: Length field of the record; None is computed.
        record_size: Cut the message into records of at most so many octets; None is one record.
        extensions_length: Length field of the extensions block; None is computed.
    """

    versions: tuple[int, ...] = (TlsVersion.TLS1_3, TlsVersion.TLS1_2)
    suites: tuple[int, ...] | None = None
    groups: tuple[str | int, ...] = _MODERN_GROUPS
    signature_algorithms: tuple[str | int, ...] = _MODERN_SCHEMES
    server_name: str | bytes | None = None
    alpn: tuple[str, ...] = ()
    compression: tuple[int, ...] = (0,)
    random: bytes | None = None
    session_id: bytes | None = None
    key_shares: tuple[tuple[int, bytes], ...] | None = None
    secure_renegotiation: bool = True
    extended_master_secret: bool = True
    extra_extensions: tuple[tuple[int, bytes], ...] = ()
    without: tuple[int, ...] = ()
    grease: bool = False
    client_version: int | None = None
    record_version: int | None = None
    handshake_length: int | None = None
    record_length: int | None = None
    record_size: int | None = None
    extensions_length: int | None = None


def client_hello(offer: HelloOffer) -> bytes:
    """Encode the offer as TLS records, one unless it says otherwise."""
    return b"".join(part for _, part in named_hello_parts(offer))


def named_hello_parts(offer: HelloOffer) -> Parts:
    """The records as (name, bytes) pairs in wire order, for a hex dump that names each field."""
    body = _body(offer)
    body_length = _size(body)
    message: Parts = [
        ("handshake.type", bytes([MessageType.CLIENT_HELLO])),
        ("handshake.length", _number(offer.handshake_length, body_length, 3)),
        *body,
    ]
    only_ssl3 = bool(offer.versions) and max(offer.versions) <= TlsVersion.SSL3
    record_version = TlsVersion.SSL3 if only_ssl3 else TlsVersion.TLS1_0
    version = record_version if offer.record_version is None else offer.record_version
    if offer.record_size is not None:
        return in_records(message, version, offer.record_size)
    return [
        ("record.type", bytes([ContentType.HANDSHAKE])),
        ("record.version", version.to_bytes(2, "big")),
        ("record.length", _number(offer.record_length, _size(message), 2)),
        *message,
    ]


def in_records(message: Parts, version: int, size: int) -> Parts:
    """The named parts of a message, cut into handshake records of at most ``size`` octets."""
    whole = b"".join(part for _, part in message)
    names = [name for name, part in message for _ in part]
    cut: Parts = []
    for start in range(0, len(whole), size):
        body = whole[start : start + size]
        prefix = f"record {start // size + 1}." if start else "record."
        cut.append((f"{prefix}type", bytes([ContentType.HANDSHAKE])))
        cut.append((f"{prefix}version", version.to_bytes(2, "big")))
        cut.append((f"{prefix}length", len(body).to_bytes(2, "big")))
        for name, octets in groupby(range(start, start + len(body)), key=names.__getitem__):
            cut.append((name, bytes(whole[at] for at in octets)))
    return cut


def _body(offer: HelloOffer) -> Parts:
    highest = min(max(offer.versions, default=TlsVersion.TLS1_2), TlsVersion.TLS1_2)
    # What is only about the carriage of the message leaves the message as it is.
    offer = replace(offer, record_size=None)
    seed = hashlib.sha256(repr(offer).encode()).digest()
    session_id = offer.session_id
    if session_id is None:
        session_id = hashlib.sha256(seed).digest() if _offers_tls13(offer) else b""
    listed = _extensions(offer, seed)
    code_points = _suites(offer)
    if offer.secure_renegotiation and not listed:
        code_points = (*code_points, _EMPTY_RENEGOTIATION_SCSV)
    body: Parts = [
        ("client_version", _number(offer.client_version, highest, 2)),
        ("random", seed if offer.random is None else offer.random),
        ("session_id", _vector(session_id, 1)),
        ("cipher_suites", _vector(_numbers(code_points), 2)),
        ("compression_methods", _vector(bytes(offer.compression), 1)),
    ]
    if listed or offer.extensions_length is not None:
        body.append(("extensions.length", _number(offer.extensions_length, _size(listed), 2)))
    return body + listed


def _suites(offer: HelloOffer) -> tuple[int, ...]:
    if offer.suites is not None:
        return (*_grease(offer, 0), *offer.suites)
    computed: tuple[int, ...] = _grease(offer, 0)
    computed += _TLS13_SUITES if _offers_tls13(offer) else ()
    if TlsVersion.TLS1_2 in offer.versions:
        computed += _TLS12_SUITES
    if any(version < TlsVersion.TLS1_2 for version in offer.versions):
        computed += _OLD_SUITES
    return computed


def _extensions(offer: HelloOffer, seed: bytes) -> Parts:
    """All extensions as named parts; SSL 3.0 alone has none (RFC 6101 5.6.1.2)."""
    found: list[tuple[int, bytes]] = []
    if max(offer.versions, default=TlsVersion.TLS1_2) > TlsVersion.SSL3:
        found = _computed_extensions(offer, seed)
    found = [(kind, body) for kind, body in found if kind not in offer.without]
    # Both ends of the list: the last extension may not be empty for some old servers.
    found = [*((kind, b"") for kind in _grease(offer, 3)), *found]
    found += [(kind, b"\x00") for kind in _grease(offer, 4)]
    found += offer.extra_extensions
    return [
        (_extension_name(kind), _number(None, kind, 2) + _vector(body, 2)) for kind, body in found
    ]


def _computed_extensions(offer: HelloOffer, seed: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    if offer.server_name is not None:
        found.append((Extension.SERVER_NAME, _server_name(offer.server_name)))
    if offer.groups:
        found.append((Extension.SUPPORTED_GROUPS, _vector(_groups(offer), 2)))
        found.append((Extension.EC_POINT_FORMATS, b"\x01\x00"))
    if offer.signature_algorithms and max(offer.versions, default=0) >= TlsVersion.TLS1_2:
        listed = (_code(item, SCHEME_NUMBERS) for item in offer.signature_algorithms)
        schemes = _numbers((*_grease(offer, 5), *listed))
        found.append((Extension.SIGNATURE_ALGORITHMS, _vector(schemes, 2)))
    if offer.alpn:
        protocols = b"".join(_vector(name.encode("ascii"), 1) for name in offer.alpn)
        found.append((Extension.ALPN, _vector(protocols, 2)))
    if offer.extended_master_secret:
        found.append((Extension.EXTENDED_MASTER_SECRET, b""))
    if offer.secure_renegotiation:
        found.append((Extension.RENEGOTIATION_INFO, b"\x00"))
    if _offers_tls13(offer):
        found += _tls13_extensions(offer, seed)
    return found


def _tls13_extensions(offer: HelloOffer, seed: bytes) -> list[tuple[int, bytes]]:
    shares = offer.key_shares
    if shares is None:
        shares = _key_shares(offer, seed)
    shares = (*((group, b"\x00") for group in _grease(offer, 1)), *shares)
    listed = b"".join(_number(None, group, 2) + _vector(key, 2) for group, key in shares)
    versions = (*_grease(offer, 2), *offer.versions)
    return [
        (Extension.SUPPORTED_VERSIONS, _vector(_numbers(versions), 1)),
        (Extension.PSK_KEY_EXCHANGE_MODES, b"\x01\x01"),
        (Extension.KEY_SHARE, _vector(listed, 2)),
    ]


def _key_shares(offer: HelloOffer, seed: bytes) -> tuple[tuple[int, bytes], ...]:
    """One usable share: any 32 octets are a point of x25519 (RFC 7748 5)."""
    for group in (_code(item, GROUP_NUMBERS) for item in offer.groups):
        if group == _X25519:
            return ((group, hashlib.sha256(b"x25519" + seed).digest()),)
        if group == _P256:
            return ((group, _P256_BASE_POINT),)
    return ()


def _offers_tls13(offer: HelloOffer) -> bool:
    return max(offer.versions, default=0) >= TlsVersion.TLS1_3


def _server_name(name: str | bytes) -> bytes:
    raw = name.encode("idna") if isinstance(name, str) else name
    return _vector(b"\x00" + _vector(raw, 2), 2)


def _groups(offer: HelloOffer) -> bytes:
    listed = (_code(item, GROUP_NUMBERS) for item in offer.groups)
    return _numbers((*_grease(offer, 1), *listed))


def _grease(offer: HelloOffer, which: int) -> tuple[int, ...]:
    return (GREASE[which],) if offer.grease else ()


def _code(item: str | int, numbers: dict[str, int]) -> int:
    return numbers[item] if isinstance(item, str) else item


def _extension_name(kind: int) -> str:
    try:
        return f"extensions.{Extension(kind).name.lower()}"
    except ValueError:
        return f"extensions.{kind:#06x}"


def _number(value: int | None, computed: int, width: int) -> bytes:
    return (computed if value is None else value).to_bytes(width, "big")


def _numbers(values: Iterable[int]) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


def _vector(content: bytes, width: int) -> bytes:
    return len(content).to_bytes(width, "big") + content


def _size(parts: Parts) -> int:
    return sum(len(part) for _, part in parts)
