"""Pages for a browser: a study, its report, its document, a viewer and a setting.

Every value is escaped, documents are handed out and never shown, and the viewer opens what is on
this server only.
"""

from __future__ import annotations

import html
import secrets
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urljoin, urlsplit

from simulators.devices.reference import web_session, web_shown
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import STUDY_UID, Instance
from simulators.devices.reference.uids import EXPLICIT_LE, IMPLICIT_LE, is_uid
from simulators.devices.reference.web_access import Caller
from simulators.devices.reference.web_json import PIXEL_DATA, of_data_set
from simulators.devices.reference.web_message import TEXT_TYPE, Answer, RefusedError, Request
from simulators.wire.reading import read_elements

ROOT = "/viewer"
HTML = "text/html; charset=utf-8"
_CONTENT, _KIND = 0x00420011, 0x00420012
_TEXT = "0040A160"
_DESCRIPTION = 0x00081030
_FIELDS = 4
_LONGEST = 2048
_MOST_ROWS = 200
_SCRIPT = (
    "const box = document.getElementById('data');"
    "fetch(box.dataset.source).then(answer => answer.text())"
    ".then(text => { box.textContent = text.slice(0, 4096); });"
)


class Viewer:
    """Answers what is below ``/viewer``."""

    def __init__(self, flaws: Flaws, origin: str) -> None:
        self._flaws = flaws
        self._origin = origin
        self._banner = ""

    def __call__(self, request: Request, caller: Caller, stored: Sequence[Instance]) -> Answer:
        """Answer a request.

        Raises:
            RefusedError: There is no such page, or it is not for this caller.
        """
        name, _, uid = request.path.removeprefix(ROOT).strip("/").partition("/")
        if name == "settings":
            return self._settings(request)
        if request.method not in ("GET", "HEAD"):
            raise RefusedError(405, "method", Allow="GET, HEAD")
        if name == "session" and not uid:
            fields = dict(web_session.cookie(request, self._flaws))
            return Answer(status=200, body=b"signed in\n", kind=TEXT_TYPE, fields=fields)
        if name in ("studies", "documents"):
            found = self._study(uid, caller.visible(stored))
            return self._shown(found) if name == "studies" else self._document(found)
        if name == "launch":
            return self._launched(_value(request, "path"))
        if not name:
            return self._opened(_value(request, "url"), request)
        raise RefusedError(404, "no such page")

    def _study(self, uid: str, visible: Sequence[Instance]) -> list[Instance]:
        if not is_uid(uid.encode("ascii", "replace")):
            raise RefusedError(400, "no UID in the URL")
        if self._flaws.has("viewer_shows_first_study"):
            return list(visible[:1])
        found = [
            each
            for each in visible
            if (each.value(STUDY_UID) or b"").rstrip(b"\0 ") == uid.encode("ascii")
        ]
        if not found:
            raise RefusedError(404, "no such study")
        return found

    def _shown(self, found: Sequence[Instance]) -> Answer:
        """Return the page of a study: what its objects say, reports included."""
        rows: list[str] = []
        for instance in found:
            for tag, text in _texts(instance):
                report = tag.endswith(_TEXT)
                cell = web_shown.cell(text, self._flaws, report=report)
                rows.append(f"<tr><td>{html.escape(tag)}</td><td>{cell}</td></tr>")
        described = _text(found[0].value(_DESCRIPTION)) if found else ""
        hint = web_shown.hint(described, self._flaws)
        body = f'<h1 title="{hint}">Study</h1><table>{"".join(rows[:_MOST_ROWS])}</table>'
        fields = web_shown.fields(self._flaws)
        return Answer(status=200, body=_page(body), kind=HTML, fields=fields)

    def _document(self, found: Sequence[Instance]) -> Answer:
        """Return an encapsulated document as a file: what is in it is not ours to show."""
        for instance in found:
            values = _elements(instance)
            if _CONTENT in values:
                said = _text(values.get(_KIND))
                length = -1 if values[_CONTENT][-1:] == b"\0" else None
                return web_shown.document(values[_CONTENT][:length], said, self._flaws)
        raise RefusedError(404, "no document")

    def _opened(self, source: str, request: Request) -> Answer:
        """Return a viewer for what an address on this server gives."""
        if self._flaws.any_of(
            "viewer_sends_token_anywhere", "viewer_follows_any_scheme", "viewer_opens_local_files"
        ):
            careless = web_shown.opened(source, request, self._flaws)
            if careless is not None:
                return careless
        if not _is_ours(source, self._origin) or self._flaws.has("viewer_knows_no_data"):
            raise RefusedError(403, "the viewer opens what is on this server only")
        nonce = secrets.token_urlsafe(16)
        body = (
            f'<pre id="data" data-source="{html.escape(source)}"></pre>'
            f'<script nonce="{nonce}">{_SCRIPT}</script>'
        )
        policy = f"default-src 'none'; script-src 'nonce-{nonce}'; connect-src 'self'"
        policy += "; frame-ancestors 'none'"
        fields = {"Content-Security-Policy": policy}
        return Answer(status=200, body=_page(body), kind=HTML, fields=fields)

    def _launched(self, path: str) -> Answer:
        """Start a viewer that saves nothing, whatever a link says."""
        if path and self._flaws.has("viewer_saves_where_told"):
            return web_shown.saved(path)
        if path:
            raise RefusedError(403, "no link says where something is saved")
        return Answer(status=200, body=b"nothing to save\n", kind=TEXT_TYPE)

    def _settings(self, request: Request) -> Answer:
        """Show the banner, or set it for whoever does so on a page of ours."""
        if request.method == "POST":
            if web_session.is_foreign(request, self._origin, self._flaws):
                raise RefusedError(403, "a page of another origin changes nothing here")
            form = parse_qs(request.body.decode("utf-8", "replace"), max_num_fields=_FIELDS)
            if not self._flaws.has("viewer_forgets_settings"):
                self._banner = form.get("banner", [""])[0][:200]
        text = f"banner: {self._banner}\n".encode("utf-8", "replace")
        return Answer(status=200, body=text, kind=TEXT_TYPE)


