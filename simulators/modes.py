"""Who may read and write what a device has stored, by the permission bits of its files."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from harness.model import JSON
from harness.stage import Stage
from simulators.marking import ACTOR
from simulators.storage_folder import Entry, StorageFolder

_STATUS: Final = Path("/proc/self/status")
_MOST_TOLD: Final = 50


def tell_modes(stage: Stage, folder: StorageFolder) -> None:
    """Witnesses ``modes`` of all that came into the storage folder, and the ``umask`` given.

    ``entries`` have ``path``, ``mode`` (permission bits) and ``folder``; links have no mode of
    their own and are left out.
    """
    entries: list[JSON] = [
        _told(entry, folder.root) for entry in folder.fresh() if not stat.S_ISLNK(entry.mode)
    ]
    stage.observe("modes", ACTOR, umask=_umask(), entries=entries[:_MOST_TOLD])


def _told(entry: Entry, root: Path) -> dict[str, JSON]:
    return {
        "path": os.path.relpath(entry.path, root),
        "mode": stat.S_IMODE(entry.mode),
        "folder": stat.S_ISDIR(entry.mode),
    }


def _umask() -> int | None:
    """The umask that the device was started with, which is ours (proc(5)); None if not shown."""
    for line in _STATUS.read_text("ascii", "replace").splitlines():
        if line.startswith("Umask:"):
            return int(line.split()[1], 8)
    return None
