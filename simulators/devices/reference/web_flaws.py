"""Flaws of the web side that are no omission of a check: what a careless server does besides.

Loaded only by a device that has one of them. Nothing here leaves loopback or changes a file.
"""

from __future__ import annotations

import json
import re
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import STUDY_UID
from simulators.devices.reference.storage import Store
from simulators.devices.reference.web_fetching import fetch
from simulators.devices.reference.web_message import Answer, RefusedError, Request
from simulators.devices.reference.web_multipart import Part
from simulators.devices.reference.worker import die

_MOST = 1 << 16
_BUSY_S = 8.0
_ACCEPTS_AT_MOST = 4096
_DEEP = 500
_BULK_URI = re.compile(r'"BulkDataURI"\s*:\s*"([^"]+)"')
_RANGE = re.compile(r"(\d+)-(\d+)")
_SYNTAX = re.compile(r"transfer-syntax=([\w.-]{1,128})")
_JSON_KINDS = ("application/dicom+json", "application/json")
_TEXT = ("CS", "DA", "LO", "PN", "UI")
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
    if flaws.any_of("web_cors_any", "viewer_shares_session") and origin:
        fields["Access-Control-Allow-Origin"] = origin
        fields["Access-Control-Allow-Credentials"] = "true"
    if refused is not None and flaws.has("web_shows_traceback"):
        body += "".join(traceback.format_exception(refused)).encode()
    if refused is not None and request is not None and flaws.has("web_reflects_error"):
        path = unquote(f"{request.path}?{request.query}")
        body, kind = f"<h1>{refused.status}</h1><p>{path}</p>".encode(), "text/html"
        fields.pop("Content-Security-Policy", None)
    status = answer.status
    if request is not None and status == 200:
        status, body, kind = _negotiated(request, body, kind, flaws)
    return Answer(status=status, body=body, kind=kind, fields=fields)


def injected(request: Request) -> bytes:
    """Return a header field that says what was searched for, as it came."""
    asked = ";".join(value for _, value in parse_qsl(request.query))
    return f"X-Searched: {asked}\r\n".encode("utf-8", "replace") if asked else b""


def read_descriptions(parts: Iterable[Part], flaws: Flaws) -> None:
    """Read the parts that describe objects, before anybody asks whether they are wanted."""
    for part in parts:
        if part.media.kind in ("application/dicom+xml", "application/xml"):
            from simulators.devices.reference.web_xml_flaws import read_obediently

            text = read_obediently(part.body, flaws)
            raise RefusedError(415, "type of a part", Warning=f'299 reference "{text[:512]}"')
        if part.media.kind not in _JSON_KINDS:
            continue
        if flaws.has("web_json_trusts") and _is_mistyped(part.body):
            die()
        if flaws.has("web_json_recurses") and _nesting(part.body) > _DEEP:
            die()
        if flaws.has("web_fetches_bulk_data"):
            for address in _BULK_URI.findall(part.body.decode("utf-8", "replace"))[:8]:
                fetch(json.loads(f'"{address}"'))


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


def _negotiated(request: Request, body: bytes, kind: str, flaws: Flaws) -> tuple[int, bytes, str]:
    """Return status, body and media type after whatever the client would like."""
    accepted, status = request.first("accept"), 200
    if flaws.has("web_accept_backtracks") and len(accepted) > _ACCEPTS_AT_MOST:
        until, seen = time.monotonic() + _BUSY_S, accepted.split(",")
        while time.monotonic() < until:
            seen.sort(key=len)
    if flaws.has("web_repeats_transfer_syntax") and (wanted := _SYNTAX.search(accepted)):
        kind = f"{kind}; transfer-syntax={wanted[1]}"
    if flaws.has("web_serves_every_range") and (ranges := _RANGE.findall(request.first("range"))):
        pieces = (body[int(first) : int(last) + 1] for first, last in ranges[:1000])
        status, body = 206, b"".join(pieces)
    return status, body, kind


def _is_mistyped(body: bytes) -> bool:
    """Tell whether some value of text is a number, a list or an object."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return False
    found = [given] if isinstance(given, dict) else given if isinstance(given, list) else []
    attributes = [each for one in found if isinstance(one, dict) for each in one.values()]
    return any(
        each.get("vr") in _TEXT and not isinstance(each.get("Value", []), list)
        for each in attributes
        if isinstance(each, dict)
    )
