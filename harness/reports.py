"""Report formats, found by the entry-point group ``dicom_assay.reports``."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from harness.errors import ProfileError, RecordError
from harness.run import Run

Scribe = Callable[[Run], bytes]


def formats() -> list[str]:
    """Names of the installed formats."""
    return sorted(entry.name for entry in entry_points(group="dicom_assay.reports"))


def write_report(run: Run, kind: str, target: Path) -> Path:
    """Renders a run and writes it whole or not at all.

    Raises:
        ProfileError: There is no such format.
        RecordError: The file cannot be written.
    """
    data = render(run, kind)
    draft = target.with_name(f"{target.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as error:
        raise RecordError(f"--out {target}: cannot write: {error.strerror}") from error
    return target


def render(run: Run, kind: str) -> bytes:
    """A run in one format."""
    for entry in entry_points(group="dicom_assay.reports", name=kind):
        scribe: Scribe = entry.load()
        return scribe(run)
    raise ProfileError(f"--format {kind}: no such format; there are {', '.join(formats())}")
