"""Flaws of the web side that are no omission of a check: what a careless server does besides.

Loaded only by a device that has one of them. Nothing here leaves loopback or changes a file.
"""

from __future__ import annotations

import http.client
import json
import re
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import STUDY_UID
from simulators.devices.reference.storage import Store
from simulators.devices.reference.web_message import Answer, RefusedError, Request
from simulators.devices.reference.web_multipart import Part
from simulators.devices.reference.worker import die

_MOST = 1 << 16
_PATIENCE_S = 2.0
_DEEP = 500
_BULK_URI = re.compile(r'"BulkDataURI"\s*:\s*"([^"]+)"')
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_STUDIES = "/dicom-web/studies/"


def early_answer(request: Request, flaws: Flaws, store: Store) -> Answer | None:
    """Return an answer that is given before anybody looks at what may be answered; or None."""
    if flaws.has("web_trace") and request.method == "TRACE":
        return Answer(status=200, body=request.head, kind="message/http")
    override = request.first("x-http-method-override").upper()
    if flaws.has("web_method_override") and override == "DELETE":
        study = request.path.removeprefix(_STUDIES).encode()
        store.withdraw(
            [
                each.sop_instance
                for each in store
                if (each.value(STUDY_UID) or b"").rstrip(b"\0 ") == study
            ]
        )
        return Answer(status=204)
    if flaws.has("web_path_from_url"):
        return _file(store.root, request.path.removeprefix(_STUDIES).split("/"))
    return None


def spoilt(
    answer: Answer, request: Request | None, refused: RefusedError | None, flaws: Flaws
) -> Answer:
    """Return an answer with more in it than belongs there."""
    fields, body, kind = dict(answer.fields), answer.body, answer.kind
    origin = request.first("origin") if request else ""
    if flaws.has("web_cors_any") and origin:
        fields["Access-Control-Allow-Origin"] = origin
        fields["Access-Control-Allow-Credentials"] = "true"
    if refused is not None and flaws.has("web_shows_traceback"):
        body += "".join(traceback.format_exception(refused)).encode()
    if refused is not None and request is not None and flaws.has("web_reflects_error"):
        path = unquote(f"{request.path}?{request.query}")
        body, kind = f"<h1>{refused.status}</h1><p>{path}</p>".encode(), "text/html"
        fields.pop("Content-Security-Policy", None)
    return Answer(status=answer.status, body=body, kind=kind, fields=fields)


def injected(request: Request) -> bytes:
    """Return a header field that says what was searched for, as it came."""
    asked = ";".join(value for _, value in parse_qsl(request.query))
    return f"X-Searched: {asked}\r\n".encode("utf-8", "replace") if asked else b""


def read_descriptions(parts: Iterable[Part], flaws: Flaws) -> None:
    """Read the parts that describe objects, before anybody asks whether they are wanted."""
    for part in parts:
        if part.media.kind not in ("application/dicom+json", "application/json"):
            continue
        if flaws.has("web_json_recurses") and _nesting(part.body) > _DEEP:
            die()
        if flaws.has("web_fetches_bulk_data"):
            for address in _BULK_URI.findall(part.body.decode("utf-8", "replace"))[:8]:
                _fetch(json.loads(f'"{address}"'))


def _file(root: Path, segments: list[str]) -> Answer | None:
    """Return the file that a segment names, or all of them together."""
    for name in ("/".join(segments), *segments):
        with suppress(OSError, ValueError), (root / unquote(name)).open("rb") as file:
            return Answer(status=200, body=file.read(_MOST), kind="application/octet-stream")
    return None


def _nesting(body: bytes) -> int:
    deepest = level = 0
    for octet in body:
        level += (octet in b"[{") - (octet in b"]}")
        deepest = max(deepest, level)
    return deepest


def _fetch(address: str) -> None:
    """Fetch from loopback only: the flaw is that it asks, and nobody else is to be asked."""
    try:
        url = urlsplit(address)
        if url.scheme != "http" or url.hostname not in _LOOPBACK:
            return
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=_PATIENCE_S)
        connection.request("GET", url.path or "/")
        connection.getresponse().read(_MOST)
        connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return
