"""Native DICOM XML (PS3.19 A.1): honest, and with a document type that reaches elsewhere."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from pydicom.dataset import Dataset

from harness.stage import Stage
from simulators.web import multipart
from simulators.web.honest import stow_body
from simulators.web.request import Request

XML: Final = "application/dicom+xml"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ROOT: Final = "NativeDicomModel"
_BASE_LENGTH: Final = 1024
_WIDTH: Final = 12
_LEVELS: Final = 5


def native(dataset: Dataset, *, prolog: str = "", values: str = "") -> bytes:
    """The texts of a data set as a Native DICOM Model.

    Args:
        dataset: It; what is no text is left out.
        prolog: What stands before the root, as it is.
        values: What stands in StudyDescription, as it is.
    """
    rows = [
        _attribute(f"{each.tag.group:04X}{each.tag.element:04X}", each.VR, escape(str(each.value)))
        for each in dataset
        if each.VR in ("CS", "DA", "LO", "SH", "TM", "UI")
    ]
    if values:
        rows.append(_attribute("00081030", "LO", values))
    return f'{_DECLARATION}{prolog}<{_ROOT} xml:space="preserve">{"".join(rows)}</{_ROOT}>'.encode()


def stow_xml(stage: Stage, document: bytes) -> Request:
    """A store request of metadata in XML (PS3.18 10.5.2) without bulk data parts."""
    body = multipart.body([multipart.Part(content=document, media_type=XML)])
    return stow_body(stage, body, media_type=XML)


def external(dataset: Dataset, address: str) -> bytes:
    """A document with an entity whose text is at an address."""
    prolog = f'<!DOCTYPE {_ROOT} [<!ENTITY far SYSTEM "{address}">]>'
    return native(dataset, prolog=prolog, values="&far;")


def external_subset(dataset: Dataset, address: str) -> bytes:
    """A document whose type is declared at an address."""
    return native(dataset, prolog=f'<!DOCTYPE {_ROOT} SYSTEM "{address}">', values="near")


def styled(dataset: Dataset, address: str) -> bytes:
    """A document with a stylesheet at an address."""
    instruction = f'<?xml-stylesheet type="text/xsl" href="{address}"?>'
    return native(dataset, prolog=instruction, values="near")


def swelling(dataset: Dataset) -> bytes:
    """A document whose entities hold each other: a few hundred octets, 250 MiB expanded."""
    entities = [f'<!ENTITY e0 "{"a" * _BASE_LENGTH}">']
    entities += [
        f'<!ENTITY e{level} "{f"&e{level - 1};" * _WIDTH}">' for level in range(1, _LEVELS + 1)
    ]
    prolog = f"<!DOCTYPE {_ROOT} [{''.join(entities)}]>"
    return native(dataset, prolog=prolog, values=f"&e{_LEVELS};")


def _attribute(tag: str, vr: str, text: str) -> str:
    value = f'<Value number="1">{text}</Value>' if text else ""
    return f'<DicomAttribute tag="{tag}" vr="{vr}">{value}</DicomAttribute>'
