"""Values that are hard to write as JSON or XML, in objects that are stored by STOW-RS."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from typing import Final

from harness.stage import Stage
from simulators.corpus.files import changed, file_of, valued
from simulators.texts import CHARACTER_SET
from simulators.web.client import WebClient
from simulators.web.depositing import PATIENCE_S, study_of
from simulators.web.honest import stow, witness_listed
from simulators.web.target import entitled
from simulators.wire.dataset import Element

Expected = Mapping[str, str]
"""What has to come back, by tag: a whole number, or a text that has to be part of what comes."""

_TEXT: Final = 0x0008103E
_UTF_8: Final = "ISO_IR 192"
TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "section-end": ("]]>synthetic", "]]>synthetic"),
    "ampersand": ("a&b;&c&#0;", "a&b;&c&#0;"),
    "tags": ("</Value><Value>", "</Value><Value>"),
    "quotes": ("'\"synthetic\"'", "'\"synthetic\"'"),
    "control-signs": ("\x01\x02syn\x1fthetic", ""),
    "no-character": ("synthetic\ufffe\uffff", ""),
    "entity": ("<!ENTITY e 'x'>&e;", "<!ENTITY e 'x'>&e;"),
}
"""Texts, and what has to come back of each; nothing where XML cannot hold it."""

_ROWS: Final[Mapping[str, tuple[tuple[int, str, bytes, str], ...]]] = {
    "not-a-number": (
        (0x00720074, "FD", struct.pack("<d", math.nan), ""),
        (0x00720076, "FL", struct.pack("<f", math.nan), ""),
    ),
    "endless": (
        (0x00720074, "FD", struct.pack("<dd", math.inf, -math.inf), ""),
        (0x00720076, "FL", struct.pack("<f", math.inf), ""),
    ),
    "64-bits": (
        (0x00720082, "SV", struct.pack("<q", -(2**63) + 1), str(-(2**63) + 1)),
        (0x00720083, "UV", struct.pack("<Q", 2**64 - 1), str(2**64 - 1)),
    ),
    "53-bits": (
        (0x00720082, "SV", struct.pack("<q", -(2**53) - 1), str(-(2**53) - 1)),
        (0x00720083, "UV", struct.pack("<Q", 2**53 + 1), str(2**53 + 1)),
    ),
    "31-bits": (
        (0x00720064, "IS", b"-2147483647 ", "-2147483647"),
        (0x00720078, "UL", struct.pack("<I", 2**32 - 1), str(2**32 - 1)),
    ),
    "no-decimals": ((0x00720072, "DS", b"NaN\\Infinity\\1E999 ", ""),),
}
NUMBERS: Final = tuple(_ROWS)
"""Names of numbers that are hard to write."""


def stores_text(stage: Stage, text: str, *, honest: bool = False) -> str:
    """Stores an object whose Series Description is a text in UTF-8; its study, if it was taken.

    Raises:
        PreconditionUnmetError: It is honest, and was not taken.
    """
    value = text.encode("utf-8", "surrogatepass")
    changes = {
        CHARACTER_SET: valued(CHARACTER_SET, "CS", _UTF_8),
        _TEXT: valued(_TEXT, "LO", value),
    }
    taken = _stores(stage, changes)
    stage.require(taken or not honest, "an honest object was not stored by STOW-RS")
    return study_of(stage) if taken else ""


def stores_numbers(stage: Stage, name: str) -> tuple[str, Expected]:
    """Stores an object with these numbers; its study, if it was taken, and what has to come."""
    rows = _ROWS[name]
    taken = _stores(stage, {tag: valued(tag, vr, value) for tag, vr, value, _ in rows})
    expected = {f"{tag:08X}": digits for tag, _, _, digits in rows if digits}
    return study_of(stage) if taken else "", expected


def _stores(stage: Stage, changes: Mapping[int, Element]) -> bool:
    octets = file_of(changed(changes, stage.token), stage.token)
    with WebClient(stage) as client:
        answer = client.ask(
            entitled(stage, stow(stage, [octets])), what="an object", stimulus=True,
            timeout_s=PATIENCE_S,
        )  # fmt: skip
    return witness_listed(stage, answer) > 0
