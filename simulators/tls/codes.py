"""The numbers of TLS with their names: versions, alerts, groups, signature schemes, extensions.

Sources: RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2), RFC 8422 (curves), RFC 7919 (finite-field groups),
RFC 6101 (SSL 3.0) and the IANA TLS registries. Only names that a report has use for are listed;
every lookup is total and names an unknown number by its hexadecimal value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class TlsVersion(IntEnum):
    """A protocol version as it stands on the wire."""

    SSL3 = 0x0300
    TLS1_0 = 0x0301
    TLS1_1 = 0x0302
    TLS1_2 = 0x0303
    TLS1_3 = 0x0304

    @property
    def label(self) -> str:
        """The name for people, for example ``TLS 1.2``."""
        return "SSL 3.0" if self is TlsVersion.SSL3 else f"TLS 1.{self.value - 0x0301}"

    def __str__(self) -> str:
        return self.label


def version_of(number: int) -> TlsVersion | None:
    """The version with this number, or None when there is no such version."""
    try:
        return TlsVersion(number)
    except ValueError:
        return None


def version_label(number: int) -> str:
    """The version's name for people, total."""
    known = version_of(number)
    return f"version {number:#06x}" if known is None else known.label


CLOSE_NOTIFY = 0
WARNING = 1
FATAL = 2
ALERTS: dict[int, str] = {
    CLOSE_NOTIFY: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert (RFC 8446 6): level 1 is warning and 2 is fatal."""

    level: int
    number: int

    @property
    def name(self) -> str:
        """The name of the description, for example ``unknown_ca``."""
        return ALERTS.get(self.number, f"alert {self.number}")

    def __str__(self) -> str:
        return f"{self.name}({self.number})"


GREASE = tuple(0x0A0A + 0x1010 * step for step in range(16))
"""Values reserved for suites, groups, extensions and versions that nobody knows (RFC 8701 2)."""

GROUPS: dict[int, str] = {
    0x0001: "sect163k1",
    0x0002: "sect163r1",
    0x0003: "sect163r2",
    0x0004: "sect193r1",
    0x0005: "sect193r2",
    0x0006: "sect233k1",
    0x0007: "sect233r1",
    0x0008: "sect239k1",
    0x0009: "sect283k1",
    0x000A: "sect283r1",
    0x000B: "sect409k1",
    0x000C: "sect409r1",
    0x000D: "sect571k1",
    0x000E: "sect571r1",
    0x000F: "secp160k1",
    0x0010: "secp160r1",
    0x0011: "secp160r2",
    0x0012: "secp192k1",
    0x0013: "secp192r1",
    0x0014: "secp224k1",
    0x0015: "secp224r1",
    0x0016: "secp256k1",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001A: "brainpoolP256r1",
    0x001B: "brainpoolP384r1",
    0x001C: "brainpoolP512r1",
    0x001D: "x25519",
    0x001E: "x448",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
    0x11EB: "SecP256r1MLKEM768",
    0x11EC: "X25519MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
}
GROUP_NUMBERS: dict[str, int] = {name: number for number, name in GROUPS.items()}
_BITS = re.compile(r"(?:sect|secp|brainpoolP|x)(\d+)")


def curve_bits(group: int) -> int | None:
    """The size of the curve's field in bits (SEC 2, RFC 7027, RFC 7748); None for other groups."""
    named = _BITS.match(GROUPS.get(group, ""))
    if named is None:
        return None
    # Named after the prime 2^255 - 19, which is what RFC 7748 counts on for 128 bits of strength.
    return 256 if group == GROUP_NUMBERS["x25519"] else int(named[1])


SIGNATURE_SCHEMES: dict[int, str] = {
    0x0101: "rsa_pkcs1_md5",
    0x0201: "rsa_pkcs1_sha1",
    0x0202: "dsa_sha1",
    0x0203: "ecdsa_sha1",
    0x0301: "rsa_pkcs1_sha224",
    0x0302: "dsa_sha224",
    0x0303: "ecdsa_sha224",
    0x0401: "rsa_pkcs1_sha256",
    0x0402: "dsa_sha256",
    0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384",
    0x0502: "dsa_sha384",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512",
    0x0602: "dsa_sha512",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
}
SCHEME_NUMBERS: dict[str, int] = {name: number for number, name in SIGNATURE_SCHEMES.items()}


class Extension(IntEnum):
    """Extension types that the emitter writes or the parser reads."""

    SERVER_NAME = 0
    TRUNCATED_HMAC = 4
    STATUS_REQUEST = 5
    SUPPORTED_GROUPS = 10
    EC_POINT_FORMATS = 11
    SIGNATURE_ALGORITHMS = 13
    HEARTBEAT = 15
    ALPN = 16
    PADDING = 21
    ENCRYPT_THEN_MAC = 22
    EXTENDED_MASTER_SECRET = 23
    SESSION_TICKET = 35
    PRE_SHARED_KEY = 41
    EARLY_DATA = 42
    SUPPORTED_VERSIONS = 43
    PSK_KEY_EXCHANGE_MODES = 45
    KEY_SHARE = 51
    RENEGOTIATION_INFO = 0xFF01


class ContentType(IntEnum):
    """Record types (RFC 8446 5.1)."""

    CHANGE_CIPHER_SPEC = 20
    ALERT = 21
    HANDSHAKE = 22
    APPLICATION_DATA = 23
    HEARTBEAT = 24


class MessageType(IntEnum):
    """Handshake message types (RFC 8446 4, RFC 5246 7.4)."""

    CLIENT_HELLO = 1
    SERVER_HELLO = 2
    CERTIFICATE = 11
    SERVER_KEY_EXCHANGE = 12
    CERTIFICATE_REQUEST = 13
    SERVER_HELLO_DONE = 14
    CERTIFICATE_STATUS = 22
