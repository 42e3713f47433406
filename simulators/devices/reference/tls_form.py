"""What OpenSSL lets pass in a peer's certificate, and RFC 5280 4.1 does not: form and strength.

Reads the DER itself: a start of the device shall not cost the loading of a library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Theme = Literal["form", "dates", "usage", "strength"]
Objection = tuple[Theme, str]

_BOOLEAN, _INTEGER, _SEQUENCE, _UTC_TIME, _GENERALIZED_TIME = 0x01, 0x02, 0x30, 0x17, 0x18
_CONSTRUCTED, _VERSION_FIELD, _EXTENSIONS_FIELD = 0x20, 0xA0, 0xA3
_TRUE = b"\x01\x01\xff"
_KEY_FIELD = 5
_V3 = b"\x02\x01\x02"
_LONGEST_SERIAL = 20
_MOST_BYTES, _DEEPEST = 1 << 16, 24
_RSA_KEY = bytes.fromhex("06092a864886f70d010101")
_EC_KEY = bytes.fromhex("06072a8648ce3d0201")
_WEAK_CURVES = (bytes.fromhex("06082a8648ce3d030101"), bytes.fromhex("06052b81040021"))
"""P-192 and P-224."""
_SUBJECT_ALT_NAME, _BASIC_CONSTRAINTS = b"\x55\x1d\x11", b"\x55\x1d\x13"
_KEY_USAGE, _USAGE_AT, _DIGITAL_SIGNATURE = b"\x55\x1d\x0f", 3, 0x80
_SMALLEST_EXPONENT = 65537
_UTC_LENGTH, _GENERALIZED_LENGTH, _TURN = 13, 15, "2050"


class FormError(ValueError):
    """The bytes are no DER."""


@dataclass(frozen=True, slots=True)
class Element:
    """One DER element.

    Attributes:
        tag: Its identifier octet.
        body: Its contents.
        whole: Header and contents.
    """

    tag: int
    body: bytes
    whole: bytes

    def children(self) -> list[Element]:
        """Return the elements inside."""
        return list(elements(self.body))


def elements(data: bytes) -> Iterator[Element]:
    """Read consecutive elements.

    Raises:
        FormError: A length is not minimal, not definite, or does not fit (X.690 10.1).
    """
    at = 0
    while at < len(data):
        start, tag = at, data[at]
        if tag & 0x1F == 0x1F or at + 2 > len(data):
            raise FormError("an identifier or a length is cut")
        length = data[at + 1]
        at += 2
        if length >= 0x80:
            width = length & 0x7F
            length = int.from_bytes(data[at : at + width], "big")
            at += width
            if not 0 < width <= 4 or length < 0x80 or length >> 8 * (width - 1) == 0:
                raise FormError("a length is not in its shortest form")
        if at + length > len(data):
            raise FormError("an element is longer than what holds it")
        yield Element(tag, data[at : at + length], data[start : at + length])
        at += length


def objections(der: bytes) -> list[Objection]:
    """Say what is wrong with an end entity's certificate; nothing when it is as laid down."""
    try:
        certificate = _only(der)
        _walk(certificate, 0)
        body, algorithm, _ = certificate.children()
        fields = body.children()
        return list(_judge(fields, algorithm))
    except (FormError, ValueError, IndexError) as error:
        return [("form", str(error) or "not laid out as a certificate")]


def public_key(der: bytes) -> bytes:
    """Return the subjectPublicKeyInfo (DER) of a certificate; raises as the next one does."""
    return _fields(der)[5].whole


def is_namesake(der: bytes) -> bool:
    """Tell whether a certificate names its issuer as its subject; raises as the next one does."""
    fields = _fields(der)
    return fields[2].whole == fields[4].whole


def issuer_and_serial(der: bytes) -> tuple[bytes, bytes]:
    """Return the issuer's name (DER) and the serial number (as encoded) of a certificate.

    Raises:
        ValueError: It is laid out otherwise.
    """
    fields = _fields(der)
    return fields[2].whole, fields[0].body


def _fields(der: bytes) -> list[Element]:
    """The fields of a certificate after its version."""
    body = _only(der).children()[0]
    fields = [one for one in body.children() if one.tag != _VERSION_FIELD]
    if len(fields) <= _KEY_FIELD:
        raise FormError("not laid out as a certificate")
    return fields


