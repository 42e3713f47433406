"""The judge's side of a worker process: starts it, relays how it goes, reads what it found.

Locust patches the process that imports it, so it never runs in the process that judges.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from harness.errors import BenchError
from harness.loading import Progress
from harness.measurement import Measurement
from simulators.load.acknowledged import Acknowledged
from simulators.load.plan import Plan

RESULT = "load-measurement.json"
ACKNOWLEDGED = "load-acknowledged.json"
LOG = "load-worker.log"

SILENT_S = 60.0
"""How long a worker may say nothing before it is taken for stuck."""

GRACE_S = 15.0
"""How long a worker may take to report after it was told to end, beyond the answer's time-out."""

_LOOK_S = 0.1
_TOLD = 300


@dataclass(frozen=True, slots=True)
class Driven:
    """One load that has ended.

    Attributes:
        measurement: What was measured.
        acknowledged: The objects that the device acknowledged with success.
    """

    measurement: Measurement
    acknowledged: Acknowledged


def drive(
    plan: Plan,
    folder: Path,
    on_progress: Callable[[Progress], None],
    cancelled: threading.Event,
    *,
    ui_port: int | None = None,
) -> Driven:
    """Runs the load in processes of its own and returns when it has ended.

    Args:
        plan: The load; it is within its bounds, and nobody checks that again.
        folder: Where plan, result and log of the worker are left.
        on_progress: Hears of it about once a second, in this thread.
        cancelled: Ends the load soon; what was done until then is measured.
        ui_port: Where Locust shows its own page, on loopback; None: nowhere.

    Raises:
        BenchError: The worker could not begin; the message has its last words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "load-plan.json"
    path.write_text(plan.model_dump_json(indent=1), "utf-8")
    for stale in (RESULT, ACKNOWLEDGED):
        (folder / stale).unlink(missing_ok=True)
    command = [sys.executable, "-m", "simulators.load.worker", str(path), str(folder / RESULT)]
    command += ["--acknowledged", str(folder / ACKNOWLEDGED), "--progress", "--leash"]
    if ui_port is not None:
        command += ["--ui", str(ui_port)]
    with _Worker(command, folder / LOG) as worker:
        why = worker.follow(on_progress, cancelled, plan.timeout_s + GRACE_S)
    return _read(plan, folder, why, worker.last_words())


class _Worker:
    """The worker process; leaving the context ends it."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._log = log
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        with log.open("wb") as told:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
                env=environment(),
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, name="load-progress", daemon=True)

    def __enter__(self) -> _Worker:
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def follow(
        self,
        on_progress: Callable[[Progress], None],
        cancelled: threading.Event,
        grace_s: float,
    ) -> str:
        """Relays progress until the worker has ended; says why it ended badly, if it did."""
        until, told = time.monotonic() + SILENT_S, False
        while self._process.poll() is None:
            if cancelled.is_set() and not told:
                self._process.send_signal(signal.SIGINT)
                until, told = time.monotonic() + grace_s, True
            if self._relay(on_progress) and not told:
                until = time.monotonic() + SILENT_S
            if time.monotonic() > until:
                return "the load generator did not end in time" if told else "it was stuck"
        self._reader.join()
        while self._relay(on_progress):
            continue
        code = self._process.returncode
        return "" if code == 0 else f"the load generator ended with {_named(code)}"

    def last_words(self) -> str:
        """The end of what it wrote to its log, in one line."""
        with contextlib.suppress(OSError):
            return " ".join(self._log.read_text("utf-8", "replace").split())[-_TOLD:]
        return ""

    def _relay(self, on_progress: Callable[[Progress], None]) -> bool:
        try:
            line = self._lines.get(timeout=_LOOK_S)
        except queue.Empty:
            return False
        with contextlib.suppress(ValidationError):
            on_progress(Progress.model_validate_json(line))
        return True

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.decode("utf-8", "replace"))


def environment() -> Mapping[str, str]:
    """The environment of a worker: it must import the same packages as this process."""
    home = str(Path(__file__).resolve().parent.parent.parent)
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _named(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _read(plan: Plan, folder: Path, why: str, last_words: str) -> Driven:
    """What the worker left, also when it died: it writes its result again and again."""
    try:
        measurement = Measurement.model_validate_json((folder / RESULT).read_bytes())
        lanes = json.loads((folder / ACKNOWLEDGED).read_bytes())
    except (OSError, ValueError) as error:
        reason = why or "it left no result"
        raise BenchError(f"no load was made: {reason}: {last_words or error}") from error
    if why:
        measurement = measurement.model_copy(update={"complete": False, "why": why})
    return Driven(measurement, acknowledged_of(plan.uid_root, lanes))


def acknowledged_of(uid_root: str, lanes: Mapping[str, list[list[int]]]) -> Acknowledged:
    """The same, from what a worker wrote: pairs of first and last number plus one, by lane."""
    return Acknowledged(
        uid_root,
        {int(lane): tuple(range(*pair) for pair in pairs) for lane, pairs in lanes.items()},
    )
