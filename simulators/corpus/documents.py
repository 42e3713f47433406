"""Encapsulated documents (PS3.3 A.45) whose lengths or contents lie."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from harness.specimens import Files, Shelf
from simulators.corpus.files import changed, file_of, one, valued
from simulators.datasets.specimen import PIXEL_DATA
from simulators.wire.dataset import Element

_CLASSES: Final = {
    "pdf": "1.2.840.10008.5.1.4.1.1.104.1",
    "cda": "1.2.840.10008.5.1.4.1.1.104.2",
    "stl": "1.2.840.10008.5.1.4.1.1.104.3",
}
_TYPES: Final = {"pdf": "application/pdf", "cda": "text/XML", "stl": "model/stl"}
_TITLE: Final = 0x00420010
_DOCUMENT: Final = 0x00420011
_MIME: Final = 0x00420012
_LENGTH: Final = 0x00420015
_IMAGE: Final = (*range(0x00280002, 0x00280104), PIXEL_DATA)


def _pdf(extra: bytes = b"") -> bytes:
    """A page without anything on it, whose catalogue may hold more."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + extra + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def _cda(prologue: str = "", text: str = "synthetic") -> bytes:
    head = '<?xml version="1.0"?>'
    body = f'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>{text}</title></ClinicalDocument>'
    return (head + prologue + body).encode()


def _stl(triangles: int, said: int | None = None) -> bytes:
    count = triangles if said is None else said
    return b"synthetic".ljust(80, b" ") + struct.pack("<I", count) + bytes(50 * triangles)


def _document(kind: str, octets: bytes, token: str, changes: Mapping[int, Element] = {}) -> Files:
    left_out: dict[int, Element | None] = dict.fromkeys(_IMAGE)
    content = changed(
        {
            **left_out,
            0x00080016: valued(0x00080016, "UI", _CLASSES[kind]),
            _TITLE: valued(_TITLE, "ST", "synthetic"),
            _DOCUMENT: Element(tag=_DOCUMENT, vr="OB", value=octets + b"\0" * (len(octets) % 2)),
            _MIME: valued(_MIME, "LO", _TYPES[kind]),
            _LENGTH: Element(tag=_LENGTH, vr="UL", value=len(octets).to_bytes(4, "little")),
            **changes,
        },
        token,
    )
    return one(file_of(content, token))


def _holding(kind: str, make: Callable[[], bytes], token: str) -> Files:
    return _document(kind, make(), token)


def _said(kind: str, length: int, token: str) -> Files:
    said = Element(tag=_LENGTH, vr="UL", value=length.to_bytes(4, "little"))
    return _document(kind, _HONEST[kind](), token, {_LENGTH: said})


def _longer(token: str) -> Files:
    beyond = Element(tag=_DOCUMENT, vr="OB", value=_pdf(), length=0x7FFF_FFFE)
    return _document("pdf", b"", token, {_DOCUMENT: beyond})


def _titled(title: str, mime: str, token: str) -> Files:
    named = valued(_TITLE, "ST", title.replace("TOKEN", f"assay-{token}"))
    typed = valued(_MIME, "LO", mime.replace("TOKEN", f"assay-{token}"))
    return _document("pdf", _pdf(), token, {_TITLE: named, _MIME: typed})


_HONEST: Final[Mapping[str, Callable[[], bytes]]] = {
    "pdf": _pdf,
    "cda": _cda,
    "stl": partial(_stl, 2),
}
_ENTITIES: Final = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(9)
) + "]>"  # fmt: skip
_OUTSIDE: Final = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///nonexistent/assay">]>'

DOCUMENT_LENGTHS: Final = Shelf(
    name="document-lengths",
    deviation="An encapsulated document is longer or shorter than something says.",
    expectation="It is refused with a message, or given out as long as its octets are.",
    makers={
        "pdf-of-4-gigabytes": partial(_said, "pdf", 0xFFFF_FFFF),
        "pdf-of-nothing": partial(_said, "pdf", 0),
        "cda-of-2-gigabytes": partial(_said, "cda", 0x7FFF_FFFF),
        "stl-of-one-octet": partial(_said, "stl", 1),
        "stl-of-2-billion-triangles": partial(_holding, "stl", partial(_stl, 2, 0x7FFF_FFFF)),
        "beyond-the-end": _longer,
        "empty": partial(_holding, "pdf", bytes),
    },
)
ACTIVE_DOCUMENTS: Final = Shelf(
    name="active-documents",
    deviation="A document would act when it is opened, or its title and type act as path or type.",
    expectation="It is kept or refused; nothing in it acts while it is read.",
    makers={
        "pdf-with-script": partial(
            _holding, "pdf",
            partial(_pdf, b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        ),
        "pdf-that-launches": partial(
            _holding, "pdf", partial(_pdf, b"/OpenAction<</S/Launch/F(synthetic)>>")
        ),
        "cda-of-entities": partial(_holding, "cda", partial(_cda, _ENTITIES, "&e8;")),
        "cda-of-the-outside": partial(_holding, "cda", partial(_cda, _OUTSIDE, "&e;")),
        "page-for-pdf": partial(_holding, "pdf", lambda: b"<script>synthetic()</script>"),
        "title-that-climbs": partial(_titled, "../../TOKEN.pdf", "application/pdf"),
        "type-that-climbs": partial(_titled, "synthetic", "application/../../TOKEN"),
    },
)  # fmt: skip
HONEST_DOCUMENTS: Final = Shelf(
    name="honest-documents",
    deviation="None: the documents that every other one deviates from.",
    expectation="They are read.",
    makers={kind: partial(_holding, kind, make) for kind, make in _HONEST.items()},
)
