"""What is attached to allure's results: captures, logs and dumps of what was sent, within bounds.

The worst results come first, so that when the room is used up what is left out is evidence of what
passed; a result that lacks something of its own says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.hexdump import hexdump
from harness.model import JSON
from harness.run import Run
from reports.identity import named_uuid, run_words
from reports.page.finding import inner_link
from reports.rows import Row
from reports.text import one_line

_TYPES = {
    ".pcapng": "application/vnd.tcpdump.pcap",
    ".log": "text/plain",
    ".keylog": "text/plain",
    ".json": "application/json",
    ".png": "image/png",
}
_LARGEST = 4 * 2**20
_ROOM = 96 * 2**20
_DUMPS = 4
"""Most dumps of one result."""
_DUMPED_PLAYS = 2


class Files:
    """Attachments by the name of their file in the archive; ``room`` is what is left, in octets."""

    def __init__(self, run: Run, room: int = _ROOM) -> None:
        self.kept: dict[str, bytes] = {}
        self._run, self._room = run, room
        self._words = run_words(run)

    def of(self, row: Row) -> list[dict[str, JSON]]:
        """Keeps what belongs to a row, and returns it as its result file names it."""
        found: list[dict[str, JSON]] = []
        left_out = 0
        for name, suffix, data in self._wanted(row):
            if len(data) > min(_LARGEST, self._room):
                left_out += 1
                continue
            found.append(self._keep(row, name, suffix, data))
        if left_out:
            words = f"{left_out} files are too large for this archive; they are in the run folder."
            found.append(self._keep(row, "left out", ".txt", words.encode()))
        return found

    def _keep(self, row: Row, name: str, suffix: str, data: bytes) -> dict[str, JSON]:
        source = f"{named_uuid('attachment', *self._words, row.id, name)}-attachment{suffix}"
        self.kept[source] = data
        self._room -= len(data)
        kind = _TYPES.get(suffix, "text/plain" if suffix == ".txt" else "application/octet-stream")
        return {"name": one_line(name, 200), "source": source, "type": kind}

    def _wanted(self, row: Row) -> Iterator[tuple[str, str, bytes]]:
        for number, dump in enumerate(self._dumps(row)):
            if number == _DUMPS:
                break
            yield dump
        for evidence in row.evidence:
            path = self._inside(evidence)
            if path is not None:
                suffix = path.suffix if path.suffix in _TYPES else ".bin"
                yield evidence, suffix, _head(path)

    def _dumps(self, row: Row) -> Iterator[tuple[str, str, bytes]]:
        for play in self._run.chosen.get(row.id, ())[:_DUMPED_PLAYS]:
            for at, seen in enumerate(self._run.plays.get(play, ())):
                if seen.kind == "emitted" and seen.data.get("stimulus"):
                    words = f"sent in {play} ({at}): {seen.data.get('what')}"
                    yield one_line(words, 200), ".txt", _dump(seen.data).encode()

    def _inside(self, evidence: str) -> Path | None:
        """The file, when it is a plain one of the run folder: its name is not believed."""
        if not inner_link(evidence).href:
            return None
        path = self._run.folder / evidence
        try:
            real = path.resolve()
            if not real.is_file() or not real.is_relative_to(self._run.folder.resolve()):
                return None
        except (OSError, ValueError):
            return None
        return path


def _head(path: Path) -> bytes:
    """The file, or one octet too many of it."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST + 1)
    except OSError:
        return b""


def _dump(data: JSON) -> str:
    """A dump of what was sent; a record that holds no hexadecimal has none."""
    try:
        return hexdump(data) if isinstance(data, dict) else ""
    except ValueError:
        return "(the record holds no octets)"
