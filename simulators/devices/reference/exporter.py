"""The device as a program that writes a medium (PS3.10 8) with the files of a folder.

Each file is read as strictly as by the reader, and written anew under a name of ours behind a
preamble of zeros. What is no such file is left out, and said so. With a recipient every file of
the medium, its directory included, is a secure one (PS3.15 D.1).
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from simulators.devices.reference.directory import SHOWN_KEYS, encoded_directory
from simulators.devices.reference.errors import CannotDecodeError, RefusedError
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.reader import DIRECTORY_CLASS, Opened, Reader
from simulators.devices.reference.scanner import DataSetError
from simulators.devices.reference.uids import is_uid

DONE, INCOMPLETE = 0, 1
DIRECTORY: Final = "DICOMDIR"
FOLDER: Final = "IMAGES"
_MOST: Final = 10_000
_IDENTITY: Final = (0x0020000D, 0x0020000E)
_PREAMBLE: Final = bytes(128)
_REFUSALS: Final = (RefusedError, DataSetError, CannotDecodeError, OSError)

Seal = Callable[[bytes], bytes]


class Exporter:
    """Writes one medium; a flawed one overrides what it does worse.

    Args:
        out: The folder that becomes the medium.
        seal: Encrypts a file; None leaves it as it is.
        flaws: Those that are switched on.
    """

    def __init__(self, out: Path, seal: Seal | None, flaws: Flaws) -> None:
        self.out = out
        self.seal = seal
        self.flaws = flaws
        self.reader = Reader(None, flaws)
        self.taken: dict[bytes, Opened] = {}
        self.patients: dict[bytes, bytes] = {}
        self.left_out: list[str] = []

    def export(self, folder: Path) -> int:
        """Write the medium; return the exit code."""
        for path in sorted(folder.iterdir())[:_MOST]:
            try:
                self.take(path)
            except _REFUSALS as error:
                self.leave_out(path, error)
        if self.taken:
            self.write()
        for reason in self.left_out:
            sys.stderr.write(f"left out: {reason}\n")
        sys.stdout.write(f"{len(self.taken)} files written\n")
        return INCOMPLETE if self.left_out or not self.taken else DONE

    def take(self, path: Path) -> None:
        """Take a file; raises what the reader raises where it cannot be taken."""
        opened = self.reader.open(path)
        self.reader.check(opened)
        if opened.meta[2] == DIRECTORY_CLASS:
            raise RefusedError("a directory of another medium")
        if not all(is_uid(opened.value(tag)) and opened.value(tag) for tag in _IDENTITY):
            raise RefusedError("no study or no series that could be named")
        if opened.instance in self.taken:
            raise RefusedError("the same object again")
        number, name = opened.value(0x00100020), opened.value(0x00100010)
        if not number or self.patients.setdefault(number, name) != name:
            raise RefusedError("a patient without an identifier, or with that of another one")
        self.taken[opened.instance] = opened

    def leave_out(self, path: Path, error: Exception) -> None:
        """Note that a file cannot go on the medium."""
        name = "".join(each if each.isprintable() else "?" for each in path.name)
        self.left_out.append(f"{name}: {error}" if isinstance(error, ValueError) else name)

    def write(self) -> None:
        """Write files, then their directory: a medium that is not finished has none."""
        for number, opened in enumerate(self.taken.values()):
            self.write_file(self.name_of(number, opened), self.content_of(opened))
        self.write_file(DIRECTORY, encoded_directory(self.listed()))

    def listed(self) -> list[tuple[bytes, dict[int, bytes]]]:
        """Return what the directory names, and what it says of each."""
        return [
            ("\\".join((FOLDER, f"I{number:07d}")).encode("ascii"), self.keys_of(opened))
            for number, opened in enumerate(self.taken.values())
        ]

    def name_of(self, number: int, _opened: Opened) -> str:
        """Return a name of ours."""
        return f"{FOLDER}/I{number:07d}"

    def content_of(self, opened: Opened) -> bytes:
        """Return a file without what stood before its prefix."""
        return _PREAMBLE + opened.content[len(_PREAMBLE) :]

    def keys_of(self, opened: Opened) -> dict[int, bytes]:
        """Return what the directory says of a file."""
        meta = {-2: opened.meta[2], -3: opened.meta[3], -0x10: opened.meta[0x10]}
        return {**meta, **{tag: opened.value(tag) for tag in SHOWN_KEYS}}

    def write_file(self, name: str, content: bytes) -> None:
        """Write one file of the medium."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.seal(content) if self.seal else content)


def export(folder: Path, out: Path, recipient: Path | None, flaws: Flaws) -> int:
    """Write a medium with the files of a folder; return the exit code."""
    seal = None
    if recipient is not None:
        # Loaded for encrypted media alone.
        from simulators.devices.reference.sealing import sealing_for

        seal = sealing_for(recipient.read_bytes())
    if flaws.names:
        # A sound exporter never loads the flaws.
        from simulators.devices.reference.exporter_flaws import FlawedExporter

        return FlawedExporter(out, seal, flaws).export(folder)
    return Exporter(out, seal, flaws).export(folder)
