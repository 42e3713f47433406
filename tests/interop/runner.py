"""Runs a recipe as its user would, in a process of its own, and looks at what it left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.model import JSON

ROOT = Path(__file__).parents[2]
RECIPES = {path.stem: path for path in sorted((ROOT / "devices").glob("*.toml"))}
PATIENCE_S = 780.0
"""More than any recipe takes, with others beside it."""
_CLEAN_UP_S = 60.0

_SECURITY = ("TLS-*", "CRT-*", "ASC-9*", "STO-9*")
_TWINS = ("ASC-90*", "STO-900", "STO-902", "DIM-900", "PAR-900")
_TYPICAL = (*_TWINS, "ASC-007", "ASC-010", "ASC-014", "PAR-001", "PAR-002", "STO-001", "RES-001")

SELECTED: Mapping[str, tuple[str, ...]] = {
    # What is special about these is their TLS; other recipes play the same stacks in clear.
    "dcmjs-scu-tls": _SECURITY,
    "orthanc-scu-tls": _SECURITY,
    "pynetdicom-scu-tls": _SECURITY,
    "stunnel-storescp": _SECURITY,
    "weak-tls": _SECURITY,
    # Its plain twin plays the rest; behind TLS each starved play costs a handshake's patience.
    "orthanc-tls": (
        "TLS-*",
        "CRT-*",
        "ASC-9*",
        "STO-90*",
        "DIM-9*",
        "PAR-9*",
        "PAR-002",
        "DIM-00[1-7]*",
    ),
    # What is special about these are their web services and HL7 listeners: see test_loads.py too.
    "node-hl7-server": ("ASC-9*", "STO-9*"),
    "orthanc-explorer": ("WEB-905*", "WEB-013F", "WEB-018B", "TXT-003"),
    "orthanc-web": ("ASC-9*", "STO-9*", "DIM-9*", "WEB-*"),
    # What it plays without users needs no repetition.
    "orthanc-web-users": ("ASC-9*", "WEB-9*", "WEB-001*", "WEB-012*", "WEB-018*", "WEB-022*"),
    "simple-hl7": ("ASC-9*", "STO-9*"),
    # The same archive behind HTTPS: what is special is the way to it.
    "stunnel-orthanc-web": ("WEB-9*", "WEB-02[345]*"),
    # Each of the two is played by its own recipe.
    "pair-storescu-orthanc": ("MIM-*",),
    # The same program without TLS, or with a process for each association, plays the rest.
    "dcmtk-storescp-single": (
        *_TYPICAL,
        "ASC-001",
        "ASC-003",
        "ASC-01[1-8]",
        "RES-005",
        "RES-012",
        "PAR-901",
        "PAR-009",
    ),
    "dcmtk-storescp-tls": (
        *_SECURITY,
        "PAR-9*",
        "PAR-002",
        "PAR-009",
        "ASC-002",
        "ASC-007",
        "RES-001",
        "RES-003",
    ),
    # It waits out a timer of 30 s in each of its refusals, one after the other.
    "dcmjs-dimse": (
        *_TYPICAL,
        "ASC-003",
        "PAR-00[3-5]*",
        "PAR-9*",
        "RES-012",
        "STO-*",
        "TXT-*",
    ),
    # The other archive is played in full; this one waits out a timer for each broken data set.
    "orthanc": (
        "ASC-*",
        "AUT-*",
        "DIM-*",
        "INT-*",
        "LOAD-*",
        "PAR-00[1-3]*",
        "PAR-9*",
        "PIX-9*",
        "RES-*",
        "STO-*",
        "TLS-*",
    ),
    # dcmqrscp plays all that an archive can be asked; this one is as slow as it is patient.
    "pynetdicom-qrscp": (
        *_TYPICAL,
        "ASC-008",
        "RES-00[1-4]",
        "DIM-*",
        "STO-*",
        "INT-*",
        "AUT-001",
        "TLS-900",
    ),
    # Their users and roles are what is special about these.
    "dcmtk-dcmqrscp-roles": (*_TWINS, "AUT-*"),
    "dcmtk-storescp-hook": (*_TWINS, "STO-*"),
    "orthanc-roles": (*_TWINS, "AUT-*"),
    # More makes and ages of what others play in full: that we still speak with them.
    "ctn-simple-storage": (*_TWINS, "ASC-001"),
    "dcmtk-dcmrecv": _TYPICAL,
    "dcmtk-wlmscpfs": _TYPICAL,
    "odil-scp": _TYPICAL,
    "pixelmed-storage": _TYPICAL,
    "pynetdicom-1.5-storescp": _TYPICAL,
    "pynetdicom-2.0-storescp": _TYPICAL,
    "tiny-pacs": _TYPICAL,
    # Programs that de-identify: that they are still driven, and what is well known of each.
    "deid-deid": ("DEI-900", "DEI-014"),
    "deid-dicognito": ("DEI-900", "DEI-014"),
    "deid-dicom-anonymizer": ("DEI-900", "DEI-002", "DEI-003", "DEI-009"),
    "deid-gdcmanon": ("DEI-900", "DEI-003", "DEI-014"),
    # Clients of DICOMweb: that they are still driven, and what they check of an answer.
    "dicomweb-client": ("WEB-95[0-2]", "WEB-109", "WEB-114", "WEB-120"),
    "orthanc-web-client": ("WEB-95[0-2]", "WEB-101", "WEB-106", "WEB-114", "WEB-116", "WEB-117"),
    # Programs that read files: that they are still driven, and what is well known of each.
    "reader-dciodvfy": ("PAR-920", "PAR-205"),
    "reader-dcmdjpeg": ("PAR-920", "PIX-921", "PIX-223B"),
    "reader-dcmdrle": ("PAR-920", "PIX-921", "PIX-223"),
    "reader-gdcmconv": ("PAR-920", "PIX-921", "PIX-223", "PIX-223B"),
    "reader-gdcmimg": ("PAR-920", "PIX-920", "PIX-221"),
    "reader-dcm2niix": ("PAR-920", "STO-201"),
    "reader-dcm2pnm": ("PAR-920", "PIX-209", "PIX-920", "PIX-221"),
    "reader-dcmdump": ("PAR-920", "MED-900", "PAR-202", "PAR-213"),
    "reader-dcmj2pnm": ("PAR-920", "PIX-207", "PIX-920", "PIX-221"),
    "reader-gdcmdump": ("PAR-920", "PAR-202", "PAR-213"),
    "reader-pydicom": ("PAR-920", "MED-900", "MED-001", "PAR-202"),
    "reader-pydicom-2.4": ("PAR-920", "MED-900", "MED-001"),
}
"""Recipes of which only a part is played here."""


@dataclass(frozen=True, slots=True)
class Ended:
    """One run that has ended.

    Attributes:
        code: Exit code of the command.
        said: The end of its standard error.
        folder: The run folder.
        document: ``run.json``; empty if there is none.
        files_left: What remains in the folder for temporary files.
        processes_left: Command lines of processes that outlived the run.
        seconds: How long it took.
    """

    code: int
    said: str
    folder: Path
    document: Mapping[str, JSON]
    files_left: tuple[str, ...]
    processes_left: tuple[str, ...]
    seconds: float

    @property
    def rows(self) -> dict[str, Mapping[str, JSON]]:
        """The results by id."""
        found = self.document.get("results")
        rows = found if isinstance(found, list) else []
        return {str(row["id"]): row for row in rows if isinstance(row, Mapping)}

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdicts by id."""
        return {name: str(row["verdict"]) for name, row in self.rows.items()}