def _value(request: Request, name: str) -> str:
    try:
        found = parse_qs(request.query, max_num_fields=_FIELDS).get(name, [""])[0]
    except ValueError:
        raise RefusedError(400, "too many fields") from None
    if len(found) > _LONGEST:
        raise RefusedError(400, "too long")
    return found


def _is_ours(source: str, origin: str) -> bool:
    """Tell whether an address is on this server, for every reader of addresses."""
    if not source or "\\" in source or not source.isprintable() or " " in source:
        return False
    try:
        parts = urlsplit(urljoin(origin + "/", source))
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" == origin


def _page(body: str) -> bytes:
    head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Study</title></head>'
    return f"{head}<body>{body}</body></html>\n".encode("utf-8", "replace")


def _texts(instance: Instance) -> Iterator[tuple[str, str]]:
    """Yield every short text of an object with its tag, nested ones with those above it."""
    if instance.transfer_syntax not in (IMPLICIT_LE, EXPLICIT_LE):
        return
    implicit = instance.transfer_syntax == IMPLICIT_LE
    yield from _within(of_data_set(instance.data_set(), implicit=implicit, bulk=str), "")


def _within(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value[:_LONGEST]
    elif isinstance(value, list):
        for item in value:
            yield from _within(item, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("vr", "InlineBinary", "BulkDataURI", f"{PIXEL_DATA:08X}"):
                named = key not in ("Value", "Alphabetic", "Ideographic", "Phonetic")
                yield from _within(item, f"{path} {key}".strip() if named else path)


def _elements(instance: Instance) -> dict[int, bytes]:
    if instance.transfer_syntax not in (IMPLICIT_LE, EXPLICIT_LE):
        return {}
    syntax = instance.transfer_syntax.decode()
    return {each.tag: each.value for each in read_elements(instance.data_set(), syntax).elements}


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace").strip(" \0")
