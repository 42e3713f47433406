"""Requirements and threats as data: what a scenario verifies, and against what.

One TOML file per set in ``harness/catalogue/requirements``; each requirement has an id, our
paraphrase, an actor, a condition, a level, a source and a confidence. Facts that were not read in
the standard's own text never decide a FAIL alone (see :func:`harness.judge.judge_case`).

A set may say in ``[counts_as]`` which requirements that scenarios verify count as evidence for its
own, in part; ``[counts_as_wholly]`` names the few that answer one of its own completely.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from harness.errors import CatalogueError
from harness.threats import model as threat_model
from harness.threats.model import Threat


class Level(StrEnum):
    """How binding a requirement is."""

    SHALL = "SHALL"
    SHOULD = "SHOULD"
    MAY = "MAY"
    POLICY = "POLICY"
    """Not laid down by the standard; the project's own, stated policy."""


class Confidence(StrEnum):
    """How we know it."""

    READ = "read"
    SECONDARY = "secondary"
    MEMORY = "memory"
    OWN = "own"
    """Our own policy: nobody else's word."""


class Actor(StrEnum):
    """Who has to see to it."""

    ACCEPTOR = "acceptor"
    REQUESTOR = "requestor"
    BOTH = "both"
    """Whichever side of the association the device plays."""
    DEVICE = "device"
    """The device as a whole, apart from any association."""
    ORGANISATION = "organisation"
    """The manufacturer or the operator, by documents and processes."""


_KEYS = frozenset(
    {
        "id", "text", "level", "source", "confidence", "actor", "conditionality",
        "status", "reason",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A clause of a standard, by id and paraphrase.

    Attributes:
        id: Set and clause, as in "PS3.8/9.3.2"; never reused.
        text: Our paraphrase, one sentence.
        level: How binding it is.
        source: Where it stands.
        confidence: How we know it.
        standard: The document it belongs to; requirements are grouped by it.
        actor: Who has to see to it.
        conditionality: When it applies, in words; empty for always.
        counts_as: Requirements of other sets for which evidence for this one counts.
        counts_wholly_as: Those of them that it answers completely.
    """

    id: str
    text: str
    level: Level
    source: str
    confidence: Confidence
    standard: str
    actor: Actor = Actor.BOTH
    conditionality: str = ""
    counts_as: tuple[str, ...] = ()
    counts_wholly_as: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """True when it may decide a FAIL on its own."""
        return self.confidence in (Confidence.READ, Confidence.OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """What a requirement's own row says of how far it is tested; see :mod:`harness.coverage`."""

    requirement: str
    status: str
    reason: str
    file: str


@cache
def load() -> Mapping[str, Requirement]:
    """All requirements by id, in the order of the files and of their rows.

    Raises:
        CatalogueError: A file is malformed, an id is used twice, or a crosswalk names an id that
            does not exist.
    """
    found: dict[str, Requirement] = {}
    sets = _sets()
    for file, data in sets:
        for row in data["requirement"]:
            requirement = _requirement(file, data, row)
            if requirement.id in found:
                raise CatalogueError(f"{file}: requirement {requirement.id} is declared twice")
            found[requirement.id] = requirement
    return _crosswalked(found, sets)


def excuses() -> list[Excuse]:
    """The status and reason that rows give of themselves, where nothing verifies them wholly."""
    return [
        Excuse(
            requirement=str(row["id"]),
            status=str(row["status"]),
            reason=str(row.get("reason", "")),
            file=file,
        )
        for file, data in _sets()
        for row in data["requirement"]
        if "status" in row
    ]


def by_standard() -> dict[str, list[Requirement]]:
    """All requirements by the document that they belong to: the sets that reports show."""
    found: dict[str, list[Requirement]] = {}
    for one in load().values():
        found.setdefault(one.standard, []).append(one)
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def _natural(name: str) -> list[tuple[str, int]]:
    """Sorts PS3.5 before PS3.15."""
    return [(text, int(part or 0)) for text, part in re.findall(r"(\D+)(\d*)", name)]


def unknown(ids: Iterable[str]) -> list[str]:
    """Those of the ids that no requirement has, sorted: what other data may not refer to."""
    return sorted(set(ids) - load().keys())


def threats() -> Mapping[str, Threat]:
    """All threats by id; see :mod:`harness.threats.model`."""
    return threat_model.load()


def _sets() -> list[tuple[str, Mapping[str, Any]]]:
    """Every file of requirements, by name; the values are checked where they are used."""
    folder = files("harness") / "catalogue" / "requirements"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return [(name, tomllib.loads((folder / name).read_text("utf-8"))) for name in names]


def _requirement(file: str, data: Mapping[str, Any], row: Mapping[str, Any]) -> Requirement:
    """One row, with what its file says for all of its rows."""
    whole = {**data.get("defaults", {}), **row}
    try:
        if extra := whole.keys() - _KEYS:
            raise ValueError(f"unknown key {min(extra)!r}")
        return Requirement(
            id=whole["id"],
            text=whole["text"],
            level=Level(whole["level"]),
            source=whole["source"],
            confidence=Confidence(whole["confidence"]),
            standard=str(data["standard"]),
            actor=Actor(whole.get("actor", Actor.BOTH)),
            conditionality=whole.get("conditionality", ""),
        )
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{file}: {row.get('id', '(no id)')}: {error}") from error


def _crosswalked(
    found: dict[str, Requirement], sets: Sequence[tuple[str, Mapping[str, Any]]]
) -> dict[str, Requirement]:
    """The same requirements, each with what evidence for it counts as."""
    for file, data in sets:
        for table in ("counts_as", "counts_as_wholly"):
            for name, targets in data.get(table, {}).items():
                for missing in (one for one in (name, *targets) if one not in found):
                    raise CatalogueError(f"{file}: [{table}] {name}: {missing} is no requirement")
                if name in targets or set(targets) & set(found[name].counts_as):
                    raise CatalogueError(f"{file}: [{table}] {name} counts twice, or as itself")
                one = found[name]
                wholly = (*one.counts_wholly_as, *targets) if "wholly" in table else None
                found[name] = replace(
                    one,
                    counts_as=(*one.counts_as, *targets),
                    counts_wholly_as=one.counts_wholly_as if wholly is None else wholly,
                )
    return found
