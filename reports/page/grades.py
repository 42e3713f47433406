"""How good a version, suite, group or signature scheme is, for the colours of the TLS picture.

A grade is orientation for the eye, by RFC 9325 alone: what it forbids, what it discourages, and the
rest. It is no verdict; those come from the scenarios and from the profiles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum


class Grade(Enum):
    """One grade: its words and the sign of the verdict that looks like it."""

    GOOD = ("good", "PASS")
    DISCOURAGED = ("discouraged", "WARN")
    FORBIDDEN = ("forbidden", "FAIL")
    UNKNOWN = ("not graded", "NOT_APPLICABLE")

    @property
    def words(self) -> str:
        """The grade as a word."""
        return str(self.value[0])

    @property
    def sign(self) -> str:
        """Name of the icon and of the colours."""
        return str(self.value[1])

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _WORST_FIRST.index(self)


_WORST_FIRST = (Grade.FORBIDDEN, Grade.DISCOURAGED, Grade.UNKNOWN, Grade.GOOD)

VERSIONS = ("SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")
"""In the order of their age."""

_CLASSES: Mapping[str, tuple[Grade, str]] = {
    "null": (Grade.FORBIDDEN, "no encryption"),
    "export": (Grade.FORBIDDEN, "export key"),
    "anon": (Grade.FORBIDDEN, "no authentication"),
    "rc4": (Grade.FORBIDDEN, "RC4"),
    "des": (Grade.FORBIDDEN, "DES, IDEA or RC2"),
    "3des": (Grade.DISCOURAGED, "3DES"),
    "no-pfs": (Grade.DISCOURAGED, "no forward secrecy"),
    "cbc-sha1": (Grade.DISCOURAGED, "CBC, SHA-1"),
    "cbc-sha2": (Grade.DISCOURAGED, "CBC"),
    "aead-pfs": (Grade.GOOD, "AEAD, forward secrecy"),
    "tls13": (Grade.GOOD, "TLS 1.3"),
}
_CURVE_BITS = re.compile(r"(?:secp|sect|brainpoolP|P-)(\d+)", re.IGNORECASE)
_FIELD_BITS = re.compile(r"(?:ffdhe|modp|dh[-_ ]?)(\d+)", re.IGNORECASE)
_EDWARDS: Mapping[str, int] = {"x25519": 256, "x448": 448}
_SOUND = re.compile(r"secp(256|384|521)r1|x25519|x448|brainpoolP\d+r1(tls13)?|ffdhe\d+", re.I)
_QUANTUM = re.compile(r"ml-?kem|kyber", re.IGNORECASE)
_FEWEST_CURVE_BITS = 224
_FEWEST_FIELD_BITS = 2048


def of_version(name: str) -> Grade:
    """RFC 9325 3.1.1: everything before TLS 1.2 is forbidden."""
    if name not in VERSIONS:
        return Grade.UNKNOWN
    return Grade.GOOD if name in VERSIONS[-2:] else Grade.FORBIDDEN


def of_suite(name: str, kind: str) -> tuple[Grade, str]:
    """RFC 9325 4.1 and 4.2: the grade of a suite of this class, and why in a few words."""
    grade, why = _CLASSES.get(kind, (Grade.UNKNOWN, kind))
    if grade is Grade.GOOD and name.startswith("TLS_DHE_"):
        return Grade.DISCOURAGED, "finite-field Diffie-Hellman"
    return grade, why


def of_group(name: str, bits: int | None) -> Grade:
    """RFC 9325 4.5: curves below 224 bits and fields below 2048 bits are forbidden."""
    if is_post_quantum(name):
        return Grade.GOOD
    size = bits or bits_of(name)
    if not size:
        return Grade.UNKNOWN
    fewest = _FEWEST_FIELD_BITS if _FIELD_BITS.match(name) else _FEWEST_CURVE_BITS
    if size < fewest:
        return Grade.FORBIDDEN
    return Grade.GOOD if _SOUND.fullmatch(name) else Grade.DISCOURAGED


def bits_of(name: str) -> int | None:
    """The size that a group's name tells, in bits."""
    found = _CURVE_BITS.match(name) or _FIELD_BITS.match(name)
    return int(found[1]) if found else _EDWARDS.get(name.lower())


def is_post_quantum(name: str) -> bool:
    """Whether the group (also) withstands a quantum computer, as far as its name tells."""
    return bool(_QUANTUM.search(name))


def of_scheme(name: str) -> Grade:
    """RFC 9325 4.5: MD5 and SHA-1 sign nothing."""
    lower = name.lower()
    if "md5" in lower or re.search(r"sha-?1(?!\d)", lower):
        return Grade.FORBIDDEN
    if "sha224" in lower or lower.startswith("dsa"):
        return Grade.DISCOURAGED
    return Grade.GOOD if re.match(r"rsa|ecdsa|ed25519|ed448|mldsa", lower) else Grade.UNKNOWN
