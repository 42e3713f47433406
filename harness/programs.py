"""Where the programs of a device are found.

pynetdicom, which the harness needs, installs commands by the names of DCMTK's: ``storescp``,
``echoscu`` and more. With the harness's environment on the path, or several such as tox makes them
within another, they would be judged in the device's place, so they are passed over: who means them
gives a path.
"""

import os
import shutil
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

_HEAD: Final = 1024
"""A command that an installer made is shorter."""


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
        if found is not None and not _is_namesake(Path(found)):
            return found
    return None


def is_installed(name: str) -> bool:
    """Tell whether what a profile requires is there: a program, or the file of a library."""
    return locate(name) is not None or (Path(name).is_absolute() and Path(name).exists())


def _is_namesake(found: Path) -> bool:
    """Whether a program is a command of pynetdicom's, in whichever environment."""
    if found.stem not in _namesakes():
        return False
    try:
        with found.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False  # what cannot be read is no script of Python's
    return head.startswith(b"#!") and b"pynetdicom" in head


@cache
def _namesakes() -> frozenset[str]:
    """The names of the commands that pynetdicom's distribution installs."""
    owner = metadata.distribution("pynetdicom")
    return frozenset(one.name for one in owner.entry_points if one.group == "console_scripts")
