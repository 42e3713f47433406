"""How pages show text, documents and links: safely, or as a careless viewer does."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from simulators.devices.reference import web_session
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.web_message import TEXT_TYPE, Answer, Request

_ANYTHING = {"Content-Security-Policy": "default-src * 'unsafe-inline' data:"}
_HTML = "text/html; charset=utf-8"
_MOST = 4096
_SAYS = {"text/html": _HTML, "image/svg+xml": "image/svg+xml", "text/xml": "application/xml"}


def cell(text: str, flaws: Flaws, *, report: bool) -> str:
    """Return a value as it stands in a table."""
    raw = flaws.has("viewer_unescaped_report" if report else "viewer_unescaped_names")
    return text if raw else html.escape(text)


def hint(text: str, flaws: Flaws) -> str:
    """Return a value as it stands in an attribute, between double quotes."""
    return html.escape(text, quote=not flaws.has("viewer_unquoted_hint"))


def fields(flaws: Flaws) -> Mapping[str, str]:
    """Return the fields of a page that differ from the usual ones."""
    if flaws.any_of("viewer_unescaped_names", "viewer_unescaped_report", "viewer_unquoted_hint"):
        return _ANYTHING
    if flaws.has("viewer_may_be_framed"):
        return {"Content-Security-Policy": "default-src 'none'"}
    return {}


def document(content: bytes, said: str, flaws: Flaws) -> Answer:
    """Return a document: as a file, or as what it says of itself."""
    if flaws.has("viewer_cuts_documents"):
        content = content[: len(content) // 2]
    if flaws.has("viewer_serves_documents_as_pages"):
        kind = _SAYS.get(said, "application/octet-stream")
        return Answer(status=200, body=content, kind=kind, fields=_ANYTHING)
    if flaws.has("viewer_documents_may_fetch"):
        kind, policy = _SAYS.get(said, "application/octet-stream"), "sandbox; img-src *"
        shown = {"Content-Security-Policy": policy}
        return Answer(status=200, body=content, kind=kind, fields=shown)
    kind = "application/pdf" if said == "application/pdf" else "application/octet-stream"
    kept = {
        "Content-Disposition": 'attachment; filename="document"',
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    }
    return Answer(status=200, body=content, kind=kind, fields=kept)


def opened(source: str, request: Request, flaws: Flaws) -> Answer | None:
    """Return what a viewer shows that opens more than it should; None where it does not."""
    try:
        scheme = urlsplit(source).scheme
    except ValueError:
        return None
    if scheme == "file" and flaws.has("viewer_opens_local_files"):
        return _local(unquote(urlsplit(source).path))
    script = ""
    if scheme == "javascript" and flaws.has("viewer_follows_any_scheme"):
        script = f"location.href = {_literal(source)};"
    if scheme != "javascript" and flaws.has("viewer_sends_token_anywhere"):
        token = web_session.token_of(request, flaws)
        headers = f"{{headers: {{Authorization: {_literal('Bearer ' + token)}}}}}"
        script = f"fetch({_literal(source)}, {headers}).then(a => a.text())"
        script += ".then(t => { document.getElementById('data').textContent = t.slice(0, 4096); });"
    if not script:
        return None
    text = f'<!DOCTYPE html><title>Study</title><pre id="data"></pre><script>{script}</script>'
    return Answer(status=200, body=text.encode(), kind=_HTML, fields=_ANYTHING)


def saved(path: str) -> Answer:
    """Save an empty state where a link says; what is there already stays."""
    with suppress(OSError, ValueError), Path(path).open("x") as file:
        file.write("state of a viewer\n")
    return Answer(status=200, body=b"saved\n", kind=TEXT_TYPE)


def _local(path: str) -> Answer:
    with suppress(OSError, ValueError), Path(path).open("rb") as file:
        return Answer(status=200, body=file.read(_MOST), kind=TEXT_TYPE)
    return Answer(status=404, body=b"no such file\n", kind=TEXT_TYPE)


def _literal(text: str) -> str:
    """Return a text as script has it, without an end of the script in it."""
    return json.dumps(text).replace("<", "\\u003c")
