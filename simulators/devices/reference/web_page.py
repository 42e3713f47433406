"""The page for people: the studies, and what was searched for; every value is escaped."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import PATIENT_ID, STUDY_UID, Instance
from simulators.devices.reference.query import Query
from simulators.devices.reference.web_message import Answer, RefusedError, Request

_NAME, _DATE, _DESCRIPTION = 0x00100010, 0x00080020, 0x00081030
_COLUMNS = (_NAME, PATIENT_ID, _DATE, _DESCRIPTION, STUDY_UID)
_MOST = 100
_LONGEST = 256


def page(request: Request, stored: Sequence[Instance], flaws: Flaws) -> Answer:
    """Return the page of studies; raises RefusedError for a search of nobody's making."""
    try:
        searched = parse_qs(request.query, max_num_fields=8).get("PatientName", [""])[0]
    except ValueError:
        raise RefusedError(400, "too many fields") from None
    if len(searched) > _LONGEST:
        raise RefusedError(400, "search too long")
    raw = flaws.has("web_unescaped_list")
    shown: Callable[[str], str] = str if raw else html.escape
    key = searched.encode("utf-8", "replace")
    query = Query(b"STUDY", {_NAME: key} if key else {}, {})
    rows = "".join(_row(each, shown) for each in query.matches(stored)[:_MOST])
    text = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Studies</title></head>'
        f"<body><h1>Studies</h1><p>Searched: {shown(searched)}</p><table>{rows}</table>"
        "</body></html>\n"
    )
    return Answer(status=200, body=text.encode("utf-8", "replace"), kind="text/html; charset=utf-8")


def _row(instance: Instance, shown: Callable[[str], str]) -> str:
    values = (instance.value(tag) or b"" for tag in _COLUMNS)
    texts = (each.decode("utf-8", "replace").strip(" \0") for each in values)
    cells = (f"<td>{shown(text)}</td>" for text in texts)
    return f"<tr>{''.join(cells)}</tr>"
