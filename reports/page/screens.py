"""What a browser showed during a play: pictures from the run folder, as part of the page.

Only what is a PNG, lies in the folder itself and is small is shown: the folder may be anybody's.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.model import Observation
from harness.run import Run

FOLDER = "screens/"
_MOST = 2
_LARGEST = 192 << 10
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One picture with what it is of."""

    what: str
    source: str


def screens_of(seen: Sequence[Observation], run: Run) -> tuple[Screen, ...]:
    """The last pictures of a play, in order."""
    return tuple(_screens(seen, run))[-_MOST:]


def has_screens(run: Run) -> bool:
    """Whether any play of the run has a picture."""
    return any(
        str(seen.data.get("path")).startswith(FOLDER)
        for plays in run.plays.values()
        for seen in plays
        if seen.kind == "evidence"
    )


def _screens(seen: Sequence[Observation], run: Run) -> Iterator[Screen]:
    what = ""
    for one in seen:
        if one.kind == "page":
            what = str(one.data.get("what", ""))
        path = str(one.data.get("path", "")) if one.kind == "evidence" else ""
        if path.startswith(FOLDER) and (source := _embedded(run, path)):
            yield Screen(what=what, source=source)


def _embedded(run: Run, path: str) -> str:
    try:
        file = (run.folder / path).resolve()
        inside = file.is_relative_to((run.folder / FOLDER).resolve())
        if not inside or not file.is_file() or file.stat().st_size > _LARGEST:
            return ""
        content = file.read_bytes()
    except (OSError, ValueError):
        return ""
    if not content.startswith(_PNG):
        return ""
    return "data:image/png;base64," + base64.b64encode(content).decode()
