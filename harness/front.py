"""What a front (``assay run``, pytest) hands to the plugin, and gets back from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from harness.bench import Announce
from harness.errors import HarnessError
from harness.listener import Listener, Row
from harness.model import Scenario
from harness.profile import Profile
from harness.run import Run
from harness.session import Choice


class QuietListener:
    """Says nothing: pytest's own terminal report is the progress."""

    def planned(self, total: int) -> None:
        """Nothing."""

    def playing(self, scenario: Scenario) -> None:
        """Nothing."""

    def judged(self, row: Row) -> None:
        """Nothing."""

    def remark(self, text: str) -> None:
        """Nothing."""


def _silent(text: str) -> None:
    """Announces nothing: pytest captures the terminal."""


@dataclass
class Front:
    """The request for a run, and what became of it; registered as a pytest plugin.

    Attributes:
        finished: The run, once it is closed.
        error: Why it could not go on.
    """

    NAME: ClassVar[str] = "dicom-assay-front"

    profile: Profile
    choice: Choice
    listener: Listener = field(default_factory=QuietListener)
    announce: Announce = _silent
    finished: Run | None = None
    error: HarnessError | None = None
