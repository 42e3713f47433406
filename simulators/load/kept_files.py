"""Objects as files in a device's storage folder: the way to look where it answers no queries."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian

from simulators.load import naming
from simulators.load.verify import WayError

MOST_FILES: Final = 200_000
_LONG_HEADER: Final = 12
_SHORT_HEADER: Final = 8
_Key = tuple[str, int, int]


class KeptFiles:
    """The Part 10 files below a folder, read by pydicom; a file is read once unless it changes.

    Both a way to list and a way to fetch. Links are not followed, and what is no DICOM file is
    passed over: the device wrote the folder, and may have written anything.

    Args:
        root: The storage folder.
    """

    name = "files"

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[_Key, tuple[str, bytes]] = {}

    def holds(self, lane: int, names: Mapping[str, int], *, whole: bool) -> Counter[str]:
        """How many files bear each name.

        Raises:
            WayError: The folder cannot be read, or holds too many files.
        """
        del lane, whole
        return Counter(uid for uid, _ in self._look() if uid in names)

    def contents(
        self, lane: int, names: Sequence[str], *, whole: bool
    ) -> Iterable[tuple[str, bytes]]:
        """Name and content mark of every file that bears one of the names.

        Raises:
            WayError: As for `holds`.
        """
        del lane, whole
        wanted = frozenset(names)
        return [(uid, mark) for uid, mark in self._look() if uid in wanted]

    def paths(self, uid_root: str) -> list[str]:
        """The files whose SOP Instance UID begins with a root.

        Raises:
            WayError: As for `holds`.
        """
        for _ in self._look():
            continue
        return [key[0] for key, (uid, _) in self._read.items() if uid.startswith(f"{uid_root}.")]

    def _look(self) -> Iterator[tuple[str, bytes]]:
        now: dict[_Key, tuple[str, bytes]] = {}
        for path, status in _files(self._root):
            key = (path, status.st_mtime_ns, status.st_size)
            now[key] = self._read[key] if key in self._read else _identity(path)
            if len(now) > MOST_FILES:
                raise WayError(f"more than {MOST_FILES} files below the storage folder")
        self._read = now
        yield from now.values()


def _files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    if not root.is_dir():
        raise WayError("the storage folder is not there")
    folders = [str(root)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        yield entry.path, entry.stat(follow_symlinks=False)
        except OSError:
            continue  # it went away meanwhile, or is not ours to read


def _identity(path: str) -> tuple[str, bytes]:
    """SOP Instance UID and content mark; two empty ones of what is no DICOM file."""
    try:
        with open(path, "rb") as file:
            dataset = dcmread(file, stop_before_pixels=True, specific_tags=["SOPInstanceUID"])
            uid = str(dataset.get("SOPInstanceUID", ""))
            syntax = dataset.file_meta.TransferSyntaxUID
            if syntax == DeflatedExplicitVRLittleEndian:
                return uid, bytes(dcmread(path).PixelData[: naming.MARK_OCTETS])
            return uid, _mark(file, explicit=not syntax.is_implicit_VR)
    except Exception:  # whatever pydicom, or the file system, says of a device's file
        return "", b""


def _mark(file: BinaryIO, *, explicit: bool) -> bytes:
    """The first octets of the pixel data, where reading stopped before it."""
    file.seek(_LONG_HEADER if explicit else _SHORT_HEADER, os.SEEK_CUR)
    return file.read(naming.MARK_OCTETS)
