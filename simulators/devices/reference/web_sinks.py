"""What is stored, written out for other programs: Native DICOM Model in XML, and a table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import cast
from xml.sax.saxutils import escape, quoteattr

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import PATIENT_ID, STUDY_UID, Instance
from simulators.devices.reference.query import Query
from simulators.devices.reference.web_json import Attributes
from simulators.devices.reference.web_message import Answer

XML_TYPE = "application/dicom+xml"
CSV_PATH = "/studies.csv"
_NAMESPACE = "http://dicom.nema.org/PS3.19/models/NativeDICOM"
_COLUMNS = {
    "PatientName": 0x00100010, "PatientID": PATIENT_ID, "StudyDate": 0x00080020,
    "StudyDescription": 0x00081030, "StudyInstanceUID": STUDY_UID,
}  # fmt: skip
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST = 20_000
_PARTS_OF_NAME = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")

_Shown = Callable[[str], str]


def native_model(attributes: Attributes, flaws: Flaws) -> bytes:
    """Return the attributes of an object as XML (PS3.19 A.1).

    Args:
        attributes: They, as the JSON model has them.
        flaws: What is switched on.
    """
    shown: _Shown = str if flaws.has("web_xml_unescaped") else _legal
    inner = "".join(_attribute(tag, each, shown) for tag, each in attributes.items())
    text = f'<?xml version="1.0" encoding="UTF-8"?><NativeDicomModel xmlns="{_NAMESPACE}">'
    return f"{text}{inner}</NativeDicomModel>".encode("utf-8", "replace")


def table(stored: Sequence[Instance], flaws: Flaws) -> Answer:
    """Return the list of studies as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for each in Query(b"STUDY", {}, {}).matches(stored)[:_MOST]:
        cells = (each.value(tag) or b"" for tag in _COLUMNS.values())
        texts = (cell.decode("utf-8", "replace").rstrip(" \0") for cell in cells)
        writer.writerow([_inert(text, flaws) for text in texts])
    return Answer(status=200, body=out.getvalue().encode(), kind="text/csv; charset=utf-8")


def _inert(text: str, flaws: Flaws) -> str:
    """Return a cell that no program of tables takes for a formula (CWE-1236)."""
    formula = text.startswith(_STARTS_A_FORMULA) and not flaws.has("web_csv_formulas")
    return f"'{text}" if formula else text


def _attribute(tag: str, each: object, shown: _Shown) -> str:
    told = cast("Mapping[str, object]", each)
    vr = str(told["vr"])
    head = f'<DicomAttribute tag="{tag}" vr={quoteattr(vr)}>'
    if "BulkDataURI" in told:
        inner = f"<BulkData uri={quoteattr(str(told['BulkDataURI']))}/>"
    elif "InlineBinary" in told:
        inner = f"<InlineBinary>{told['InlineBinary']}</InlineBinary>"
    else:
        values = cast("Sequence[object]", told.get("Value", ()))
        numbered = enumerate(values, 1)
        inner = "".join(_value(vr, number, value, shown) for number, value in numbered)
    return f"{head}{inner}</DicomAttribute>"


def _value(vr: str, number: int, value: object, shown: _Shown) -> str:
    if vr == "SQ":
        item = cast("Attributes", value)
        inner = "".join(_attribute(tag, each, shown) for tag, each in item.items())
        return f'<Item number="{number}">{inner}</Item>'
    if vr == "PN":
        groups = cast("Mapping[str, str]", value)
        inner = "".join(f"<{name}>{_name(text, shown)}</{name}>" for name, text in groups.items())
        return f'<PersonName number="{number}">{inner}</PersonName>'
    return "" if value is None else f'<Value number="{number}">{shown(str(value))}</Value>'


def _name(text: str, shown: _Shown) -> str:
    parts = zip(_PARTS_OF_NAME, text.split("^"), strict=False)
    return "".join(f"<{kind}>{shown(part)}</{kind}>" for kind, part in parts if part)


def _legal(text: str) -> str:
    """Return a text as XML has it: what is no character of XML 1.0 (2.2) is replaced."""
    kept = (each if each in "\t\n\r" or _is_legal(ord(each)) else "\ufffd" for each in text)
    return escape("".join(kept))


def _is_legal(point: int) -> bool:
    return 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or point >= 0x10000
