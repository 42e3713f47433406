"""MDS2 forms (ANSI/NEMA HN 1-2019): answers by question id, from a worksheet, CSV or JSON.

The worksheet is the manufacturer's own, and manufacturers' forms differ; :mod:`.mds2_sheet` finds
the columns by what stands in them. Ours are a CSV with the columns ``id``, ``answer`` and ``note``
and a JSON with ``"schema": "dicom-assay/mds2/1"`` and ``answers`` of the same keys.

A question without an answer is unset, which is not "no".
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from harness import requirements
from harness.errors import ProfileError

SCHEMA: Final = "dicom-assay/mds2/1"
SUFFIXES: Final = (".xlsx", ".csv", ".json")
MOST_ANSWERS: Final = 1000
MOST_TEXT: Final = 2000
"""Characters of an answer or of a note."""

YES, NO, NOT_APPLICABLE, SEE_NOTES = "yes", "no", "n/a", "see notes"
_ANSWERS: Final = {
    "yes": YES, "y": YES, "no": NO, "n": NO, "n/a": NOT_APPLICABLE, "na": NOT_APPLICABLE,
    "not applicable": NOT_APPLICABLE, "see note": SEE_NOTES, "see notes": SEE_NOTES,
}  # fmt: skip
_ID: Final = re.compile(r"([A-Z]{3,4})-(\d{1,2}(?:\.\d{1,2}){0,3})|OTHR")


class Mds2Error(ProfileError):
    """A form is not one, or is not fit to be read; the message names the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: "yes", "no", "n/a", "see notes" or the text that stands there; and its note."""

    id: str
    answer: str
    note: str = ""


def question_id(text: str) -> str:
    """The id of a question as it ought to be spelt; empty for what is none.

    Published forms print SHAD-15 and SHAD-16 for the last two questions on hardening (SAHD).
    """
    found = _ID.fullmatch(text.strip().rstrip(".").upper())
    return found.group().replace("SHAD-", "SAHD-") if found else ""


def answer_of(text: str) -> str:
    """An answer as one of the four words, or as the text that it is."""
    plain = " ".join(text.split())
    return _ANSWERS.get(plain.lower().rstrip("."), plain)


def is_word(text: str) -> bool:
    """Tell whether this is one of the four answers of the form."""
    return " ".join(text.split()).lower().rstrip(".") in _ANSWERS


@cache
def questions() -> Mapping[str, str]:
    """The questions by id, in the order of the form; our paraphrases."""
    known = requirements.load()
    return {
        name.removeprefix("MDS2/"): one.text
        for name, one in known.items()
        if name.startswith("MDS2/")
    }


def parse(data: bytes, name: str) -> dict[str, Answer]:
    """The answers of a form, by the suffix of its name.

    Args:
        data: The file.
        name: Its name, for errors.

    Raises:
        Mds2Error: It is of no known kind, holds no question, or answers one twice and differently.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".xlsx":
        # Imported here, because openpyxl is slow to import and seldom needed.
        from harness.claims.mds2_sheet import rows_of

        found = _gathered(rows_of(data, name), name)
    elif suffix == ".csv":
        found = _gathered(_csv(data, name), name)
    elif suffix == ".json":
        found = _gathered(_json(data, name), name)
    else:
        raise Mds2Error(f"{name}: an MDS2 form is one of {', '.join(SUFFIXES)}")
    return found


def _gathered(rows: Iterable[tuple[str, str, str]], name: str) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for number, (raw, said, note) in enumerate(rows):
        if number >= MOST_ANSWERS:
            raise Mds2Error(f"{name}: more than {MOST_ANSWERS} answers: is this an MDS2 form?")
        key, answer = question_id(raw), answer_of(said)[:MOST_TEXT]
        if not key:
            raise Mds2Error(f"{name}: {raw[:40]!r} is no id of a question, such as AUDT-1")
        if not answer:
            continue
        if key in found and found[key].answer != answer:
            raise Mds2Error(f"{name}: {key} is answered twice: remove one of the answers")
        found[key] = Answer(id=key, answer=answer, note=" ".join(note.split())[:MOST_TEXT])
    return found


def _csv(data: bytes, name: str) -> Iterator[tuple[str, str, str]]:
    lines = [line for line in _text(data, name).splitlines() if not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("\n".join(lines)))
    try:
        for wanted in ("id", "answer"):
            if wanted not in (reader.fieldnames or ()):
                raise Mds2Error(f"{name}: the first line has no column {wanted!r}: id,answer,note")
        for row in reader:
            if row.get("id"):
                yield row["id"], row.get("answer") or "", row.get("note") or ""
    except csv.Error as error:
        raise Mds2Error(f"{name}: line {reader.line_num}: not valid CSV: {error}") from error


def _json(data: bytes, name: str) -> Iterator[tuple[str, str, str]]:
    try:
        document = json.loads(_text(data, name))
    except (ValueError, RecursionError) as error:
        raise Mds2Error(f"{name}: not valid JSON: {error}") from error
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise Mds2Error(f"{name}: needs 'schema': '{SCHEMA}'")
    answers = document.get("answers")
    if not isinstance(answers, list):
        raise Mds2Error(f"{name}: needs 'answers', a list of objects with id, answer and note")
    for number, row in enumerate(answers):
        values = [row.get(key, "") for key in ("id", "answer", "note")] if _is_row(row) else []
        if not values or not all(isinstance(value, str) for value in values):
            raise Mds2Error(
                f"{name}: answers[{number}] needs id, answer and note, all of them text"
            )
        yield values[0], values[1], values[2]


def _is_row(row: object) -> bool:
    return isinstance(row, Mapping) and "id" in row


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Mds2Error(f"{name}: not UTF-8 text") from error
