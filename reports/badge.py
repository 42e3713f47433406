"""The badge of a run: its level, or its verdicts, as a small SVG or for a badge service.

It says "evidence" and never "certified". A run that is incomplete or says nothing has a grey badge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from harness.run import Run
from harness.verdict import Verdict
from reports.rows import CONCLUSIVE, Row, mappings, rows_of, text
from reports.text import one_line

LABEL = "dicom evidence"
GOOD, PART, BAD, VOID = "#0a6649", "#7d4a00", "#b3152b", "#44505c"
"""White text on each of them has a contrast above 4.5."""

_LABEL_FILL = "#2b333b"
_LONGEST = 40
_HEIGHT = 20
_NARROW, _WIDE = "ijlft.,:;'|!()[]I ", "mwMW%@"


def render(run: Run) -> bytes:
    """The badge as SVG, in UTF-8; its text is its text alternative too."""
    message, colour = _said(run)
    left, right = _width(LABEL), _width(message)
    svg = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", role="img")
    svg.set("width", str(left + right))
    svg.set("height", str(_HEIGHT))
    svg.set("viewBox", f"0 0 {left + right} {_HEIGHT}")
    svg.set("aria-label", f"{LABEL}: {message}")
    ET.SubElement(svg, "title").text = f"{LABEL}: {message}"
    clip = ET.SubElement(svg, "clipPath", id="round")
    ET.SubElement(clip, "rect", width=str(left + right), height=str(_HEIGHT), rx="3")
    group = ET.SubElement(svg, "g", {"clip-path": "url(#round)"})
    _box(group, 0, left, _LABEL_FILL)
    _box(group, left, right, colour)
    words = ET.SubElement(svg, "g", fill="#ffffff")
    words.set("font-family", "Verdana, Geneva, DejaVu Sans, sans-serif")
    words.set("font-size", "11")
    words.set("text-anchor", "middle")
    for start, width, said in ((0, left, LABEL), (left, right, message)):
        word = ET.SubElement(words, "text", x=f"{start + width / 2:g}", y="14")
        word.set("textLength", str(width - 12))
        word.text = said
    svg_text: bytes = ET.tostring(svg, encoding="utf-8")
    return svg_text + b"\n"


def endpoint(run: Run) -> bytes:
    """The badge for services that draw it from JSON (the endpoint form of shields)."""
    message, colour = _said(run)
    badge = {"schemaVersion": 1, "label": LABEL, "message": message, "color": colour}
    return (json.dumps(badge) + "\n").encode()


def _said(run: Run) -> tuple[str, str]:
    """The message and its colour."""
    rows = rows_of(run)
    if not run.document.get("complete"):
        return "incomplete", VOID
    if not any(row.verdict in CONCLUSIVE for row in rows):
        return "nothing conclusive", VOID
    scheme = run.document.get("scheme")
    if isinstance(scheme, Mapping):
        titles = {text(row, "id"): text(row, "title") for row in mappings(scheme, "levels")}
        level = text(scheme, "level")
        if level:
            name = one_line(f"{text(scheme, 'id')}: {titles.get(level, level)}", _LONGEST)
            return name, GOOD if scheme.get("reached") else PART
        return one_line(f"{text(scheme, 'id')}: no level", _LONGEST), BAD
    return _counted(rows)


def _counted(rows: list[Row]) -> tuple[str, str]:
    counts = {verdict: sum(1 for row in rows if row.verdict is verdict) for verdict in Verdict}
    said = sum(counts[verdict] for verdict in CONCLUSIVE)
    unsure = sum(counts[v] for v in (Verdict.INCONCLUSIVE, Verdict.REVIEW, Verdict.ERROR))
    if counts[Verdict.FAIL]:
        return f"{counts[Verdict.FAIL]} of {said} failed", BAD
    if unsure:
        return f"no failure, {unsure} open", PART
    if counts[Verdict.WARN]:
        return f"no failure, {counts[Verdict.WARN]} warned", PART
    return f"{said} hold", GOOD


def _box(group: ET.Element, x: int, width: int, fill: str) -> None:
    ET.SubElement(group, "rect", x=str(x), width=str(width), height=str(_HEIGHT), fill=fill)


def _width(words: str) -> int:
    """About how wide the words are at 11 px, with a margin; the text is fitted to it."""
    return round(12 + sum(4 if c in _NARROW else 10.5 if c in _WIDE else 7 for c in words))
