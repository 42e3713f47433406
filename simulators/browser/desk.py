"""One Chromium for a run: started by the first play that needs it, ended with the laboratory.

It reaches this machine and the device, nobody else: every other address goes to a proxy that does
not exist. Requests are not intercepted for that, because whoever intercepts them answers the
preflights of other origins himself, and the device's own answer would never be asked for.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from harness import browsers
from harness.errors import BenchError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

    from simulators.lab import Lab

T = TypeVar("T")

_AT_ONCE: Final = 2
_START_S: Final = 30.0
_ARGUMENTS: Final = (
    "--proxy-server=127.0.0.1:9",  # the discard port: nobody is there
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # The listener on loopback stands for a stranger anywhere: it is not to be kept from a device
    # in a network because it is nearer than that.
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
)


class Desk:
    """Playwright and a Chromium, on a thread of their own.

    Attributes:
        places: How many plays have a context at a time.
        kept: Octets of pictures that were kept in this run.
    """

    def __init__(self, host: str) -> None:
        """Start the browser.

        Args:
            host: Of the device, beside this machine the only one that it reaches.

        Raises:
            BenchError: It does not start.
        """
        self.places = threading.Semaphore(_AT_ONCE)
        self.kept = 0
        self._host = host
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._playwright: Playwright | None = None
        try:
            self.browser: Browser = self.do(self._start(), _START_S)
        except Exception as error:
            self.close()
            raise BenchError(f"Chromium did not start: {str(error)[:300]}") from error

    def do(self, work: Coroutine[Any, Any, T], timeout_s: float) -> T:
        """What comes of work that is done on the browser's thread.

        Raises:
            TimeoutError: It took too long.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            future.cancel()
            raise

    def close(self) -> None:
        """Ends the browser, and the thread."""
        with suppress(Exception):  # whatever ends it early, it is to be gone
            self.do(self._end(), _START_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_S)
        self._loop.close()

    async def _start(self) -> Browser:
        # Loaded for plays with a browser only: it is an extra that need not be installed.
        from playwright.async_api import async_playwright

        self._playwright = await async_playwright().start()
        # Chromium refuses to run as root within its sandbox; root has no more to lose.
        unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
        bypass = f"--proxy-bypass-list={self._host}"
        return await self._playwright.chromium.launch(
            executable_path=browsers.program(), args=[*_ARGUMENTS, bypass, *unboxed]
        )

    async def _end(self) -> None:
        if self._playwright is not None:
            with suppress(Exception):
                await self.browser.close()
            await self._playwright.stop()


def desk_of(lab: Lab) -> Desk:
    """The browser of the run; the first caller starts it.

    Raises:
        BenchError: It does not start.
    """
    with lab.desk_turn:
        if lab.desk is None:
            web = lab.profile.web
            lab.desk = Desk(web.host if web else "127.0.0.1")
        return lab.desk