def _judge(fields: list[Element], algorithm: Element) -> Iterator[Objection]:
    if fields[0].tag != _VERSION_FIELD or fields[0].body != _V3:
        yield "form", "not a certificate of version 3"
        if fields[0].tag != _VERSION_FIELD:
            fields = [Element(_VERSION_FIELD, b"", b""), *fields]
    serial, signature, issuer, validity, subject, key = fields[1:7]
    listed = _extensions(fields[7:])
    checks: list[tuple[Theme, str]] = [
        ("form", _serial(serial)),
        ("form", "" if signature.whole == algorithm.whole else "two signature algorithms"),
        ("form", "" if issuer.body else "no issuer"),
        ("form", _twice(listed, bool(subject.body))),
        ("dates", _times(validity)),
        ("usage", _misuse(listed)),
        ("strength", _weakness(key)),
    ]
    yield from (check for check in checks if check[1])


def _only(der: bytes) -> Element:
    if len(der) > _MOST_BYTES:
        raise FormError(f"a certificate of {len(der)} bytes")
    one, *more = elements(der)
    if more or one.tag != _SEQUENCE:
        raise FormError("bytes after the certificate")
    return one


def _walk(element: Element, depth: int) -> None:
    """Read everything inside, so that no length in it escapes."""
    if depth > _DEEPEST:
        raise FormError("nested too deep")
    if element.tag == _BOOLEAN and element.body not in (b"\x00", b"\xff"):
        raise FormError("a truth value that is neither 0 nor 255")
    if element.tag & _CONSTRUCTED:
        for child in elements(element.body):
            _walk(child, depth + 1)


def _serial(serial: Element) -> str:
    number = int.from_bytes(serial.body, "big", signed=True)
    if serial.tag != _INTEGER or number <= 0:
        return "a serial number that is not positive"
    return "a serial number of more than 20 octets" if len(serial.body) > _LONGEST_SERIAL else ""


def _extensions(rest: list[Element]) -> list[tuple[bytes, bytes]]:
    """Return identifier and value of each extension."""
    holders = [one for one in rest if one.tag == _EXTENSIONS_FIELD]
    listed = [one.children() for one in holders[0].children()[0].children()] if holders else []
    return [(parts[0].body, parts[-1].body) for parts in listed]


def _twice(listed: list[tuple[bytes, bytes]], has_subject: bool) -> str:
    identifiers = [identifier for identifier, _ in listed]
    if len(set(identifiers)) < len(identifiers):
        return "an extension twice"
    if not has_subject and _SUBJECT_ALT_NAME not in identifiers:
        return "neither a subject nor a name beside it"
    return ""


def _misuse(listed: list[tuple[bytes, bytes]]) -> str:
    """Say what the key may not be used for here; OpenSSL is content with agreement of keys."""
    for identifier, value in listed:
        if identifier == _BASIC_CONSTRAINTS and _only(value).body.startswith(_TRUE):
            return "the rights of an authority, though it is an end entity's"
        if identifier == _KEY_USAGE and not value[_USAGE_AT] & _DIGITAL_SIGNATURE:
            return "a key that is not for signatures"
    return ""


def _times(validity: Element) -> str:
    begin, end = (time_of(one) for one in validity.children())
    return "ends before it begins" if end < begin else ""


def time_of(element: Element) -> str:
    """Return a time as fourteen digits (RFC 5280 4.1.2.5)."""
    text = element.body.decode("ascii")
    if not text.endswith("Z") or not text[:-1].isdigit():
        raise FormError("a time that is not in UTC and whole seconds")
    if element.tag == _UTC_TIME and len(text) == _UTC_LENGTH:
        return _real(("20" if text < "50" else "19") + text[:-1])
    if element.tag == _GENERALIZED_TIME and len(text) == _GENERALIZED_LENGTH and text >= _TURN:
        return _real(text[:-1])
    raise FormError("a time in the wrong form for its year")


def _real(digits: str) -> str:
    """Let no day through that no calendar has."""
    datetime.strptime(f"{digits}+0000", "%Y%m%d%H%M%S%z")
    return digits


def _weakness(key: Element) -> str:
    """Say what is weak about a key beyond its size, which OpenSSL judges."""
    algorithm, bits = key.children()
    if algorithm.body.startswith(_EC_KEY) and algorithm.body.endswith(_WEAK_CURVES):
        return "a key on a small curve"
    if not algorithm.body.startswith(_RSA_KEY):
        return ""
    _, exponent = _only(bits.body[1:]).children()
    number = int.from_bytes(exponent.body, "big")
    return f"the RSA exponent {number}" if number < _SMALLEST_EXPONENT else ""
