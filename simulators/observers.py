"""What is watched on the device's side during a play: log, files, memory, processor time."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path

from harness.model import JSON
from harness.stage import Stage
from simulators.lab import HOOK_FOLDER, Lab
from simulators.process import CpuWatch, DeviceProcess, FileWatch, LogSlice, MemoryWatch
from simulators.readers import READS

_SHOWN_LOG = 8 * 1024
_MOST_PLACES, _BEFORE, _AFTER = 16, 8, 24


@contextlib.contextmanager
def watch(lab: Lab, device: DeviceProcess | None, stage: Stage) -> Iterator[None]:
    """Observes the device during the play; memory, processor and files only when it plays alone."""
    with contextlib.ExitStack() as stack:
        if device is not None and device.alive():
            stack.enter_context(_log(lab, device.log_path, stage))
            if stage.scenario.alone:
                stack.enter_context(_resources(device, stage))
        if stage.scenario.alone:
            stack.enter_context(_files(lab, stage))
        yield


@contextlib.contextmanager
def _log(lab: Lab, path: Path, stage: Stage) -> Iterator[None]:
    log = LogSlice(path)
    mark = log.mark()
    try:
        yield
    finally:
        text = log.since(mark)
        name = re.sub(r"[^A-Za-z0-9._-]", "_", stage.play)
        stored = lab.run_folder / "device" / f"{name}.log"
        with contextlib.suppress(OSError):
            stored.write_bytes(text)
            digest = hashlib.sha256(text).hexdigest()
            stage.observe("evidence", "process", path=f"device/{stored.name}", sha256=digest)
        forged = marker(stage).encode()
        stage.observe(
            "log",
            "process",
            lines=text.count(b"\n"),
            forged=sum(line.startswith(forged) for line in re.split(rb"[\r\n]+", text)),
            prefixed=len(re.findall(rb"[\r\n][A-Z]: " + re.escape(forged), text)),
            marked=_around(text, forged),
            text=text[:_SHOWN_LOG].decode("utf-8", "replace"),
        )


def _around(text: bytes, mark: bytes) -> list[JSON]:
    """What stands around our marker in the log: a few octets before it, and more after."""
    places = itertools.islice(re.finditer(re.escape(mark), text), _MOST_PLACES)
    return [
        text[max(0, place.start() - _BEFORE) : place.end() + _AFTER].decode("latin-1")
        for place in places
    ]


@contextlib.contextmanager
def _resources(device: DeviceProcess, stage: Stage) -> Iterator[None]:
    began = time.monotonic()
    memory, cpu = MemoryWatch(device), CpuWatch(device)
    try:
        with memory, cpu:
            yield
    finally:
        seconds = max(0.001, time.monotonic() - began)
        stage.observe(
            "memory",
            "process",
            base_bytes=memory.base_bytes,
            peak_bytes=memory.peak_bytes,
            growth_bytes=memory.growth_bytes,
            exact=memory.exact,
        )
        stage.observe("cpu", "process", share=round(cpu.seconds / seconds, 4), window_s=seconds)


@contextlib.contextmanager
def _files(lab: Lab, stage: Stage) -> Iterator[None]:
    calls = lab.sandbox / "up" / "calls"
    calls.mkdir(parents=True, exist_ok=True)
    ours = [lab.sandbox / name for name in ("pki", HOOK_FOLDER, READS)]
    files = FileWatch([lab.storage, *ours], [lab.sandbox])
    files.start()
    try:
        yield
    finally:
        changes = files.compare()
        outside: list[JSON] = [path for path in changes.paths if not _in_an_out_folder(path)]
        stage.observe("files", "process", outside=outside)


def _in_an_out_folder(path: str) -> bool:
    """True below ``up/calls/<number>/out``, the declared output folder of a triggered call."""
    return re.fullmatch(r"up/calls/\d+(/out(/.*)?)?", Path(path).as_posix(), re.S) is not None


def marker(stage: Stage) -> str:
    """A text that no honest log line begins with; forged lines are recognised by it.

    It is 14 characters long, so that it fits into an AE title (16) behind a line break.
    """
    return f"FORGED{stage.token[:8]}"
