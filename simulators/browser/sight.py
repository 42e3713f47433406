"""What is to be seen of a page: its text, elements of ours, frames; all of it bounded in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.async_api import Download, Page, Request

_SLICE_S: Final = 0.1
_QUIET_S: Final = 0.3
_ASK_S: Final = 2.0
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
    text: int = 0


async def settled(
    page: Page, texts: Mapping[str, str], element: str, origin: str, patience_s: float
) -> Sight:
    """What is seen once all texts are, or patience is at its end; and a moment after that.

    The moment is for pictures that fail to load, and for whatever a page does with its data.
    """
    until = time.monotonic() + (patience_s if texts else 0.0)
    found = await _look(page, texts, element, origin)
    while len(found.shown) < len(texts) and not found.built and time.monotonic() < until:
        await asyncio.sleep(_SLICE_S)
        found = await _look(page, texts, element, origin)
    await asyncio.sleep(_QUIET_S)
    return await _look(page, texts, element, origin)


async def _look(page: Page, texts: Mapping[str, str], element: str, origin: str) -> Sight:
    from playwright.async_api import Error

    found = Sight()
    for frame in page.frames[:8]:
        with suppress(Error, TimeoutError):  # a frame may be on its way to another page
            one = await asyncio.wait_for(frame.evaluate(_LOOK, [dict(texts), element]), 2.0)
            found.shown = [n for n in texts if n in found.shown or n in one["shown"]]
            found.built = found.built or bool(one["built"])
            found.text += int(one["text"])
            inside = frame != page.main_frame and frame.url.startswith(origin)
            stranger = not page.url.startswith(origin)
            found.framed = found.framed or (inside and stranger and bool(one["shown"]))
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
