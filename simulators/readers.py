"""How a program that reads files is started on one, and watched until it ends.

Each desk is a folder of its own, deep inside the sandbox: a path that climbs out of a medium is
seen and does no harm, and desks of plays that are in flight together do not disturb each other.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from harness.errors import BenchError
from harness.profile_reader import ProgramSection
from simulators.lab import Lab
from simulators.process import (
    DeviceStartError,
    FileChanges,
    FileWatch,
    LogSlice,
    MemoryWatch,
    Trigger,
    TriggerResult,
    start_trigger,
)

READS: Final = "reads"
"""Folder of the sandbox with the desks."""

RECIPIENT: Final = "recipient.pem"
"""File of the sandbox with the certificate of who may open encrypted media."""

_LOOK_S = 0.05
_LONG_AGO = 946_684_800  # the year 2000: whoever reads a file that old leaves a younger mark
_MOST_MEMORY = 1 << 30
_MOST_OUTPUT = 32 << 20
_MOST_WRITTEN = 256 << 20
_MOST_FILES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How the program went.

    Attributes:
        ended: How it ended.
        output: What it wrote to standard output and error, head and tail where that is long.
        peak_bytes: Peak memory of all its processes.
        stopped: What we ended it for: "memory", "output", "disk", "cancelled", or nothing.
        opened: Whether it opened what it was given; None where the file system does not tell.
        baited: Whether it opened a file outside the folder that it was given; None likewise.
        changes: What changed outside the folders that it may write to, relative to the desk.
        written_bytes: How much it left in those folders.
    """

    ended: TriggerResult
    output: bytes
    peak_bytes: int
    stopped: str
    opened: bool | None
    baited: bool | None
    changes: FileChanges
    written_bytes: int


class Readers:
    """Starts the program; safe for many threads.

    Attributes:
        base_bytes: Peak memory for an honest file, once one was read.
    """

    def __init__(self, lab: Lab, section: ProgramSection, name: str = "reader") -> None:
        self.lab = lab
        self.section = section
        self.name = name
        self.base_bytes: int | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def new_desk(self) -> Path:
        """A folder for one play."""
        desk = self.lab.sandbox / READS / f"{self.name}-{next(self._numbers)}"
        (desk / "canary").mkdir(parents=True)
        return desk

    def clear(self, desk: Path) -> None:
        """Removes a desk with all that was written there."""
        shutil.rmtree(desk, ignore_errors=True)

    def honest_peak(self, peak_bytes: int) -> None:
        """Notes what an honest file costs."""
        with self._lock:
            self.base_bytes = max(self.base_bytes or 0, peak_bytes)

    def out_of(self, desk: Path) -> Path:
        """Where the program writes what it makes of a file of that desk."""
        return desk / "up" / "up" / "out"

    @property
    def recipient(self) -> Path:
        """The certificate of who may open encrypted media."""
        return self.lab.sandbox / RECIPIENT

    def run(
        self,
        desk: Path,
        file: Path,
        bait: Path,
        cancelled: Callable[[], bool],
        env: Mapping[str, str] | None = None,
    ) -> Ran:
        """Starts the program on a file, and watches it to its end.

        Args:
            desk: The desk.
            file: What it reads; its folder holds nothing but that file or that medium.
            bait: A file elsewhere on the desk that it has no business to read.
            cancelled: Tells when the play is to end.
            env: More variables of its environment; those of its profile come first.

        Raises:
            BenchError: The program cannot be started.
        """
        shutil.rmtree(self.out_of(desk), ignore_errors=True)
        tells = [age(path) for path in (file, bait)]
        more = dict(env or {})
        ran = run_watched(desk, lambda work, _, log: self._start(file, work, log, more), cancelled)
        return replace(
            ran,
            opened=touched(file) if tells[0] else None,
            baited=touched(bait) if tells[1] else None,
        )

    def _start(self, file: Path, work: Path, log: Path, env: dict[str, str]) -> Trigger:
        out = work.with_name("out")
        values = {"file": file, "folder": file.parent, "out": out, "work": work}
        values["recipient"] = self.recipient
        told = {name: str(path) for name, path in values.items()}
        section = self.section
        command = [self.lab.filled(part, told) for part in section.command]
        env |= {name: self.lab.filled(value, told) for name, value in section.env.items()}
        try:
            return start_trigger(command, work, env, section.timeout_s, log)
        except DeviceStartError as error:
            how = self.lab.profile.process.install if self.lab.profile.process else ""
            way_out = how or "install the program or correct it"
            raise BenchError(f"'{self.name}.command': {error}: {way_out}") from error


