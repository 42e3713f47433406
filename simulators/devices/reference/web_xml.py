"""Native DICOM XML (PS3.19 A.1), read forward by expat within bounds.

The Native DICOM Model has no document type and needs no instruction to its reader: both are refused
where they begin, so that no entity is ever declared, let alone fetched or expanded.
"""

from __future__ import annotations

from xml.parsers import expat

from harness.model import JSON
from simulators.devices.reference.web_message import RefusedError

_DEEPEST = 64
_MOST_ELEMENTS = 20_000
_MOST_TEXT = 1 << 20

Values = dict[str, JSON]
"""Attributes by tag, in the form of the DICOM JSON model: texts and numbers of the top level."""


class _Reader:
    """Gathers what ``Value`` elements of the top level hold."""

    def __init__(self) -> None:
        self.found: Values = {}
        self._path: list[str] = []
        self._tag = self._vr = ""
        self._text: list[str] = []
        self._size = self._count = 0

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._path) >= _DEEPEST or self._count > _MOST_ELEMENTS:
            raise RefusedError(400, "XML too deep or too long")
        self._path.append(name)
        if self._path[1:] == ["DicomAttribute"]:
            self._tag, self._vr = attributes.get("tag", ""), attributes.get("vr", "")
            self.found[self._tag] = {"vr": self._vr}
        self._text = []

    def ends(self, _name: str) -> None:
        if self._path[1:] == ["DicomAttribute", "Value"]:
            known = self.found[self._tag]
            assert isinstance(known, dict)
            values = known.setdefault("Value", [])
            assert isinstance(values, list)
            values.append("".join(self._text))
        self._path.pop()

    def says(self, text: str) -> None:
        self._size += len(text)
        if self._size > _MOST_TEXT:
            raise RefusedError(400, "XML too long")
        self._text.append(text)


def refuse_document_type(*_: object) -> None:
    """Refuse a document type declaration.

    Raises:
        RefusedError: Always.
    """
    raise RefusedError(400, "XML with a document type")


def refuse_instruction(*_: object) -> None:
    """Refuse a processing instruction.

    Raises:
        RefusedError: Always.
    """
    raise RefusedError(400, "XML with a processing instruction")


def attributes_of(document: bytes) -> Values:
    """Return the attributes of a Native DICOM Model.

    Raises:
        RefusedError: It is none, or has in it what no Native DICOM Model has.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_document_type
    parser.ProcessingInstructionHandler = refuse_instruction
    return read_with(parser, document)


def read_with(parser: expat.XMLParserType, document: bytes) -> Values:
    """Return the attributes that a parser finds.

    Raises:
        RefusedError: They are no XML, or beyond a bound.
    """
    reader = _Reader()
    parser.StartElementHandler = reader.begins
    parser.EndElementHandler = reader.ends
    parser.CharacterDataHandler = reader.says
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise RefusedError(400, "no XML") from None
    return reader.found
