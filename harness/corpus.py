"""The corpus on disk: each specimen in a folder of its own, and an index that says what it is."""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from harness import markup
from harness.errors import CatalogueError, RequestError
from harness.model import JSON
from harness.specimens import Files, Shelf
from harness.writing import write_whole

TOKEN: Final = "100000000000000001"
"""Marks the corpus; always the same, so that the same version writes the same octets."""

LARGEST: Final = 64 << 20
"""Octets that a corpus may have on disk, whoever offers the shelves."""

_NOTICE: Final = "Synthetic, made by dicom-assay: no patient, and no program that does anything."


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One specimen as it was written: its id, what it is, and its files with size and digest."""

    id: str
    shelf: Shelf
    files: tuple[tuple[str, int, str], ...]

    @property
    def size(self) -> int:
        """Octets of all its files."""
        return sum(size for _, size, _ in self.files)

    def row(self) -> dict[str, JSON]:
        """It in index.json."""
        return {
            "id": self.id,
            "deviation": self.shelf.deviation,
            "expectation": self.shelf.expectation,
            "size": self.size,
            "files": [
                {"path": path, "size": size, "sha256": digest} for path, size, digest in self.files
            ],
        }


def chosen(shelves: Sequence[Shelf], globs: Sequence[str]) -> list[tuple[Shelf, str]]:
    """The cases whose id, or the name of whose shelf, matches one of the globs; all without any.

    Raises:
        RequestError: A glob matches nothing.
    """
    cases = [(shelf, case) for shelf in shelves for case in shelf.makers]
    for glob in globs:
        if not any(_matches(*each, glob) for each in cases):
            raise RequestError(f"--select {glob}: no specimen matches; see index.md of a corpus")
    return [each for each in cases if not globs or any(_matches(*each, glob) for glob in globs)]


def write(
    folder: Path, cases: Sequence[tuple[Shelf, str]], say: Callable[[str], None]
) -> list[Written]:
    """Writes specimens and index into a folder that is empty or not there yet.

    Raises:
        RequestError: The folder is not empty, or cannot be written.
    """
    _require_empty(folder)
    written: list[Written] = []
    room = LARGEST
    for shelf, case in cases:
        if not written or written[-1].shelf is not shelf:
            say(f"{shelf.name}: {sum(each is shelf for each, _ in cases)}")
        one = _specimen(folder, shelf, case, room)
        room -= one.size
        written.append(one)
    write_whole(folder / "index.json", as_json(written).encode(), "DIR")
    write_whole(folder / "index.md", _page(written).encode(), "DIR")
    return written


def as_json(written: Sequence[Written]) -> str:
    """The index for programs."""
    document = {"notice": _NOTICE, "specimens": [one.row() for one in written]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _matches(shelf: Shelf, case: str, glob: str) -> bool:
    return fnmatch.fnmatchcase(f"{shelf.name}/{case}", glob) or fnmatch.fnmatchcase(
        shelf.name, glob
    )


def _require_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise RequestError(f"{folder}: is not empty; name another folder")
    except OSError as error:
        raise RequestError(f"{folder}: cannot write: {error.strerror}") from error


def _specimen(folder: Path, shelf: Shelf, case: str, room: int) -> Written:
    made = shelf.files(case, TOKEN)
    name = f"{shelf.name}/{case}"
    if sum(map(len, made.values())) > room:
        raise CatalogueError(f"{name}: the corpus is larger than {LARGEST} octets")
    files = tuple(
        (path, len(octets), hashlib.sha256(octets).hexdigest())
        for path, octets in _inside(name, made)
    )
    for path, octets in _inside(name, made):
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(octets)
        except OSError as error:
            raise RequestError(f"{target}: cannot write: {error.strerror}") from error
    return Written(id=name, shelf=shelf, files=files)


def _inside(name: str, made: Files) -> Iterator[tuple[str, bytes]]:
    """The files by path below the corpus; a maker that climbs out is a defect of its pack."""
    for path, octets in made.items():
        whole = PurePosixPath(name, path)
        if PurePosixPath(path).is_absolute() or ".." in whole.parts:
            raise CatalogueError(f"{name}: {path!r} leads out of its folder")
        yield str(whole), octets


def _page(written: Sequence[Written]) -> str:
    """The index for people: a section for each shelf."""
    blocks = ["# Corpus", _NOTICE]
    for shelf in dict.fromkeys(one.shelf.name for one in written):
        mine = [one for one in written if one.shelf.name == shelf]
        about = mine[0].shelf
        rows = [
            (one.id, f"{len(one.files)}", f"{one.size}", one.files[0][2] if one.files else "")
            for one in mine
        ]
        blocks += [
            f"## {shelf}",
            f"Deviation: {markup.text(about.deviation)}\n"
            f"Expectation: {markup.text(about.expectation)}",
            markup.table(("id", "files", "octets", "SHA-256 of the first"), rows),
        ]
    return markup.page(blocks)