def run_watched(
    desk: Path, start: Callable[[Path, Path, Path], Trigger], cancelled: Callable[[], bool]
) -> Ran:
    """Starts a program in its folders of a desk, and watches it to its end.

    Args:
        desk: A folder for one play; what lies there before is not its doing.
        start: Starts it, given its working folder, its folder for output, and its log.
        cancelled: Tells when the play is to end.
    """
    work, out = desk / "up" / "up" / "work", desk / "up" / "up" / "out"
    for folder in (work, out):
        folder.mkdir(parents=True, exist_ok=True)
    log = desk / "output.log"
    log.unlink(missing_ok=True)
    watch = FileWatch([work, out, log], [desk])
    watch.start()
    laid = _written((desk,))
    trigger = start(work, out, log)
    with trigger, MemoryWatch(trigger) as memory:
        ended, stopped = _await(
            trigger, lambda: _excess(memory.peak_bytes, log, desk, laid, cancelled)
        )
    changes, crowded = _changes(watch)
    return Ran(
        ended=ended,
        output=LogSlice(log).since(0),
        peak_bytes=max(ended.max_rss_bytes, memory.peak_bytes),
        stopped=stopped or crowded,
        opened=None,
        baited=None,
        changes=changes,
        written_bytes=_written((work, out))[0],
    )


def readers_of(bench: object) -> Readers:
    """What starts the program of this bench.

    Raises:
        BenchError: The profile has no [reader].
    """
    readers = getattr(bench, "readers", None)
    if not isinstance(readers, Readers):
        raise BenchError("the profile has no [reader]")
    return readers


def exporters_of(bench: object) -> Readers:
    """What starts the program of this bench that writes media.

    Raises:
        BenchError: The profile has no [exporter].
    """
    exporters = getattr(bench, "exporters", None)
    if not isinstance(exporters, Readers):
        raise BenchError("the profile has no [exporter]")
    return exporters


def _await(trigger: Trigger, excess: Callable[[], str]) -> tuple[TriggerResult, str]:
    """Waits for the end; ends it for what would cost this machine its memory or disk."""
    while (ended := trigger.wait(_LOOK_S)) is None:
        if why := excess():
            return trigger.kill(), why
    return ended, ""


def _excess(
    peak_bytes: int, log: Path, desk: Path, laid: tuple[int, int], cancelled: Callable[[], bool]
) -> str:
    """What it takes too much of, beside what was laid on the desk before; nothing if nothing."""
    if peak_bytes > _MOST_MEMORY:
        return "memory"
    if LogSlice(log).mark() > _MOST_OUTPUT:
        return "output"
    written, files = _written((desk,))
    if written - laid[0] > _MOST_WRITTEN or files - laid[1] > _MOST_FILES:
        return "disk"
    return "cancelled" if cancelled() else ""


def _written(folders: tuple[Path, ...]) -> tuple[int, int]:
    """Octets and files below folders, as far as they matter; links are not followed."""
    octets = files = 0
    waiting = [str(folder) for folder in folders]
    while waiting and files <= 2 * _MOST_FILES:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                files += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    octets += entry.stat(follow_symlinks=False).st_blocks * 512
    return octets, files


def _changes(watch: FileWatch) -> tuple[FileChanges, str]:
    try:
        return watch.compare(), ""
    except ValueError:
        return FileChanges(), "disk"


def age(path: Path) -> bool:
    """Makes a file look unread for years; True where reading it leaves a mark."""
    probe = path.with_name(f"{path.name}.probe")
    probe.write_bytes(b"?")
    os.utime(probe, (_LONG_AGO, _LONG_AGO))
    probe.read_bytes()
    tells = touched(probe)
    probe.unlink()
    os.utime(path, (_LONG_AGO, _LONG_AGO))
    return tells


def touched(path: Path) -> bool:
    """True for a file that was read since :func:`age`, where that tells."""
    try:
        return path.stat().st_atime > _LONG_AGO
    except OSError:
        return True  # whoever removed it has been there
