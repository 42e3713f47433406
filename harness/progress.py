"""Progress of a run on a terminal: live and friendly there, quiet and plain elsewhere."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from harness.listener import Row
from harness.model import Scenario
from harness.verdict import Verdict

STYLES = {
    "PASS": ("✔", "green"),
    "WARN": ("▲", "yellow"),
    "FAIL": ("✘", "bold red"),
    "ERROR": ("‼", "bold magenta"),
    "INCONCLUSIVE": ("?", "cyan"),
    "NOT_APPLICABLE": ("–", "dim"),
    "REVIEW": ("…", "blue"),
}
"""Sign and colour of each verdict; the sign carries the meaning without the colour."""

_IN_FLIGHT = 6


class TerminalListener:
    """Shows what is playing, how far it is, and every finding as it is judged."""

    def __init__(self, device: str, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self._device = device
        self._lock = threading.Lock()
        self._flying: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )
        self._task = self._bar.add_task(escape(device), total=None)
        self._live = Live(console=self.console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def planned(self, total: int) -> None:
        """Sets the length of the bar."""
        self._bar.update(self._task, total=total)
        if not self.console.is_terminal:
            self.console.print(f"{self._device}: {total} scenarios", markup=False)

    def playing(self, scenario: Scenario) -> None:
        """Adds to what is in flight."""
        with self._lock:
            self._flying[scenario.id] = scenario.title
        self._refresh()

    def judged(self, row: Row) -> None:
        """Counts a result; a finding is printed and stays on the screen."""
        verdict = str(row["verdict"])
        with self._lock:
            self._flying.pop(str(row["id"]), None)
            self._counts[verdict] = self._counts.get(verdict, 0) + 1
            self._bar.advance(self._task)
        if verdict not in (Verdict.PASS.name, Verdict.NOT_APPLICABLE.name):
            self.console.print(finding_line(row))
        self._refresh()

    def remark(self, text: str) -> None:
        """Prints what the operator should know."""
        self.console.print(Text(f"  {text}", style="dim italic"))

    def announce(self, text: str) -> None:
        """Asks the operator to do something."""
        self.console.print(Text(f"» {text}", style="bold yellow"))

    def _refresh(self) -> None:
        if self._live.is_started:
            self._live.update(Group(self._bar, self._counted(), self._playing()))

    def _counted(self) -> Text:
        text = Text("  ")
        for name, (sign, style) in STYLES.items():
            if count := self._counts.get(name):
                text.append(f"{sign} {count} {name.lower().replace('_', ' ')}   ", style)
        return text

    def _playing(self) -> Table:
        table = Table.grid(padding=(0, 1))
        with self._lock:
            flying = list(self._flying.items())
        for name, title in flying[:_IN_FLIGHT]:
            table.add_row(Text("  ·", "dim"), Text(name, "bold"), Text(title, "dim"))
        if len(flying) > _IN_FLIGHT:
            table.add_row("", "", Text(f"and {len(flying) - _IN_FLIGHT} more", "dim"))
        return table


def finding_line(row: Row) -> Text:
    """One finding as one line: sign, id, kind, reason."""
    sign, style = STYLES[str(row["verdict"])]
    what = str(row["kind"] or row["code"] or "")
    text = Text(f"{sign} {row['verdict']}", style)
    text.append(f"  {row['id']}  ", "bold")
    text.append(f"{what}: " if what else "", style)
    reason = "".join(c if c.isprintable() else "·" for c in str(row["reason"]))
    text.append(reason[:300])
    return text
