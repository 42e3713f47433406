"""The folder in which a device stores, as its tester sees it: what came into it since a first look.

Only for a device that the harness starts and whose profile names the folder. Links are never
followed: the device wrote the folder, and may have written anything.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.model import Claim
from harness.stage import Stage
from simulators.lab import lab_of

MOST_ENTRIES: Final = 200_000
"""Most entries that one look takes in."""

_State = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file, folder or link below the storage folder.

    Attributes:
        path: Where it is.
        mode: Type and permission bits, as ``lstat`` gives them.
    """

    path: Path
    mode: int

    @property
    def is_file(self) -> bool:
        """True for a regular file."""
        return stat.S_ISREG(self.mode)


class StorageFolder:
    """Takes its first look when it is made.

    Args:
        root: The storage folder.
        all_of_it: Whatever is there counts as new.
    """

    def __init__(self, root: Path, *, all_of_it: bool = False) -> None:
        self.root = root
        self._before = {} if all_of_it else _states(root)

    def fresh(self) -> list[Entry]:
        """What is new, or was rewritten, since the first look, by path."""
        return [
            Entry(path=Path(path), mode=state[3])
            for path, state in sorted(_states(self.root).items())
            if self._differs(path, state)
        ]

    def _differs(self, path: str, state: _State) -> bool:
        before = self._before.get(path)
        # The times of a folder change with what is in it.
        return before is None or (before != state and not stat.S_ISDIR(state[3]))


def storage_folder(stage: Stage) -> StorageFolder | None:
    """The storage folder, looked at for the first time; None where it is not known to us."""
    if Claim.STORAGE_FOLDER not in stage.profile.claims():
        return None
    # A play that is played again stores what its first attempt may have left there already.
    again = "/" in stage.play
    return StorageFolder(lab_of(stage).storage, all_of_it=again)


def _states(root: Path) -> dict[str, _State]:
    found: dict[str, _State] = {}
    for entry in _entries(root):
        try:
            seen = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # it went away meanwhile
        found[entry.path] = (seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_mode)
        if len(found) >= MOST_ENTRIES:
            break
    return found


def _entries(root: Path) -> Iterator[os.DirEntry[str]]:
    folders = [str(root)]
    while folders:
        try:
            with os.scandir(folders.pop()) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    yield entry
        except OSError:
            continue  # it went away meanwhile, or is not ours to read
