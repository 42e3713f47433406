"""A visitor: a fresh browser context for one play, signed in as the profile says.

Opens addresses and witnesses ``page``: what was shown, which of our texts stood on it as text,
whether markup of ours became an element, and whether script of ours ran.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from harness import browsers
from harness.errors import NotEmittedError
from harness.model import JSON
from harness.profile_web import WebSection, web_base
from harness.stage import Stage
from simulators.browser import sight
from simulators.browser.desk import Desk, desk_of
from simulators.browser.marker import Marker
from simulators.browser.screens import keep
from simulators.lab import lab_of
from simulators.peer import HEAD_BYTES
from simulators.web.target import web_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Request

_DOWNLOADS: Final = "Download is starting"
_TOO_SLOW: Final = "Timeout"
_OPEN_S: Final = 12.0
_CALL_S: Final = 40.0
_SIZE: Final = (1000, 640)


@dataclass(slots=True)
class Visit:
    """What came of opening one address.

    Attributes:
        code: HTTP status; 0 where there was no answer.
        shown: Names of the texts that stand on the page as text.
        built: An element exists that only markup of ours makes.
        ran: Numbers with which script of ours called.
        framed: A page of the device is shown inside of one of another origin.
        rested: The page was loaded as far as it goes: what is not seen does not come later.
        file: What was downloaded instead of shown.
    """

    code: int = 0
    kind: str = ""
    why: str = ""
    shown: list[str] = field(default_factory=list)
    built: bool = False
    ran: list[int] = field(default_factory=list)
    framed: bool = False
    rested: bool = False
    text: int = 0
    file: bytes | None = None
    picture: bytes = b""
    head: str = ""
    reply: str = ""


class Tab:
    """Opens pages while its block lasts.

    Args:
        stage: The play.
        signed_in: Whether the device is to know the visitor, where it has sessions at all.
    """

    def __init__(self, stage: Stage, *, signed_in: bool = True) -> None:
        self._stage = stage
        self._web: WebSection = web_of(stage)
        why = browsers.missing()
        stage.require(not why, f"no browser can be driven: {why}")
        # A picture of a page cannot be blanked as the values of a data set are.
        stage.require(
            not stage.profile.withholds_data_sets,
            "pages would be kept as they are: say [scope] real_patients = false on a bench",
        )
        self.marker = Marker.of(stage)
        self._lab = lab_of(stage)
        self._lab.guard.permit(self._web.host)
        self._signed_in = signed_in
        self._desk: Desk = desk_of(self._lab)
        self._context: BrowserContext | None = None
        self._ran: list[int] = []
        self._pictures = 0

    @property
    def origin(self) -> str:
        """Scheme, name and port of the device's web side."""
        base = web_base(self._web.url)
        return f"{base.scheme}://{base.netloc}" if base else ""

    def __enter__(self) -> Self:
        self._desk.places.acquire()
        try:
            self._context = self._desk.do(self._open(), _CALL_S)
        except BaseException:
            self._desk.places.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._context is not None:
                self._desk.do(self._context.close(), _CALL_S)
        finally:
            self._desk.places.release()

    def visit(
        self,
        url: str,
        *,
        what: str,
        texts: Mapping[str, str] | None = None,
        stimulus: bool = True,
        document: bytes | None = None,
        makes: tuple[str, str] | None = None,
    ) -> Visit:
        """Opens an address in a page of its own, and looks at it once it has settled.

        Args:
            url: A path of the device, or a whole address.
            what: Its name in the evidence.
            texts: Texts to look for, by name.
            stimulus: That it is opened is what the device is judged for.
            document: Octets that a download ought to be.
            makes: Method and beginning of the request that the page is to cause, where that and
                not its own is what the device is judged for.

        Raises:
            NotEmittedError: The browser did not ask.
        """
        where = self.origin + url if url.startswith("/") else url
        seen = self._desk.do(self._visit(where, dict(texts or {}), makes), _CALL_S)
        if not seen.head:
            raise NotEmittedError(f"the browser did not ask for {what}: {seen.why}")
        self._witness(what, seen, stimulus=stimulus)
        exact: bool | None = None
        if document is not None and seen.file is not None:
            exact = seen.file in (document, document + b"\0")  # a value has an even length
        names: list[JSON] = [*seen.shown]
        ran: list[JSON] = [*seen.ran]
        self._stage.observe(
            "page", "browser", what=what, code=seen.code, kind=seen.kind, why=seen.why,
            shown=names, built=seen.built, ran=ran, framed=seen.framed,
            rested=seen.rested, text=seen.text, exact=exact,
            downloaded=None if seen.file is None else len(seen.file),
        )  # fmt: skip
        if seen.picture:
            self._pictures += 1
            keep(self._stage, self._lab, self._desk, self._pictures, seen.picture)
        return seen

    async def _open(self) -> BrowserContext:
        context = await self._desk.browser.new_context(
            viewport={"width": _SIZE[0], "height": _SIZE[1]}, accept_downloads=True
        )
        context.set_default_timeout(_OPEN_S * 1000)
        await context.expose_binding(self.marker.call, self._heard)
        await self._prove_hearing(context)
        if self._signed_in and self._web.token and self._web.browser and self._web.browser.session:
            await self._sign_in(context, self._web.browser.session)
        return context

    def _heard(self, _source: object, *numbers: object) -> None:
        self._ran += [number for number in numbers[:1] if isinstance(number, int)]

    async def _prove_hearing(self, context: BrowserContext) -> None:
        """Calls the function ourselves: an ear that hears nothing would prove nothing."""
        page = await context.new_page()
        await page.evaluate(f"() => window.{self.marker.call}(0)")
        await page.close()
        self._stage.observe("ear", "browser", ready=0 in self._ran)
        self._ran.clear()

    async def _sign_in(self, context: BrowserContext, path: str) -> None:
        """Has the device give the context its cookie, with the attributes that it gives it."""
        assert self._web.token is not None
        page = await context.new_page()
        bearer = f"Bearer {self._web.token.get_secret_value()}"
        await page.set_extra_http_headers({"Authorization": bearer})
        answer = await page.goto(self.origin + path)
        await page.close()
        code = answer.status if answer else 0
        cookies = len(await context.cookies(self.origin))
        self._stage.require(code == 200, f"the browser was not signed in: HTTP {code}")
        self._stage.require(cookies, "the browser was signed in, but no cookie was kept")

    async def _visit(
        self, url: str, texts: Mapping[str, str], makes: tuple[str, str] | None
    ) -> Visit:
        from playwright.async_api import Download, Error

        assert self._context is not None
        seen = Visit()
        asked: list[Request] = []
        loads: list[Download] = []
        page = await self._context.new_page()
        page.on("request", lambda one: asked.append(one))
        page.on("download", lambda one: loads.append(one))
        page.on("dialog", lambda dialog: dialog.dismiss())
        before = len(self._ran)
        try:
            await page.goto(url, timeout=_OPEN_S * 1000, wait_until="domcontentloaded")
        except Error as error:
            seen.why = error.message.splitlines()[0][:200]
            if _DOWNLOADS in seen.why or loads:
                seen.why = ""
                await sight.arrives(loads)
        if loads:
            seen.file = await sight.downloaded(loads[0])
            seen.rested = True
        else:
            look = sight.Look(dict(texts), self.marker.element, f"{self.origin}/")
            found = await sight.settled(page, look, lambda: len(self._ran) > before)
            seen.shown, seen.built, seen.framed = found.shown, found.built, found.framed
            seen.rested = found.rested and _TOO_SLOW not in seen.why
            seen.text = found.text
            seen.picture = await sight.picture(page)
        if asked:
            seen.code, seen.kind, seen.reply = await sight.answer_to(asked[0])
        method, beginning = makes or ("GET", "")
        for one in asked:
            if one.method == method and one.url.startswith(beginning.partition("#")[0]):
                seen.head = await sight.request(one)
                break
        seen.ran = sorted(set(self._ran[before:]))
        await page.close()
        return seen

    def _witness(self, what: str, seen: Visit, *, stimulus: bool) -> None:
        """Puts into the record what the browser says that it sent and got."""
        for kind, text, named in (
            ("emitted", seen.head, what),
            ("received", seen.reply, f"HTTP {seen.code}"),
        ):
            if not text:
                continue
            raw = self._stage.masked(text.encode("utf-8", "replace"))
            more: dict[str, JSON] = {}
            if kind == "emitted":
                digest = hashlib.sha256(raw).hexdigest()
                more = {"sent": len(raw), "sha256": digest, "lies": [], "stimulus": stimulus}
            self._stage.observe(
                kind, "browser", what=named, bytes=len(raw), head=raw[:HEAD_BYTES].hex(),
                parts=_parts(raw), **more,
            )  # fmt: skip


def _parts(raw: bytes) -> Sequence[JSON]:
    first = raw.find(b"\r\n") + 2
    return [["first line", 0, first], ["header fields", first, len(raw) - first]]
