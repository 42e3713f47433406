"""What is to be seen of a page: its text, elements of ours, frames; all of it bounded in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.async_api import Download, Page, Request

_SLICE_S: Final = 0.1
_QUIET_S: Final = 0.3
_ASK_S: Final = 2.0
_LOAD_S: Final = 8.0
_STABLE_S: Final = 1.0
_PATIENCE_S: Final = 6.0
_MOST_FILE: Final = 8 << 20
_MOST_FIELDS: Final = 40

# Text that a person reads: what the page lays out, and what stands in its fields and hints.
_LOOK: Final = """([texts, id]) => {
  const flat = text => text.replace(/\\s+/g, ' ');
  const said = [document.documentElement ? document.documentElement.innerText || '' : ''];
  for (const one of document.querySelectorAll('[title], [alt], input, textarea')) {
    said.push(one.getAttribute('title') || '', one.getAttribute('alt') || '', one.value || '');
  }
  const whole = flat(said.join('\\n'));
  return {
    shown: Object.keys(texts).filter(name => whole.includes(flat(texts[name]))),
    built: document.getElementById(id) !== null,
    text: whole.length,
  };
}"""


@dataclass(slots=True)
class Sight:
    """What one look found in all frames of a page."""

    shown: list[str] = field(default_factory=list)
    built: bool = False
    framed: bool = False
    rested: bool = False
    text: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for.

    Attributes:
        texts: Texts, by name.
        element: ``id`` of the element that only markup of ours makes.
        origin: The beginning of every address of the device.
    """

    texts: dict[str, str]
    element: str
    origin: str


async def settled(page: Page, look: Look, ran: Callable[[], bool]) -> Sight:
    """What is seen once a page has come to rest: all texts are there, or no more come.

    A page that shows nothing of ours gets longer, and so does script of ours that may yet run.
    """
    from playwright.async_api import Error

    begun, loaded = time.monotonic(), False
    with suppress(Error):
        await page.wait_for_load_state("load", timeout=_LOAD_S * 1000)
        loaded = True
    changed = time.monotonic()
    # Where loading takes long, so does what a page does afterwards.
    until = changed + _PATIENCE_S + 2 * (changed - begun)
    found = await _looked(page, look)
    while not _rests(found, look, until, changed, ran=ran()):
        await asyncio.sleep(_SLICE_S)
        now = await _looked(page, look)
        if (now.shown, now.built) != (found.shown, found.built):
            changed = time.monotonic()
        found = now
    await asyncio.sleep(_QUIET_S)
    found = await _looked(page, look)
    found.rested = found.rested and loaded
    return found


def _rests(found: Sight, look: Look, until: float, changed: float, *, ran: bool) -> bool:
    now = time.monotonic()
    if now > until or ran:
        return True
    if found.built:
        return now - changed > _STABLE_S  # its script runs once its picture has failed to load
    whole = len(found.shown) == len(look.texts)
    return whole or (bool(found.shown) and now - changed > _STABLE_S)


async def _looked(page: Page, look: Look) -> Sight:
    from playwright.async_api import Error

    found, frames, answered = Sight(), page.frames[:8], 0
    stranger = not page.url.startswith(look.origin)
    for frame in frames:
        with suppress(Error, TimeoutError):  # a frame may be on its way to another page
            asked = frame.evaluate(_LOOK, [look.texts, look.element])
            one = await asyncio.wait_for(asked, _ASK_S)
            found.shown = [n for n in look.texts if n in found.shown or n in one["shown"]]
            found.built = found.built or bool(one["built"])
            found.text += int(one["text"])
            inside = frame != page.main_frame and frame.url.startswith(look.origin)
            found.framed = found.framed or (inside and stranger and bool(one["shown"]))
            answered += 1
    found.rested = answered == len(frames)
    return found


async def picture(page: Page) -> bytes:
    """What the page looks like, as PNG; nothing where the browser cannot say."""
    from playwright.async_api import Error

    try:
        return await page.screenshot(type="png", timeout=5000)
    except Error:
        return b""


async def downloaded(load: Download) -> bytes:
    """The octets that a page handed out, up to a bound."""
    path = await load.path()
    with path.open("rb") as file:
        return file.read(_MOST_FILE)


async def request(one: Request) -> str:
    """The head of a request, as the browser says that it sent it."""
    from playwright.async_api import Error

    fields: Mapping[str, str] = one.headers
    with suppress(Error, TimeoutError):  # one that never left has no more to tell
        fields = await asyncio.wait_for(one.all_headers(), _ASK_S)
    parts = urlsplit(one.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{one.method} {target} HTTP/1.1\r\nhost: {parts.netloc}\r\n{_lines(fields)}\r\n"


async def answer_to(one: Request) -> tuple[int, str, str]:
    """Status, media type and head of an answer, as the browser says that it came."""
    from playwright.async_api import Error

    try:
        found = await asyncio.wait_for(one.response(), _ASK_S)
        if found is None:
            return 0, "", ""
        fields = await asyncio.wait_for(found.all_headers(), _ASK_S)
    except (Error, TimeoutError):
        return 0, "", ""
    head = f"HTTP/1.1 {found.status}\r\n{_lines(fields)}\r\n"
    return found.status, fields.get("content-type", "")[:100], head


async def arrives(loads: Sequence[Download]) -> None:
    """Waits until the browser says what it downloads; it says first that it does not show it."""
    until = time.monotonic() + _ASK_S
    while not loads and time.monotonic() < until:
        await asyncio.sleep(_SLICE_S)


def _lines(fields: Mapping[str, str]) -> str:
    plain = [(name, value) for name, value in fields.items() if not name.startswith(":")]
    return "".join(
        f"{name}: {value}\r\n" for name, value in plain[:_MOST_FIELDS] if name.lower() != "host"
    )
