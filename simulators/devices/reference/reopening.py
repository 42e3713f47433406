"""What an earlier run of the device stored: the index, made anew from the files."""

import os
from pathlib import Path

from simulators.devices.reference.index import Index, digest_of
from simulators.devices.reference.part10 import FileError, meta_of
from simulators.devices.reference.scanner import Bounds, DataSetError, scan
from simulators.devices.reference.storage import PARTIAL


def reopen(root: Path, index: Index) -> None:
    """Enter the stored objects into an index, the oldest first.

    Files that were never finished were never acknowledged: they are removed. A file that cannot be
    read as an object is left where it is and not served.
    """
    found: list[tuple[int, str]] = []
    for directory, _, names in os.walk(root):
        for name in names:
            path = os.path.join(directory, name)
            if name.endswith(PARTIAL):
                os.unlink(path)
            else:
                found.append((os.stat(path).st_mtime_ns, path))
    for _, path in sorted(found):
        _enter(path, index)


def _enter(path: str, index: Index) -> None:
    try:
        content = Path(path).read_bytes()
        meta, header = meta_of(content)
        identity = meta[2], meta[3], meta[0x10]
        values = scan(content[header:], meta[0x10], Bounds()).values
    except (FileError, DataSetError, KeyError, OSError):
        return
    index.enter(
        meta[3],
        identity=identity,
        values=values,
        path=path,
        header=header,
        digest=digest_of(content[header:]),
    )
