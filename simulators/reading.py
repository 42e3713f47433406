"""A desk at which the device reads what we lay on it: files, and media with a DICOMDIR.

    with Reading(stage) as desk:
        desk.read(octets, "a file that ends in the middle of an element", lie="dataset.end")

Without a lie the file is honest. A body only acts: what came of it is in the observation
``reading``, and the oracles of :mod:`harness.oracles.reading` judge it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Final, Self

from harness.errors import HarnessError, NotEmittedError
from harness.model import JSON, Health, Observation
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.lab import lab_of
from simulators.objects import part10
from simulators.readers import Ran, Readers, readers_of
from simulators.understanding import control_octets, crash_of, outcome_of, shown

FILE: Final = "IMAGE.DCM"
ARCHIVE: Final = "IMAGES.ZIP"
DICOMDIR: Final = "DICOMDIR"
BAIT: Final = "BAIT"
CLIMB: Final = ("..", "..", "canary", BAIT)
"""The path of the bait, component by component, from the folder of a medium."""

_LARGEST = 64 << 20
_MOST_ON_MEDIA = 4096
_KEPT = 256 << 10
_HEAD = 512


class Reading:
    """One desk for one play; it leaves copies of small files in the run folder if it ``keeps``.

    Args:
        stage: The play.
        keeps: Whether copies are left.
        readers: What starts the program, where that is not the one of [reader].

    Attributes:
        bait: A file, honest and outside of any medium, that the device has no business to read.
        absent: An absolute path beside it where nothing is, for whoever would write there.
        out: Where it writes what it makes of a file; each reading begins with nothing there.
    """

    def __init__(self, stage: Stage, *, keeps: bool = True, readers: Readers | None = None) -> None:
        self._stage = stage
        self._keeps = keeps
        self._readers = readers or readers_of(stage.bench)
        self._folder = self._readers.new_desk()
        self._count = 0
        self.bait = self._folder / "canary" / BAIT
        self.absent = self._folder / "canary" / "ABSENT"
        self.out = self._readers.out_of(self._folder)
        self.bait.write_bytes(part10(stage, 99))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._readers.clear(self._folder)

    def read(self, octets: bytes, what: str, *, lie: str = "") -> Observation:
        """Has the device read one file.

        Args:
            octets: The file.
            what: What it is, in words.
            lie: Which part of it lies; nothing for an honest file.

        Raises:
            NotEmittedError: It cannot be written, or the program does not start.
        """
        return self._read({FILE: octets}, FILE, what, lie)

    def read_media(self, files: Mapping[str, bytes], what: str, *, lie: str = "") -> Observation:
        """Has the device read a folder with a DICOMDIR; arguments and errors as for `read`.

        Args:
            files: Contents by path below the folder; one of them is the DICOMDIR.
            what: What it is, in words.
            lie: Which part of it lies; nothing for an honest medium.
        """
        return self._read(files, DICOMDIR, what, lie)

    def read_archive(self, octets: bytes, what: str, *, lie: str = "") -> Observation:
        """Has the device read an archive; arguments and errors as for `read`."""
        return self._read({ARCHIVE: octets}, ARCHIVE, what, lie)

    def _read(
        self,
        files: Mapping[str, bytes],
        name: str,
        what: str,
        lie: str,
        env: Mapping[str, str] | None = None,
    ) -> Observation:
        self._count += 1
        folder = self._folder / "in" / str(self._count)
        try:
            _lay(folder, files)
        except OSError as error:
            raise NotEmittedError(f"cannot write {what}: {error.strerror}") from error
        self._emitted(files, what, lie)
        run = self._readers.run(
            self._folder, folder / name, self.bait, self._stage.cancelled.is_set, env
        )
        return self._witness(run, what, lie)

    def _emitted(self, files: Mapping[str, bytes], what: str, lie: str) -> None:
        octets = b"".join(files[name] for name in sorted(files))
        stage = self._stage
        if self._keeps and len(files) == 1 and len(octets) <= _KEPT:
            self._keep(octets)
        stage.observe(
            "emitted", "attacker", connection=self._count, what=what, bytes=len(octets),
            sent=len(octets), sha256=hashlib.sha256(octets).hexdigest(),
            head=octets[:_HEAD].hex(), files=len(files), lies=[lie] if lie else [],
            stimulus=bool(lie) or stage.scenario.positive,
        )  # fmt: skip
        stage.stimulated.set()

    def _keep(self, octets: bytes) -> None:
        """Leaves a copy in the run folder: what was read is evidence too."""
        play = re.sub(r"[^A-Za-z0-9._-]", "_", self._stage.play)
        path = lab_of(self._stage).run_folder / "device" / f"{play}-{self._count}.dcm"
        path.write_bytes(octets)
        self._stage.observe(
            "evidence", "attacker", path=f"device/{path.name}",
            sha256=hashlib.sha256(octets).hexdigest(),
        )  # fmt: skip

    def _witness(self, ran: Ran, what: str, lie: str) -> Observation:
        stage, section = self._stage, self._readers.section
        crash = crash_of(ran, section)
        outcome = outcome_of(ran, section)
        if not lie and outcome is Outcome.RESPONDED:
            self._readers.honest_peak(ran.peak_bytes)
        base = self._readers.base_bytes or 0
        growth = max(0, ran.peak_bytes - base)
        took = round(ran.ended.duration_s, 4)
        detail = shown(ran, section)
        outside: list[JSON] = [*ran.changes.paths]
        stage.observe("files", "process", outside=outside)
        stage.observe(
            "memory", "process", base_bytes=base, peak_bytes=ran.peak_bytes, growth_bytes=growth
        )
        seen = stage.observe(
            "reading", "reader", what=what, lie=lie, outcome=outcome.value, detail=detail,
            exit=ran.ended.exit_status, signal=ran.ended.signal, timed_out=ran.ended.timed_out,
            stopped=ran.stopped, duration_s=took, limit_s=section.timeout_s, crash=[*crash],
            opened=ran.opened, baited=ran.baited, base_bytes=base, peak_bytes=ran.peak_bytes,
            growth_bytes=growth, outside=outside, written_bytes=ran.written_bytes,
            control=[*control_octets(ran.output)], output=ran.output[-2048:].decode("latin-1"),
            said=len(ran.output),
        )  # fmt: skip
        stage.observe("outcome", "attacker", outcome=outcome.value, detail=detail, after_s=took)
        return seen


def honest_look(stage: Stage) -> Health:
    """Whether an honest file is read; what a crash on it left is no evidence against any play."""
    with Reading(stage, keeps=False) as desk:
        seen = desk.read(part10(stage), "an honest file").data
    unopened = seen.get("opened") is False
    ok = seen.get("outcome") == Outcome.RESPONDED.value and not unopened
    words = f"an honest file was {'read' if ok else 'not read'} ({seen.get('detail')})"
    if unopened:
        words = f"an honest file was not even opened ({seen.get('detail')})"
    latency = seen.get("duration_s")
    took = float(latency) if isinstance(latency, int | float) else 0.0
    return Health(ok=ok, alive=None, detail=words, latency_s=took)


def _lay(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files below a folder of ours; what would not lie there is a defect of the scenario."""
    if sum(map(len, files.values())) > _LARGEST or len(files) > _MOST_ON_MEDIA:
        raise HarnessError("a specimen is larger than what may be laid on the desk")
    for name, octets in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise HarnessError(f"a specimen may not lie outside its folder: {name!r}")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(octets)
