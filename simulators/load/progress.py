"""The console picture of a load: live on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from harness.loading import Progress

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 40
"""Intervals that a sparkline shows."""

PLAIN_EVERY_S = 5.0
"""Distance of the lines where there is no terminal."""


def sparkline(values: deque[float]) -> str:
    """One block per value, as high as its share of the highest; nothing was done: the lowest."""
    top = max(values, default=0.0)
    if top <= 0:
        return BARS[0] * len(values)
    return "".join(BARS[min(len(BARS) - 1, int(value / top * len(BARS)))] for value in values)


class Picture:
    """Shows what is loaded and how it goes; call it with each :class:`Progress`, in any thread."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._title = title
        self._lock = threading.Lock()
        self._rates: deque[float] = deque(maxlen=WIDTH)
        self._slow: deque[float] = deque(maxlen=WIDTH)
        self._last = Progress(at_s=0.0)
        self._next_line = 0.0
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def __call__(self, progress: Progress) -> None:
        """Shows it."""
        with self._lock:
            told, self._last = bool(self._last.note), progress
            self._rates.append(progress.rate)
            self._slow.append(progress.p99_ms)
            if self._console.is_terminal:
                self._live.update(self.render(), refresh=True)
            elif progress.at_s >= self._next_line or (progress.note and not told):
                self._next_line = progress.at_s + PLAIN_EVERY_S
                self._console.print(escape(line(progress)), soft_wrap=True)

    def render(self) -> RenderableType:
        """The picture of what was heard last."""
        last = self._last
        grid = Table.grid(padding=(0, 2))
        grid.add_column()
        grid.add_column(justify="right")
        grid.add_column()
        grid.add_row("rate", f"{last.rate:,.0f} /s", Text(sparkline(self._rates), "cyan"))
        grid.add_row("p99", f"{last.p99_ms:,.1f} ms", Text(sparkline(self._slow), "magenta"))
        grid.add_row("p50", f"{last.p50_ms:,.1f} ms", f"{last.mb_per_s:,.1f} MB/s")
        bad = Text(f"{last.errors:,}", "bold red" if last.errors else "")
        grid.add_row("errors", bad, f"{last.count:,} answered with success")
        grid.add_row("associations", f"{last.associations:,}", escape(last.note))
        return Group(Text(self._title, "bold"), grid, self._clock())

    def _clock(self) -> RenderableType:
        last = self._last
        if last.ends_in_s is None:
            return Text(f"{last.at_s:,.0f} s", "dim")
        bar = Table.grid(padding=(0, 1))
        whole = last.at_s + last.ends_in_s
        bar.add_row(
            ProgressBar(total=max(whole, 1e-9), completed=last.at_s, width=WIDTH),
            Text(f"{last.at_s:,.0f} of {whole:,.0f} s", "dim"),
        )
        return bar


def line(progress: Progress) -> str:
    """The same in one plain line."""
    text = (
        f"{progress.at_s:.0f} s: {progress.count} answered, {progress.errors} errors, "
        f"{progress.rate:.0f}/s, {progress.mb_per_s:.1f} MB/s, p50 {progress.p50_ms:.1f} ms, "
        f"p99 {progress.p99_ms:.1f} ms, {progress.associations} associations"
    )
    return f"{text} ({progress.note})" if progress.note else text
