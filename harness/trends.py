"""Several runs as one series: verdicts, level and flips over time, for ``assay trend``.

Read from run.json, so that a hundred runs are quick; a folder without one is read from its record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness import run as runs
from harness.comparison import Changes, compare_documents, flips
from harness.errors import RequestError
from harness.model import JSON
from harness.pictures import MOST_OCTETS
from harness.schemes import levels
from harness.schemes.model import Scheme
from harness.verdict import Verdict

MOST_RUNS: Final = 500
"""Most runs in one trend."""

_VERDICTS = [verdict.name for verdict in sorted(Verdict, reverse=True)]
_BRIEF = ("id", "title", "level", "reached", "target", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One run of a series.

    Attributes:
        name: Name of its folder.
        started: UTC, RFC 3339.
        device: Manufacturer, model and version.
        complete: False for a run that was cut short.
        verdicts: Count by verdict.
        families: Count by verdict, by family.
        scheme: Id, title, level, reached, target, note and ``height`` (levels reached) of the
            scheme; empty without one.
        changes: What changed since the run before; empty for the first.
        flipped: Id, verdict before, verdict now and kind of each change of a verdict.
    """

    name: str
    started: str
    device: str
    complete: bool
    verdicts: Mapping[str, int]
    families: Mapping[str, Mapping[str, int]]
    scheme: Mapping[str, JSON]
    changes: Changes
    flipped: Sequence[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Runs by date, oldest first.

    Attributes:
        points: One per run.
        levels: Titles of the levels of the scheme, lowest first; empty where runs differ in it.
        notes: What a reader has to know before believing the picture.
    """

    points: Sequence[Point]
    levels: Sequence[str]
    notes: Sequence[str]


def trend_of(folders: Iterable[Path], scheme: Scheme | None = None) -> Trend:
    """Reads the runs and puts them in the order of their beginnings.

    Args:
        folders: Run folders, or folders that hold some.
        scheme: Judges all of them; without one each has the level that it was made for.

    Raises:
        RequestError: There is no run, or too many.
        HarnessError: A run cannot be read; the message names it.
    """
    found = list(dict.fromkeys(one.resolve() for folder in folders for one in _runs_in(folder)))
    if not found:
        raise RequestError("no run here: name run folders, or a folder that holds some")
    if len(found) > MOST_RUNS:
        raise RequestError(f"{len(found)} runs are too many for one picture: at most {MOST_RUNS}")
    read = [(folder.name, _document(folder, scheme)) for folder in found]
    read.sort(key=lambda pair: (str(pair[1]["started"]), pair[0]))
    points: list[Point] = []
    before: Mapping[str, JSON] | None = None
    for name, document in read:
        points.append(_point(name, document, before))
        before = document
    documents = [document for _, document in read]
    return Trend(points=points, levels=_titles(documents), notes=_notes(documents))


def _runs_in(folder: Path) -> list[Path]:
    if _is_run(folder):
        return [folder]
    if not folder.is_dir():
        raise RequestError(f"{folder}: no such run folder")
    return [one for one in sorted(folder.iterdir()) if one.is_dir() and _is_run(one)]


def _is_run(folder: Path) -> bool:
    return (folder / "run.json").is_file() or (folder / "record.jsonl").is_file()


def _document(folder: Path, scheme: Scheme | None) -> Mapping[str, JSON]:
    document = _stored(folder / "run.json")
    if document is None:
        document = runs.load(folder).document
    if scheme is None:
        return document
    return {**document, "scheme": levels.evaluate(scheme, document)}


def _stored(path: Path) -> Mapping[str, JSON] | None:
    """The stored document; None where there is none.

    Raises:
        HarnessError: It is none of ours.
    """
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > MOST_OCTETS:
            raise RequestError(f"{path}: larger than {MOST_OCTETS // 2**20} MiB")
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RequestError(f"{path}: cannot be read as JSON: {error}") from error
    wrong = _wrong(document)
    if wrong:
        raise RequestError(f"{path}: {wrong}; 'assay rejudge {path.parent}' writes it anew")
    stored: Mapping[str, JSON] = document
    return stored


def _wrong(document: object) -> str:
    """Why a document is no result of a run; empty when it is one."""
    if not isinstance(document, dict) or document.get("schema") != runs.SCHEMA:
        return f"not a {runs.SCHEMA}"
    rows = document.get("results")
    keys = {"id", "verdict", "kind", "code", "family"}
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and keys <= row.keys() and str(row["verdict"]) in _VERDICTS
        for row in rows
    ):
        return "its results are not those of a run"
    return ""


def _point(name: str, document: Mapping[str, JSON], before: Mapping[str, JSON] | None) -> Point:
    rows = _rows(document)
    families = {str(row["family"]) for row in rows}
    scheme = document.get("scheme")
    return Point(
        name=name,
        started=str(document.get("started")),
        device=device_of(document),
        complete=bool(document.get("complete")),
        verdicts=_counted(rows),
        families={
            one: _counted([r for r in rows if r["family"] == one]) for one in sorted(families)
        },
        scheme=_brief(scheme) if isinstance(scheme, Mapping) else {},
        changes=compare_documents(before, document) if before is not None else {},
        flipped=[
            (name, was.name, now.name, kind)
            for name, was, now, kind in (flips(before, document) if before is not None else ())
        ],
    )


def device_of(document: Mapping[str, JSON]) -> str:
    """The device of a run, on one line."""
    device = document.get("device")
    told = device if isinstance(device, Mapping) else {}
    keys = ("manufacturer", "model", "version")
    return " ".join(str(told[key]) for key in keys if told.get(key))


def _brief(scheme: Mapping[str, JSON]) -> dict[str, JSON]:
    rows = scheme.get("levels")
    levels_ = rows if isinstance(rows, list) else []
    height = sum(1 for row in levels_ if isinstance(row, Mapping) and row.get("reached"))
    gaps = scheme.get("gaps")
    count = len(gaps) if isinstance(gaps, list) else 0
    return {**{key: scheme.get(key) for key in _BRIEF}, "height": height, "gaps": count}


def _counted(rows: Sequence[Mapping[str, JSON]]) -> dict[str, int]:
    seen = [str(row["verdict"]) for row in rows]
    return {name: seen.count(name) for name in _VERDICTS if name in seen}


def _titles(documents: Sequence[Mapping[str, JSON]]) -> Sequence[str]:
    """The levels that all runs share; none where they were made for different schemes."""
    found: list[list[str]] = []
    for document in documents:
        scheme = document.get("scheme")
        rows = scheme.get("levels") if isinstance(scheme, Mapping) else None
        levels_ = rows if isinstance(rows, list) else []
        found.append([str(row.get("title")) for row in levels_ if isinstance(row, Mapping)])
    return found[0] if found and all(one == found[0] for one in found) else []


def _notes(documents: Sequence[Mapping[str, JSON]]) -> list[str]:
    devices = {device_of(one) for one in documents}
    tools = (one.get("tool") for one in documents)
    catalogues = {str(one.get("catalogue")) for one in tools if isinstance(one, Mapping)}
    chosen = (one.get("scheme") for one in documents)
    schemes = {str(one.get("id")) for one in chosen if isinstance(one, Mapping)}
    cut = sum(1 for one in documents if not one.get("complete"))
    notes = [
        (len(devices) > 1, f"{len(devices)} devices, or versions of a device, are in this series."),
        (len(catalogues) > 1, "The catalogue changed: a change of verdicts may be a change of it."),
        (len(schemes) > 1, "The runs were made for several schemes; judge them by one: --scheme."),
        (cut > 0, f"{cut} of {len(documents)} runs are incomplete."),
    ]
    return [said for applies, said in notes if applies]


def _rows(document: Mapping[str, JSON]) -> list[Mapping[str, JSON]]:
    rows = document.get("results")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
