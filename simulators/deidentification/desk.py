"""A desk at which the device de-identifies what we lay on it, and what we find there afterwards."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydicom.dataset import FileDataset

from harness.errors import BenchError
from harness.model import JSON, Health, Observation
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.deidentification import search
from simulators.deidentification.canaries import Canary
from simulators.deidentification.objects import Subject, honest
from simulators.lab import lab_of
from simulators.readers import Readers
from simulators.reading import Reading
from simulators.wire import uids

_MOST_FILES: Final = 64
_LARGEST: Final = 16 << 20
_KEPT: Final = 256 << 10
_DEFLATED: Final = uids.DEFLATED_LE
_WRITTEN: Final = "a file that it wrote"


@dataclass(frozen=True, slots=True)
class Left:
    """A file that was left behind.

    Attributes:
        name: Its path below the folder.
        octets: What stands in it.
    """

    name: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one file.

    Attributes:
        outcome: Whether the device said that it did it.
        detail: Its last words.
        left: What lay where it writes.
        made: Those of them that are DICOM files.
    """

    outcome: Outcome
    detail: str
    left: tuple[Left, ...]
    made: tuple[FileDataset, ...]


class Deidentifying(Reading):
    """One desk for one play, and a search of all that is left on it after each file."""

    def __init__(self, stage: Stage, *, keeps: bool = True) -> None:
        super().__init__(stage, keeps=keeps, readers=deidentifiers_of(stage.bench))

    def deidentify(self, subject: Subject, what: str, *, lie: str = "") -> Done:
        """Has the device de-identify one file; what is left of its canaries is observed.

        Args:
            subject: The file, and what must not come out of it.
            what: What it is, in words.
            lie: What it puts to the proof; nothing for an honest file.

        Raises:
            NotEmittedError: It cannot be written, or the program does not start.
        """
        seen = self._read({subject.name: subject.octets}, subject.name, what, lie).data
        place = self._folder / "up" / "up"
        out, work = _left_in(place / "out"), _left_in(place / "work")
        log = (self._folder / "output.log").read_bytes()[:_LARGEST]
        made = [search.opened(left.octets) for left in out]
        whole = tuple(one for one in made if isinstance(one, FileDataset))
        done = Done(Outcome(str(seen["outcome"])), str(seen["detail"]), out, whole)
        self._observe(subject, done, work, log, seen, lie)
        self._keep_all(out)
        _empty(place / "out")
        _empty(place / "work")
        return done

    def _observe(
        self,
        subject: Subject,
        done: Done,
        work: Sequence[Left],
        log: bytes,
        seen: Mapping[str, JSON],
        lie: str,
    ) -> None:
        anywhere = [one for one in subject.canaries if not one.tag]
        placed = [one for one in subject.canaries if one.tag]
        leaks = [*_leaks(_WRITTEN, done.left, anywhere), *_hidden(done.made, anywhere)]
        leaks += [
            _leak(_WRITTEN, one) for read in done.made for one in search.found_among(read, placed)
        ]
        leaks += _leaks("what it left in its working folder", work, subject.canaries)
        leaks += [_leak("what it printed", one) for one in search.found_in(log, subject.canaries)]
        names = "\n".join(left.name for left in (*done.left, *work)).encode("utf-8", "replace")
        leaks += [_leak("a file name", one) for one in search.found_in(names, subject.canaries)]
        passed = hashlib.sha256(subject.octets).hexdigest()
        self._stage.observe(
            "deidentified", "reader", outcome=done.outcome.value, detail=done.detail, lie=lie,
            files=len(done.left), readable=len(done.made), canaries=len(subject.canaries),
            passed_through=any(
                hashlib.sha256(left.octets).hexdigest() == passed for left in done.left
            ),
            leaks=[*_once(leaks)], crash=seen.get("crash"),
            timed_out=seen.get("timed_out"),
        )  # fmt: skip

    def _keep_all(self, out: Sequence[Left]) -> None:
        """Leaves copies of what was written in the run folder: it is the evidence."""
        if not self._keeps:
            return
        play = re.sub(r"[^A-Za-z0-9._-]", "_", self._stage.play)
        small = [left for left in out if len(left.octets) <= _KEPT]
        for number, left in enumerate(small[:4]):
            name = f"{play}-{self._count}-out{number}.dcm"
            (lab_of(self._stage).run_folder / "device" / name).write_bytes(left.octets)
            self._stage.observe(
                "evidence", "reader", path=f"device/{name}",
                sha256=hashlib.sha256(left.octets).hexdigest(),
            )  # fmt: skip


def honest_deidentification(stage: Stage) -> Health:
    """Whether the device de-identifies an honest file."""
    with Deidentifying(stage, keeps=False) as desk:
        seen: Observation = desk.read(honest(stage.token).octets, "an honest file")
        written = bool(_left_in(desk.out))
    said = seen.data.get("outcome") == Outcome.RESPONDED.value
    ok = said and seen.data.get("opened") is not False and written
    words = "de-identified" if ok else "not de-identified"
    latency = seen.data.get("duration_s")
    return Health(
        ok=ok,
        alive=None,
        detail=f"an honest file was {words} ({seen.data.get('detail')})",
        latency_s=float(latency) if isinstance(latency, int | float) else 0.0,
    )


def deidentifiers_of(bench: object) -> Readers:
    """What starts the de-identifier of this bench.

    Raises:
        BenchError: The profile has no [deidentifier].
    """
    found = getattr(bench, "deidentifiers", None)
    if not isinstance(found, Readers):
        raise BenchError("the profile has no [deidentifier]")
    return found


def _leak(channel: str, canary: Canary) -> dict[str, JSON]:
    return {"channel": channel, **canary.data()}


def _leaks(
    channel: str, files: Sequence[Left], canaries: Sequence[Canary]
) -> list[dict[str, JSON]]:
    return [_leak(channel, one) for left in files for one in search.found_in(left.octets, canaries)]


def _hidden(made: Sequence[FileDataset], canaries: Sequence[Canary]) -> list[dict[str, JSON]]:
    """What only shows when a data set is inflated."""
    deflated = [one for one in made if str(one.file_meta.TransferSyntaxUID) == _DEFLATED]
    return _leaks(_WRITTEN, [Left("", search.plain(one)) for one in deflated], canaries)


def _once(leaks: Sequence[dict[str, JSON]]) -> list[dict[str, JSON]]:
    return [one for at, one in enumerate(leaks) if one not in leaks[:at]]


def _left_in(folder: Path) -> tuple[Left, ...]:
    """The files below a folder of the device, links left alone."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    files = [path for path, _ in zip(found, range(_MOST_FILES), strict=False)]
    return tuple(Left(str(path.relative_to(folder)), _octets(path)) for path in files)


def _octets(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()
