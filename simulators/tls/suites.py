"""Cipher suites by weakness class, read once from ``suites.csv`` beside this file.

A suite stands in the one class of its worst property, in this order: no real key (``export``),
no encryption (``null``), no authentication (``anon``), a broken or short cipher (``rc4``,
``3des``, ``des``), no forward secrecy (``no-pfs``), CBC with HMAC-SHA1 or SHA-2 (``cbc-sha1``,
``cbc-sha2``). ``aead-pfs`` and ``tls13`` are the good ones; ``signal`` holds signalling values.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias, cast

SuiteClass: TypeAlias = Literal[
    "null",
    "export",
    "anon",
    "rc4",
    "3des",
    "des",
    "no-pfs",
    "cbc-sha1",
    "cbc-sha2",
    "aead-pfs",
    "tls13",
    "signal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One cipher suite.

    Attributes:
        code_point: The two octets on the wire as a number.
        name: Name in the IANA registry.
        weakness: The class of its worst property.
        openssl_name: OpenSSL's name, empty when unknown.
        source: The RFC that assigns the code point.
        confidence: ``high`` when two independent lists agree, else ``medium``.
    """

    code_point: int
    name: str
    weakness: SuiteClass
    openssl_name: str
    source: str
    confidence: str


@lru_cache(maxsize=1)
def all_suites() -> tuple[Suite, ...]:
    """Every suite that is known, in the order of code points."""
    text = files("simulators.tls").joinpath("suites.csv").read_text(encoding="utf-8")
    return tuple(
        Suite(
            code_point=int(row["code_point"], 16),
            name=row["name"],
            weakness=cast("SuiteClass", row["class"]),
            openssl_name=row["openssl_name"],
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def suites(weakness: SuiteClass) -> tuple[int, ...]:
    """The code points of one class.

    Raises:
        ValueError: There is no such class.
    """
    found = tuple(suite.code_point for suite in all_suites() if suite.weakness == weakness)
    if not found:
        raise ValueError(f"no cipher suite class {weakness!r}")
    return found


@lru_cache(maxsize=1)
def _by_code_point() -> dict[int, Suite]:
    return {suite.code_point: suite for suite in all_suites()}


def suite(code_point: int) -> Suite | None:
    """The suite with this code point, or None when it is not listed."""
    return _by_code_point().get(code_point)


def suite_name(code_point: int) -> str:
    """The IANA name, total."""
    known = suite(code_point)
    return f"suite {code_point:#06x}" if known is None else known.name
