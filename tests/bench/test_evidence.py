"""What evidence costs: a share of the time of the run that wrote it.

Run it with ``pytest tests/bench/test_evidence.py -s``. One real run against the embedded reference
device keeps a tally of the time spent in the recorder and in the captures, and in the same process
everything that was recorded is written once more with nothing else to do. It prints both shares and
asserts nothing.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import capture, record, witness
from harness import run as runs
from harness.baseline import NOTHING_EXPECTED
from harness.commands.run import play_and_report
from harness.devices import embedded_profile
from harness.session import Choice

pytestmark = pytest.mark.slow

SELECTED = ("ASC-00*", "DIM-0*", "TLS-00*", "STO-00*")


class Tally:
    """Seconds of processor time spent in the functions that it wraps, by any thread."""

    def __init__(self) -> None:
        self.spent_s = 0.0
        self._lock = threading.Lock()

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time added to the tally."""

        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                took = time.thread_time() - began
                with self._lock:
                    self.spent_s += took

        return timed


@contextlib.contextmanager
def tallied(tally: Tally) -> Iterator[None]:
    """Times whatever writes evidence."""
    writers = [(record.RecordWriter, "append"), (witness.RunFolder, "digest")]
    writers += [(capture.CaptureWriter, name) for name in ("packet", "keylog", "finish")]
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in writers:
            patch.setattr(owner, name, tally.of(getattr(owner, name)))
        yield


def test_share_of_the_run(tmp_path: Path) -> None:
    tally, out = Tally(), tmp_path / "run"
    began, used = time.monotonic(), time.process_time()
    with tallied(tally):
        play_and_report(
            embedded_profile(), Choice(select=SELECTED, out=out), NOTHING_EXPECTED, as_json=False
        )
    took_s, used_s = time.monotonic() - began, time.process_time() - used
    lines = record.read(out / "record.jsonl")
    again = record.RecordWriter(tmp_path / "again.jsonl")
    began = time.monotonic()
    for line in lines:
        again.append(line.play, line.observation)
    alone_s = time.monotonic() - began
    again.close()
    print(  # noqa: T201
        f"\n{len(runs.load(out).results)} scenarios, {len(lines)} lines, run {took_s:.1f} s\n"
        f"recording, processor time: {tally.spent_s:.2f} s = {tally.spent_s / took_s:.2%} of the "
        f"run, {tally.spent_s / used_s:.2%} of the processor time of the tool\n"
        f"the same lines again, alone: {alone_s:.2f} s = {alone_s / took_s:.2%} of the run",
        file=sys.stderr,
    )
