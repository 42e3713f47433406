"""The witness of a real run: everything goes to the run folder as it happens."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from harness.capture import CaptureWriter
from harness.errors import RecordError
from harness.model import JSON, Observation
from harness.record import RecordWriter
from harness.stage import Packet

_KEPT_STIMULI = 8

VERDICT_KEYS = ("id", "verdict", "kind", "code", "outcome", "preferred", "severity", "role")
"""What of a result is made of our own words alone, whatever the device said."""

PLAN_KEYS = ("tool", "seed", "started", "selected")
"""What of a record's head says nothing about the device."""

RUN = "run"
"""The play name under which the engine itself writes."""


class RunFolder:
    """A run folder that is being written; implements :class:`harness.stage.Witness`.

    Raises:
        RecordError: The folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            for part in ("wire", "device"):
                (folder / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordError(
                f"{folder}: cannot make the run folder: {error.strerror}; choose another with --out"
            ) from error
        self.path = folder
        self._record = RecordWriter(folder / "record.jsonl")
        self._capture = CaptureWriter(folder)
        self._began = datetime.now(UTC)
        self._lock = threading.Lock()
        self._stimuli: dict[str, list[Observation]] = {}

    def observed(self, play: str, seen: Observation) -> None:
        """Appends to the record."""
        self._record.append(play, seen)
        if seen.kind == "emitted" and seen.data.get("stimulus"):
            with self._lock:
                kept = self._stimuli.setdefault(play.split(".")[0].split("/")[0], [])
                if len(kept) < _KEPT_STIMULI:
                    kept.append(seen)

    def stimuli(self, scenario_id: str) -> Sequence[Observation]:
        """The first few emissions of a scenario, for attachments."""
        with self._lock:
            return tuple(self._stimuli.get(scenario_id, ()))

    def packet(self, play: str, packet: Packet) -> None:
        """Hands captured bytes to the capture file of the play."""
        self._capture.packet(play, packet)

    def keylog(self, play: str, line: str) -> None:
        """Hands a TLS key to the key log of the play."""
        self._capture.keylog(play, line)

    def finish_play(self, play: str) -> list[str]:
        """Closes the captures of a play; returns their paths relative to the run folder."""
        return self._capture.finish(play)

    def begin(self, head: Mapping[str, JSON]) -> None:
        """Writes what the record begins with, and on a line of its own what was to be played."""
        self.note("begin", head)
        self.note("plan", {key: head[key] for key in PLAN_KEYS if key in head})

    def digest(self, path: str) -> str:
        """SHA-256 of a file of this folder, in hexadecimal: the record vouches for its evidence.

        Raises:
            RecordError: It cannot be read.
        """
        try:
            with (self.path / path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise RecordError(f"{self.path / path}: cannot read: {error.strerror}") from error

    def note(self, kind: str, data: Mapping[str, JSON]) -> None:
        """Writes a line of the run itself."""
        at = (datetime.now(UTC) - self._began).total_seconds()
        self._record.append(
            RUN, Observation(at_s=round(at, 6), actor="engine", kind=kind, data=data)
        )

    def result(self, row: Mapping[str, JSON], plays: Sequence[str]) -> None:
        """Writes a finished result; from here on it survives whatever happens.

        The verdict follows on a line of its own that names nothing of the device: it stays
        readable where the result has to be withheld.
        """
        self.note("result", {"row": row, "plays": list(plays)})
        self.note("verdict", {key: row[key] for key in VERDICT_KEYS if key in row})

    def close(self) -> None:
        """Closes record and captures."""
        with self._lock:
            self._capture.close()
            self._record.close()


def new_folder(out: Path | None, device: str) -> Path:
    """A name for a new run folder: ``runs/<utc>-<device>``, or exactly what ``--out`` says.

    Raises:
        RecordError: ``out`` exists and holds a run already.
    """
    if out is not None:
        if (out / "record.jsonl").exists():
            raise RecordError(f"{out}: holds a run already; choose another --out or use --resume")
        return out
    safe = "".join(c if c.isalnum() else "-" for c in device.lower()).strip("-") or "device"
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3]
    return Path("runs") / f"{stamp}Z-{safe[:60]}"