def run(recipe: Path, folder: Path) -> Ended:
    """Runs ``assay run RECIPE``; temporary files and processes are known by a folder of its own."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    log = folder / "stderr.txt"
    assay = str(Path(sys.executable).with_name("assay"))
    began = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [assay, "run", str(recipe), "--out", str(folder / "run"), *_selection(recipe)],
            env={**clean, "TMPDIR": str(temporary), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
        code = _wait(process)
    seconds = time.monotonic() - began
    result = folder / "run" / "run.json"
    return Ended(
        code=code,
        said=log.read_text("utf-8", "replace")[-4000:],
        folder=folder / "run",
        document=json.loads(result.read_text("utf-8")) if result.exists() else {},
        files_left=tuple(sorted(path.name for path in temporary.iterdir())),
        processes_left=_processes_of(temporary),
        seconds=seconds,
    )


def _selection(recipe: Path) -> list[str]:
    return [part for glob in SELECTED.get(recipe.stem, ()) for part in ("--select", glob)]


def _wait(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # the way out that cleans up
    try:
        process.wait(_CLEAN_UP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    raise TimeoutError(f"the run did not end within {PATIENCE_S:g} s")


def _processes_of(temporary: Path) -> tuple[str, ...]:
    """Every living process whose environment names the folder, as all of the run's do."""
    mark = f"TMPDIR={temporary}\0".encode()
    found: list[str] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if mark in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text("utf-8", "replace").replace("\0", " "))
        except OSError:
            continue  # it has ended, or it belongs to somebody else
    return tuple(found)
