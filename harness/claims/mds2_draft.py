"""A draft of an MDS2 form: what a run has shown, and nothing else; the rest stays blank.

It is a help for whoever fills the form in, and no form: what a test saw of one device on one day
is not yet what its manufacturer declares.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from harness.claims.facts import Look
from harness.claims.judging import seen_of
from harness.claims.mds2 import SCHEMA, SUFFIXES, questions
from harness.claims.topics import Source, by_key
from harness.errors import RequestError
from harness.run import Run
from harness.writing import write_whole

_HEADER: Final = ("id", "question", "answer", "note")
_DRAFT: Final = (
    "DRAFT: answers are what a test observed; every other answer, and the responsibility for all "
    "of them, is the manufacturer's. Questions are paraphrased."
)


def rows_of(run: Run) -> Iterator[tuple[str, str, str, str]]:
    """Id, question, answer and note of every question, in the order of the form."""
    look, topics = Look(run.document, run.plays), by_key(Source.MDS2)
    for key, text in questions().items():
        seen = seen_of(topics[key], look) if key in topics else None
        if seen is None or not isinstance(seen.value, bool):
            yield key, text, "", ""
            continue
        shown = ", ".join(one for one in seen.evidence if not one.startswith("wire/"))
        note = f"Observed ({shown}) in the run of {run.document['started']}; not yet declared."
        yield key, text, "Yes" if seen.value else "No", note


def write(run: Run, target: Path) -> Path:
    """Writes the draft as XLSX, CSV or JSON, by the suffix; whole or not at all.

    Raises:
        RequestError: The suffix is none of these.
        RecordError: The file cannot be written.
    """
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise RequestError(f"--write-mds2 {target}: the suffix is one of {', '.join(SUFFIXES)}")
    rows = list(rows_of(run))
    data = {".xlsx": _sheet, ".csv": _csv, ".json": _json}[suffix](rows)
    return write_whole(target, data, "--write-mds2")


def _sheet(rows: list[tuple[str, str, str, str]]) -> bytes:
    # Imported here, because openpyxl is slow to import and seldom needed.
    from harness.claims.mds2_sheet import written

    return written(rows, _DRAFT, ("Question ID", "Question", "Answer", "Note"))


def _csv(rows: list[tuple[str, str, str, str]]) -> bytes:
    out = io.StringIO()
    out.write(f"# {_DRAFT}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_HEADER, *rows])
    return out.getvalue().encode()


def _json(rows: list[tuple[str, str, str, str]]) -> bytes:
    answers = [dict(zip(_HEADER, row, strict=True)) for row in rows]
    document = {"schema": SCHEMA, "draft": _DRAFT, "answers": answers}
    return (json.dumps(document, indent=1) + "\n").encode()
