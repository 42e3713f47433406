"""What requirements are about: topics, by patterns of requirement ids."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.errors import CatalogueError


class Entry(BaseModel):
    """Any entry of a catalogue file of ours: closed, so that a mistyped key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(Entry):
    """One subject that a person would name.

    Attributes:
        requirements: Patterns of requirement ids, as of a shell.
    """

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    requirements: tuple[str, ...] = Field(min_length=1)


_Kind = TypeVar("_Kind", bound=Entry)


@cache
def load() -> Mapping[str, Topic]:
    """All topics by id, in the order of the file.

    Raises:
        CatalogueError: An entry is malformed.
    """
    found = rows("topics.toml", "topic", Topic)
    return MappingProxyType({one.id: one for one in found})


@cache
def topics_of(requirement: str) -> tuple[str, ...]:
    """Ids of the topics that a requirement belongs to; empty for one that we do not know."""
    return tuple(one.id for one in load().values() if fits(requirement, one.requirements))


def fits(requirement: str, patterns: Iterable[str]) -> bool:
    """True when a requirement id fits one of the patterns."""
    return any(fnmatch.fnmatchcase(requirement, pattern) for pattern in patterns)


def rows(file: str, table: str, kind: type[_Kind]) -> list[_Kind]:
    """The entries of one table of a catalogue file.

    Raises:
        CatalogueError: An entry is malformed; the message names file, entry and key.
    """
    text = (files("harness") / "catalogue" / file).read_text("utf-8")
    listed: list[dict[str, Any]] = tomllib.loads(text).get(table, [])
    found: list[_Kind] = []
    for number, row in enumerate(listed, 1):
        try:
            found.append(kind.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            name = row.get("id", number)
            raise CatalogueError(f"{file}: {table} {name}: {where}: {first['msg']}") from error
    return found
