"""Who wants to know how a run goes."""

from __future__ import annotations

from typing import Protocol

from harness.model import Scenario
from harness.run import Result

Row = Result
"""A result as everybody shares it."""


class Listener(Protocol):
    """Hears of progress, from any thread (a terminal, for example)."""

    def planned(self, total: int) -> None:
        """So many scenarios will have a result."""

    def playing(self, scenario: Scenario) -> None:
        """A scenario begins."""

    def judged(self, row: Row) -> None:
        """A scenario has its result."""

    def remark(self, text: str) -> None:
        """Something that the operator should know."""
