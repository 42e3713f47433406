"""Names in an address that climb out of a folder, and the file that they lead to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from harness.stage import Stage
from simulators.lab import lab_of
from simulators.objects import part10


def plant_canary(stage: Stage) -> Path:
    """Writes a Part 10 file outside the device's own folders; it bears the token backwards.

    Backwards, because an error page may well repeat the name by which it was asked for.
    """
    lab = lab_of(stage)
    path = lab.canary / f"{stage.token}.dcm"
    path.write_bytes(part10(stage, StudyID=stage.token[::-1][:16], PatientID=stage.token[::-1]))
    (lab.canary / stage.token).write_bytes(path.read_bytes())
    return path


def climbing(stage: Stage, canary: Path) -> Mapping[str, str]:
    """Names for that file as they stand in an address, by form."""
    way = os.path.relpath(canary.with_suffix(""), lab_of(stage).storage)
    file = os.path.relpath(canary, lab_of(stage).storage)
    once = quote(way, safe="").replace(".", "%2e")
    return {
        "encoded": quote(way, safe=""),
        "encoded file": quote(file, safe=""),
        "dots encoded": once,
        "encoded twice": quote(once, safe=""),
        "raw": way,
        "raw file": file,
        "absolute": quote(str(canary), safe=""),
        "backslash": quote(way.replace("/", "\\"), safe=""),
        "below a uid": quote(f"1.2/../{way}", safe=""),
        "overlong": quote(way, safe="").replace("%2F", "%c0%af"),
    }
