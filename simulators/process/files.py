"""What changed on disc outside the folders that a device may write to."""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

MAX_ENTRIES: Final = 100_000
"""Most entries that one look takes in; a larger sandbox is a mistake in the profile."""

_CORE: Final = "core"
_ELF_MAGIC: Final = b"\x7fELF"
_ET_CORE: Final = (b"\x04\x00", b"\x00\x04")  # e_type of a core file, either byte order
_Entry = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FileChanges:
    """What happened between two looks; paths are relative to the watch's `base`, sorted.

    Attributes:
        created: New files, folders, links, outside the allowed roots.
        changed: Files that were rewritten there.
        deleted: What is no longer there.
        cores: New or rewritten core files, the allowed roots included.
    """

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    cores: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Everything created, changed or deleted that is not a core file."""
        return tuple(sorted({*self.created, *self.changed, *self.deleted} - {*self.cores}))


class FileWatch:
    """Compares a sandbox before and after, by ``lstat``; follows no link, reads no content.

    A core file is one by its ELF header, not by its name alone.

    Args:
        roots_allowed: Folders or files that the device, or the harness, may write to.
        roots_watched: Folders to look at, for example the storage folder's parent and the cwd.

    Attributes:
        base: The folder that reported paths are relative to: the watched one, or what several
            watched ones have in common.
        changes: The result, once the context is closed.
    """

    def __init__(self, roots_allowed: Iterable[Path], roots_watched: Iterable[Path]) -> None:
        self._allowed = {os.path.abspath(root) for root in roots_allowed}
        self._below_allowed = tuple(os.path.join(root, "") for root in self._allowed)
        self._watched = sorted({os.path.abspath(root) for root in roots_watched})
        if not self._watched:
            raise ValueError("no folder to watch")
        self.base = Path(os.path.commonpath(self._watched))
        self._before: dict[str, _Entry] = {}
        self.changes = FileChanges()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.changes = self.compare()

    def start(self) -> None:
        """Take the first look; a later call starts afresh."""
        self._before = self._look()

    def compare(self) -> FileChanges:
        """Take another look and tell what differs from the first, which stays as it is."""
        after, before = self._look(), self._before
        fresh = [path for path in after if path not in before]
        differs = [path for path in after if path in before and _rewritten(before, after, path)]
        gone = [path for path in before if path not in after]
        return FileChanges(
            created=self._outside(fresh),
            changed=self._outside(differs),
            deleted=self._outside(gone),
            cores=self._relative(path for path in (*fresh, *differs) if _is_core(path)),
        )

    def cores(self) -> tuple[str, ...]:
        """Take another look for core files alone: what :meth:`compare` gives as `cores`."""
        after, before = self._look(), self._before
        return self._relative(
            path for path in after if after[path] != before.get(path) and _is_core(path)
        )

    def _look(self) -> dict[str, _Entry]:
        # Strings, not paths: this is done twice in each play, and a sandbox holds thousands.
        found: dict[str, _Entry] = {}
        for root in self._watched:
            for path, entry in _entries(root, self._may_write):
                found[path] = (entry.st_size, entry.st_mtime_ns, entry.st_ino, entry.st_mode)
                if len(found) > MAX_ENTRIES:
                    raise ValueError(f"more than {MAX_ENTRIES} entries to watch below {root}")
        return found

    def _may_write(self, path: str) -> bool:
        return path in self._allowed or path.startswith(self._below_allowed)

    def _outside(self, paths: Iterable[str]) -> tuple[str, ...]:
        return self._relative(path for path in paths if not self._may_write(path))

    def _relative(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(os.path.relpath(path, self.base) for path in paths))


def _entries(root: str, may_write: Callable[[str], bool]) -> Iterator[tuple[str, os.stat_result]]:
    """All that is below a folder; of what the device may write, only what may be a core file.

    An archive under load writes thousands of files there, and only names are read of them.
    """
    folders = [(root, may_write(root))]
    while folders:
        folder, allowed = folders.pop()
        for entry in _listed(folder):
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder:
                    folders.append((entry.path, allowed or may_write(entry.path)))
                if allowed and (is_folder or not entry.name.startswith(_CORE)):
                    continue
                yield entry.path, entry.stat(follow_symlinks=False)
            except OSError:
                continue


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []  # gone, or not ours to read


def _rewritten(before: Mapping[str, _Entry], after: Mapping[str, _Entry], path: str) -> bool:
    # A folder's time changes with its contents, which are reported themselves.
    return after[path] != before[path] and not stat.S_ISDIR(after[path][3])


def _is_core(path: str) -> bool:
    if not os.path.basename(path).startswith(_CORE):
        return False
    if not os.path.isfile(path) or os.path.islink(path):
        return False
    try:
        with open(path, "rb") as file:
            header = file.read(18)
    except OSError:
        return True  # the kernel makes cores readable to their owner only: the name has to do
    return header[:4] == _ELF_MAGIC and header[16:18] in _ET_CORE


def empty(folder: Path, *, within: Path) -> bool:
    """Remove what is in a folder, and nothing elsewhere; False when it does not lie within ours.

    Links in it are removed and never followed.
    """
    if folder.is_symlink() or not folder.resolve().is_relative_to(within.resolve()):
        return False
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)
    return True
