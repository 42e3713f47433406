"""MDS2 forms: manufacturers' worksheets differ, and every file is a stranger's."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from harness.claims import mds2, mds2_sheet
from harness.claims.mds2 import Answer, Mds2Error

HEAD = "id,answer,note\n"


def sheet(*rows: tuple[object, ...], title: str = "MDS2") -> bytes:
    """A workbook whose second worksheet holds these rows."""
    book = Workbook()
    book.worksheets[0].append(["Instructions", "see AUDT-1"])
    page = book.create_sheet(title)
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_worksheet_of_a_manufacturer() -> None:
    data = sheet(
        ("Manufacturer Disclosure Statement for Medical Device Security -- MDS2",),
        (None, "Question ID", "Question", None, "See note", "IEC TR 80001-2-2:2012"),
        (None, "DOC-1", "Manufacturer Name", "Northwind", "__", None),
        (None, "MPII-2.1", "Does it ...", "Yes", "Note 1", None),
        (None, "AUDT-1", "Can the device ...", "No", None, "AUDT"),
        (None, "AUDT-2", "heading", None, None, "Yes"),
        (None, "CONN-7", "TLS?", " see notes ", "Note 2", "CONN"),
        (None, "SHAD-15", "hardening", "N/A", None, None),
        (None, "Notes:", "1", "free text", None, None),
    )
    assert mds2.parse(data, "form.xlsx") == {
        "DOC-1": Answer(id="DOC-1", answer="Northwind", note="__"),
        "MPII-2.1": Answer(id="MPII-2.1", answer="yes", note="Note 1"),
        "AUDT-1": Answer(id="AUDT-1", answer="no"),
        "CONN-7": Answer(id="CONN-7", answer="see notes", note="Note 2"),
        "SAHD-15": Answer(id="SAHD-15", answer="n/a"),
    }


def test_a_blank_form_answers_nothing() -> None:
    data = sheet(("Question ID", "Question"), ("AUDT-1", "Can it?"), ("AUDT-2", "Can it?"))
    assert mds2.parse(data, "form.xlsx") == {}


def test_formulas_are_not_computed() -> None:
    data = sheet(("CONN-7", "q", "Yes"), ("CONN-6", "q", '=WEBSERVICE("http://x.invalid")'))
    assert set(mds2.parse(data, "form.xlsx")) == {"CONN-7"}


def test_csv_and_json_say_the_same() -> None:
    text = f'# a remark\n{HEAD}AUDT-1,Yes,"with, comma"\nCONN-7,,\nTXCF-2,See Note,why\n'
    rows = [("AUDT-1", "yes", "with, comma"), ("CONN-7", "", ""), ("TXCF-2", "see notes", "why")]
    answers = [dict(zip(("id", "answer", "note"), row, strict=True)) for row in rows]
    document = json.dumps({"schema": mds2.SCHEMA, "answers": answers})
    assert mds2.parse(text.encode(), "f.csv") == mds2.parse(document.encode(), "f.json")
    assert set(mds2.parse(text.encode(), "f.csv")) == {"AUDT-1", "TXCF-2"}


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("f.pdf", b"%PDF", "an MDS2 form is one of .xlsx, .csv, .json"),
        ("f.csv", b"id,reply\nAUDT-1,Yes\n", "no column 'answer'"),
        ("f.csv", f"{HEAD}AUDIT-ONE,Yes,\n".encode(), "'AUDIT-ONE' is no id of a question"),
        ("f.csv", f"{HEAD}AUDT-1,Yes,\nAUDT-1,No,\n".encode(), "AUDT-1 is answered twice"),
        ("f.csv", b"\xff\xfe", "not UTF-8"),
        ("f.json", b"[1]", "needs 'schema'"),
        ("f.json", b"[" * 100_000, "not valid JSON"),
        ("f.json", b'{"schema": "dicom-assay/mds2/1", "answers": [{"id": 1}]}', "answers[0]"),
        ("f.xlsx", b"no zip at all", "not a workbook"),
        ("f.xlsx", sheet(("nothing", "here")), "no worksheet has a column of ids"),
    ],
)
def test_what_is_no_form_is_refused_in_one_line(name: str, data: bytes, told: str) -> None:
    with pytest.raises(Mds2Error) as caught:
        mds2.parse(data, name)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def _zip(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mds2_sheet, "MOST_UNPACKED", 1 << 20)
    with pytest.raises(Mds2Error, match="unpacks to more than 1 MiB"):
        mds2.parse(_zip("xl/worksheets/sheet1.xml", bytes(2 << 20)), "bomb.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_entities_are_not_expanded(encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>'
    with pytest.raises(Mds2Error, match="declares a document type"):
        mds2.parse(_zip("xl/sharedStrings.xml", text.encode(encoding)), "bomb.xlsx")


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mds2_sheet, "MOST_BYTES", 1 << 20)
    with pytest.raises(Mds2Error, match="larger than 1 MiB"):
        mds2.parse(bytes((1 << 20) + 1), "large.xlsx")


def test_a_broken_part_is_one_line() -> None:
    whole = io.BytesIO(sheet(("AUDT-1", "q", "Yes")))
    out = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, data[: len(data) // 2] if "sheet2" in part.filename else data)
    with pytest.raises(Mds2Error, match="not a readable workbook"):
        mds2.parse(out.getvalue(), "broken.xlsx")
