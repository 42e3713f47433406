"""Files whose texts lie: control signs, broken character sets, names that act as paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from harness.specimens import Files, Shelf
from simulators.corpus.files import changed, file_of, one, part10, valued
from simulators.texts import CHARACTER_SET, PATIENT_ID, PATIENT_NAME
from simulators.wire.dataset import Element, encode_dataset

_SOP_INSTANCE: Final = 0x00080018
_STUDY: Final = 0x0020000D
_SERIES: Final = 0x0020000E
_SERIES_DESCRIPTION: Final = 0x0008103E
_PROTOCOL: Final = 0x00181030
_ESCAPE: Final = b"\x1b"
_LATIN: Final = b"ISO 2022 IR 100"
_KANJI: Final = b"\\ISO 2022 IR 87"
_UTF_8: Final = b"ISO_IR 192"
_VRS: Final = {PATIENT_NAME: "PN", CHARACTER_SET: "CS", _STUDY: "UI", _SERIES: "UI"}


def _worded(texts: Mapping[int, bytes], token: str) -> Files:
    made: dict[int, Element | None] = {
        tag: valued(tag, _VRS.get(tag, "LO"), value.replace(b"TOKEN", token.encode()))
        for tag, value in texts.items()
    }
    return one(file_of(changed(made, token), token))


def _all_worded(lies: Mapping[str, Mapping[int, bytes]]) -> dict[str, Callable[[str], Files]]:
    return {name: partial(_worded, texts) for name, texts in lies.items()}


def _named(name: bytes, charset: bytes = b"") -> Mapping[int, bytes]:
    return {PATIENT_NAME: name, **({CHARACTER_SET: charset} if charset else {})}


def utf8(token: str) -> Files:
    """An honest file with a name in UTF-8."""
    return _worded(_named("SYNTHÉTIQUE^ASSAY".encode(), _UTF_8), token)


CONTROLS: Final = Shelf(
    name="control-signs",
    deviation="Texts hold signs that command a terminal.",
    expectation="They are shown escaped or left out; a terminal obeys none of them.",
    makers=_all_worded(
        {
            "escape-title": _named(_ESCAPE + b"]0;TOKEN\x07"),
            "escape-colour": _named(_ESCAPE + b"[31mTOKEN" + _ESCAPE + b"[0m"),
            "escape-clear": {_SERIES_DESCRIPTION: _ESCAPE + b"[2J" + _ESCAPE + b"[HTOKEN"},
            "one-octet-escape": {_SERIES_DESCRIPTION: b"\x9b31mTOKEN"},
            "backspace": {PATIENT_ID: b"REAL\x08\x08\x08\x08TOKEN"},
            "bell-in-utf8": {**_named(b"TOKEN\x07\x07", _UTF_8)},
        }
    ),
)
CHARSETS: Final = Shelf(
    name="character-sets",
    deviation="The character set is unknown, escapes are left open, or octets are no character.",
    expectation="The text is shown with a substitute or the file refused with a message.",
    makers=_all_worded(
        {
            "unknown": _named(b"SYNTHETIC", b"ISO_IR 999"),
            "overlong-term": _named(b"SYNTHETIC", b"X" * 4096),
            "many-terms": _named(b"SYNTHETIC", b"\\".join([b"ISO 2022 IR 87"] * 500)),
            "escape-left-open": _named(b"ASSAY^\x1b$B;3ED", _KANJI),
            "escape-cut": _named(b"ASSAY^\x1b$", _KANJI),
            "escape-unknown": _named(b"ASSAY^\x1b%/ISYN", _LATIN),
            "half-a-kanji": _named(b"ASSAY^\x1b$B;", _KANJI),
            "no-utf8": _named(b"SYN\xff\xfeTHETIC", _UTF_8),
            "overlong-utf8": _named(b"SYNTHETIC\xc0\xaf", _UTF_8),
            "surrogate-utf8": _named(b"SYNTHETIC\xed\xa0\x80", _UTF_8),
            "turned-round": _named("SYN\u202eCITEHT\u202c".encode(), _UTF_8),
        }
    ),
)
FORMATS: Final = Shelf(
    name="format-signs",
    deviation="Texts hold directives of format strings, markup and formulas.",
    expectation="They are plain text, wherever they are shown or written.",
    makers=_all_worded(
        {
            "percent-n": _named(b"%n%n%n%n%s%s%s%s"),
            "percent-wide": {_SERIES_DESCRIPTION: b"%999999d%p%x"},
            "braces": {_SERIES_DESCRIPTION: b"{0.__class__}${TOKEN}"},
            "markup": _named(b"<img src=x onerror=TOKEN>"),
            "formula": {PATIENT_ID: b"=1+TOKEN"},
        }
    ),
)


def _identified(value: str, token: str) -> Files:
    """A path in each place from which readers take names of files, whatever their VR permits."""
    path = value.replace("TOKEN", f"assay-{token}")
    vrs = {_SOP_INSTANCE: "UI", _STUDY: "UI", _SERIES: "UI", PATIENT_NAME: "PN"}
    tags = (*vrs, PATIENT_ID, _SERIES_DESCRIPTION, _PROTOCOL)
    content = changed({tag: valued(tag, vrs.get(tag, "LO"), path) for tag in tags}, token)
    octets = encode_dataset(content, "explicit")
    return one(part10(octets, token=token, sop_instance=path))


PATHS: Final = Shelf(
    name="paths-for-names",
    deviation="UIDs, names and descriptions are paths that climb out of a folder.",
    expectation="Whatever is written, is written where the user said.",
    makers={
        name: partial(_identified, value)
        for name, value in {
            "one-up": "../TOKEN",
            "three-up": "../../../TOKEN",
            "through-a-folder": "1/../../TOKEN",
            "backslash": "..\\..\\TOKEN",
            "dot-dot": "..",
            "overlong": "TOKEN" + "1" * 4000,
            "option": "--TOKEN",
            "command": "$(touch TOKEN)`touch TOKEN`;touch TOKEN",
        }.items()
    },
)
