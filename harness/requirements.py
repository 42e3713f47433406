"""Requirements and threats as data: what a scenario verifies, and against what.

One TOML file per standard in ``harness/catalogue/requirements``; each requirement has an id, our
paraphrase, a level, a source and a confidence. Facts that were not read in the standard's own text
never decide a FAIL alone (see :func:`harness.judge.judge_case`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from harness.errors import CatalogueError


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A clause of a standard, by id and paraphrase."""

    id: str
    text: str
    level: Level
    source: str
    confidence: Confidence
    standard: str

    @property
    def decides(self) -> bool:
        """True when it may decide a FAIL on its own."""
        return self.confidence in (Confidence.READ, Confidence.OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """What an attacker wants, in which direction."""

    id: str
    title: str
    direction: str
    asset: str


@cache
def load() -> Mapping[str, Requirement]:
    """All requirements by id.

    Raises:
        CatalogueError: A file is malformed or an id is used twice.
    """
    found: dict[str, Requirement] = {}
    folder = files("harness") / "catalogue" / "requirements"
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".toml"):
            continue
        data = tomllib.loads(path.read_text("utf-8"))
        for row in data["requirement"]:
            requirement = _requirement(path.name, str(data["standard"]), row)
            if requirement.id in found:
                raise CatalogueError(f"{path.name}: requirement {requirement.id} is declared twice")
            found[requirement.id] = requirement
    return found


@cache
def threats() -> Mapping[str, Threat]:
    """All threats by id."""
    path = files("harness") / "catalogue" / "threats.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["threat"]
    return {row["id"]: Threat(**row) for row in rows}


def _requirement(file: str, standard: str, row: Mapping[str, str]) -> Requirement:
    try:
        return Requirement(
            id=row["id"],
            text=row["text"],
            level=Level(row["level"]),
            source=row["source"],
            confidence=Confidence(row["confidence"]),
            standard=standard,
        )
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{file}: {row.get('id', '(no id)')}: {error}") from error
