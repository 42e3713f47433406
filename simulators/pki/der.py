"""A writer of DER (X.690) that refuses nothing: whoever calls it decides what makes sense."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import core

NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"

_SEQUENCE, _INTEGER, _BIT_STRING, _OCTET_STRING = 0x30, 0x02, 0x03, 0x04
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_CONTEXT_CONSTRUCTED = 0xA0
_LAST_YEAR_OF_UTC_TIME = 2049


def tlv(tag: int, content: bytes) -> bytes:
    """Tag, minimal length and content."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def tlv_padded(tag: int, content: bytes) -> bytes:
    """As :func:`tlv`, with a length in four octets whatever its size: BER, but not DER."""
    return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of encoded parts."""
    return tlv(_SEQUENCE, b"".join(parts))


def explicit(number: int, content: bytes) -> bytes:
    """An encoded value below an explicit, context-specific tag."""
    return tlv(_CONTEXT_CONSTRUCTED | number, content)


def integer(value: int) -> bytes:
    """An INTEGER in two's complement, as short as possible."""
    bits = (value if value >= 0 else ~value).bit_length()
    return tlv(_INTEGER, value.to_bytes(bits // 8 + 1, "big", signed=True))


def bit_string(octets: bytes) -> bytes:
    """A BIT STRING of whole octets."""
    return tlv(_BIT_STRING, b"\x00" + octets)


def octet_string(octets: bytes) -> bytes:
    """An OCTET STRING."""
    return tlv(_OCTET_STRING, octets)


def object_identifier(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from its dotted form."""
    return bytes(core.ObjectIdentifier(dotted).dump())


def time(moment: datetime) -> bytes:
    """A Time in the form that RFC 5280 4.1.2.5 lays down for its year.

    Args:
        moment: In UTC; fractions of a second are dropped.
    """
    if moment.year <= _LAST_YEAR_OF_UTC_TIME:
        return utc_time(f"{moment:%y%m%d%H%M%S}Z")
    return generalized_time(f"{moment.year:04}{moment:%m%d%H%M%S}Z")


def utc_time(text: str) -> bytes:
    """A UTCTime with exactly this text."""
    return tlv(_UTC_TIME, text.encode("ascii"))


def generalized_time(text: str) -> bytes:
    """A GeneralizedTime with exactly this text."""
    return tlv(_GENERALIZED_TIME, text.encode("ascii"))
