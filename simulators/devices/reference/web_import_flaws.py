"""The flaws of an upload that unpacks archives to disk. Loaded only by a device that has one."""

from __future__ import annotations

import os
import stat
import zipfile
from contextlib import suppress
from pathlib import Path

from simulators.devices.reference.flaws import Flaws

_MOST = 1 << 16


def unpack(root: Path, info: zipfile.ZipInfo, content: bytes, flaws: Flaws) -> None:
    """Write a member below the storage, or to where its name or a link leads.

    No file that is there is ever written over.
    """
    name = info.orig_filename.replace("\\", "/")
    inside = not (name.startswith("/") or ".." in name.split("/"))
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    with suppress(OSError, ValueError):
        if is_link:
            if inside and flaws.has("web_unzips_links"):
                os.symlink(content.decode(), root / name)
        elif inside or flaws.has("web_unzips_outside"):
            _write(root / name, content)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content[:_MOST])
