"""Report formats, found by the entry-point group ``dicom_assay.reports``."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from harness.errors import ProfileError, RecordError
from harness.run import Run
from harness.writing import write_whole

Scribe = Callable[[Run], bytes]

FOLDERS = frozenset({"allure"})
"""Formats that are a folder of files: what their scribe renders is that folder in a zip."""

BINARY = frozenset({"allure", "pdf"})
"""Formats that are nothing to look at in a terminal."""

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,120}")
_MOST_OCTETS = 2**30


def formats() -> list[str]:
    """Names of the installed formats."""
    return sorted(entry.name for entry in entry_points(group="dicom_assay.reports"))


def write_report(run: Run, kind: str, target: Path) -> Path:
    """Renders a run and writes it whole or not at all.

    Raises:
        ProfileError: There is no such format.
        RecordError: The file cannot be written.
    """
    return write_whole(target, render(run, kind), "--out")


def write_folder(run: Run, kind: str, target: Path) -> Path:
    """Renders a run in a format that is a folder, and unpacks it.

    Raises:
        ProfileError: There is no such format.
        RecordError: The folder holds other files, or cannot be written.
    """
    with zipfile.ZipFile(io.BytesIO(render(run, kind))) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if (
            not all(map(_PLAIN.fullmatch, names))
            or sum(e.file_size for e in entries) > _MOST_OCTETS
        ):
            raise RecordError(f"--format {kind}: its archive is not what a folder is made of")
        try:
            target.mkdir(parents=True, exist_ok=True)
            if other := sorted({path.name for path in target.iterdir()} - names):
                raise RecordError(
                    f"--out {target}: holds other files ({other[0]} ...); name a new folder"
                )
            for entry in entries:
                (target / entry.filename).write_bytes(archive.read(entry))
        except OSError as error:
            raise RecordError(f"--out {target}: cannot write: {error.strerror}") from error
    return target


def render(run: Run, kind: str) -> bytes:
    """A run in one format."""
    for entry in entry_points(group="dicom_assay.reports", name=kind):
        scribe: Scribe = entry.load()
        return scribe(run)
    raise ProfileError(f"--format {kind}: no such format; there are {', '.join(formats())}")
