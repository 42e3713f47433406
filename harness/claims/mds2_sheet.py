"""The MDS2 worksheet (XLSX): read as a hostile file, and written as a draft.

Before a library sees it, the archive is measured: what is too large, or unpacks to too much, or
declares entities, is refused. Formulas are not computed, links not followed, macros not run.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from harness.claims.mds2 import MOST_TEXT, Mds2Error, is_word, question_id

MOST_BYTES: Final = 10 << 20
MOST_UNPACKED: Final = 64 << 20
MOST_PARTS: Final = 1000
_MOST_SHEETS, _MOST_ROWS, _MOST_COLUMNS = 40, 5000, 40
_CHUNK: Final = 1 << 16
# An entity declaration needs a DOCTYPE, and Open Packaging Conventions permit none; UTF-16 too.
_DOCTYPE: Final = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E", re.IGNORECASE)
_NOTES: Final = re.compile(r"\b(note|notes|comment|comments)\b", re.IGNORECASE)

Cells = list[tuple[str, ...]]


def rows_of(data: bytes, name: str) -> Iterator[tuple[str, str, str]]:
    """Question id, answer and note of each question in the worksheet, as text.

    Raises:
        Mds2Error: The file is no workbook, holds no question, or is dangerous to open.
    """
    _measured(data, name)
    sheets = [sheet for sheet in _sheets(data, name) if _ids(sheet)]
    if not sheets:
        raise Mds2Error(f"{name}: no worksheet has a column of ids such as AUDT-1: is it an MDS2?")
    best = max(sheets, key=lambda sheet: sum(_ids(sheet).values()))
    column = _ids(best).most_common(1)[0][0]
    asked = [row for row in best if column < len(row) and question_id(row[column])]
    answers = _answer_column(asked, column)
    notes = _note_column(best, column, answers)
    for row in asked:
        yield row[column], _cell(row, answers), _cell(row, notes)


def written(rows: Iterable[Sequence[str]], banner: str, header: Sequence[str]) -> bytes:
    """A worksheet with a banner, a header and these rows; nothing in it is a formula."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "MDS2 draft"
    for values in ((banner,), header, *rows):
        sheet.append(list(values))
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=False)
    for letter, width in zip("ABCD", (14, 60, 12, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _measured(data: bytes, name: str) -> None:
    """Unpacks once, within bounds, and keeps nothing."""
    if len(data) > MOST_BYTES:
        raise Mds2Error(f"{name}: larger than {MOST_BYTES >> 20} MiB: is this an MDS2 form?")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Mds2Error(f"{name}: more than {MOST_PARTS} parts: not opened")
            left = MOST_UNPACKED
            for part in parts:
                left = _unpacked(archive, part, left, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Mds2Error(f"{name}: not a workbook (XLSX): {error}") from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, name: str) -> int:
    """How many octets may still follow, counted as they come: sizes in the archive may lie."""
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Mds2Error(f"{name}: unpacks to more than {MOST_UNPACKED >> 20} MiB: refused")
            if _DOCTYPE.search(tail + chunk):
                raise Mds2Error(f"{name}: declares a document type, which no workbook has: refused")
            tail = chunk[-32:]
    return left


def _sheets(data: bytes, name: str) -> list[Cells]:
    """Every worksheet as rows of text, within bounds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that the library drops are no concern here
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                return [_rows(sheet) for sheet in book.worksheets[:_MOST_SHEETS]]
            finally:
                book.close()
    except Exception as error:  # the library lets errors of its parsers through, of many kinds
        raise Mds2Error(f"{name}: not a readable workbook: {type(error).__name__}") from error


def _rows(sheet: object) -> Cells:
    values = sheet.iter_rows(  # type: ignore[attr-defined]
        max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True
    )
    return [tuple("" if cell is None else str(cell)[:MOST_TEXT] for cell in row) for row in values]


def _ids(sheet: Cells) -> Counter[int]:
    """In which columns ids of questions stand, and how many."""
    return Counter(column for row in sheet for column, cell in enumerate(row) if question_id(cell))


def _answer_column(asked: Cells, ids: int) -> int | None:
    """The column in which most of the questions have one of the four answers."""
    found = Counter(
        column for row in asked for column, cell in enumerate(row) if column > ids and is_word(cell)
    )
    return found.most_common(1)[0][0] if found else None


def _note_column(sheet: Cells, ids: int, answers: int | None) -> int | None:
    """The column whose heading says that it holds notes, above the first question."""
    for row in sheet:
        if ids < len(row) and question_id(row[ids]):
            return None
        for column, cell in enumerate(row):
            if column > ids and column != answers and len(cell) < 40 and _NOTES.search(cell):
                return column
    return None


def _cell(row: tuple[str, ...], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""
