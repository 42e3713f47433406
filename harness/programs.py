"""Where the programs of a device are found.

pynetdicom, which the harness needs, installs commands by the names of DCMTK's: ``storescp``,
``echoscu`` and more. With the harness's environment first on the path they would be judged in
the device's place, so they are passed over: who means them gives a path.
"""

import os
import shutil
from functools import cache
from importlib import metadata
from pathlib import Path


def locate(name: str, path: str | None = None) -> str | None:
    """Return the program that a profile means by `name`, or None if there is none.

    Args:
        name: A program's name, or a path to one, which is taken as it is.
        path: Folders to look in, as in ``PATH``; None is the harness's own ``PATH``.
    """
    if os.path.dirname(name):
        return shutil.which(name)
    for folder in (os.environ.get("PATH", os.defpath) if path is None else path).split(os.pathsep):
        found = shutil.which(name, path=folder) if folder else None
        if found is not None and Path(found).resolve() not in _namesakes():
            return found
    return None


def is_installed(name: str) -> bool:
    """Tell whether what a profile requires is there: a program, or the file of a library."""
    return locate(name) is not None or (Path(name).is_absolute() and Path(name).exists())


@cache
def _namesakes() -> frozenset[Path]:
    """The commands that pynetdicom's distribution put beside the harness's own."""
    owner = metadata.distribution("pynetdicom")
    names = {one.name for one in owner.entry_points if one.group == "console_scripts"}
    files = (Path(str(owner.locate_file(file))) for file in owner.files or ())
    return frozenset(file.resolve() for file in files if file.stem in names and file.is_file())
