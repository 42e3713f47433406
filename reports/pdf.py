"""The PDF scribe: A4 for the file of an audit, tagged, and fit for an archive.

The document is PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1): it holds its fonts, and a screen
reader can follow it. It is typeset in this process, without a file or the network, from
templates that are ours and from data that is only ever data: strings come in as JSON and are placed
as text, so that no name of a device is a command. Its date is the run's: the same run makes the
same octets, on a machine with the same fonts for scripts that ours do not know.
"""

from __future__ import annotations

import json
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

import typst

from harness.errors import RecordError
from harness.model import JSON
from harness.run import Run
from reports.typeset.document import document_of
from reports.typeset.text import spelt, unusual

if TYPE_CHECKING:
    from typst import PDFStandard

_SOURCES = ("style.typ", "parts.typ", "report.typ")
_STANDARDS: list[PDFStandard] = ["a-2a", "ua-1"]
_PROBE = (
    b'#set document(title: "probe", date: datetime(year: 2000, month: 1, day: 1))\n#sys.inputs.data'
)


def render(run: Run) -> bytes:
    """The run as a PDF.

    Raises:
        RecordError: It could not be typeset; the message says where.
    """
    data: JSON = document_of(run)
    # Fonts of the machine are asked only for what ours lack: a name in Japanese, for example.
    fonts = typst.Fonts(include_system_fonts=bool(unusual(data)))
    try:
        return _typeset(spelt(data, partial(_draws, fonts)), fonts)
    except typst.TypstError:
        # Characters that can be drawn alone may lack a glyph together.
        return _plainly(spelt(data, lambda _: False), fonts)


def _plainly(data: JSON, fonts: typst.Fonts) -> bytes:
    try:
        return _typeset(data, fonts)
    except typst.TypstError as error:
        raise RecordError(
            f"--format pdf: the report could not be typeset: {error.message}; "
            "--format html shows the same run"
        ) from error


def _typeset(data: JSON, fonts: typst.Fonts) -> bytes:
    folder = files("reports") / "templates"
    source = b"\n".join((folder / name).read_bytes() for name in _SOURCES)
    return _compiled(source, json.dumps(data), fonts)


def _draws(fonts: typst.Fonts, char: str) -> bool:
    try:
        _compiled(_PROBE, char, fonts)
    except typst.TypstError:
        return False
    return True


def _compiled(source: bytes, data: str, fonts: typst.Fonts) -> bytes:
    return typst.compile(
        source,
        format="pdf",
        font_paths=fonts,
        sys_inputs={"data": data},
        pdf_standards=_STANDARDS,
        timestamp=0,
    )
