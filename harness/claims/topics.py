"""Topics: what may be claimed of a device, where it may stand, and what shows that it is so.

The data are ``harness/catalogue/claims.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from harness.errors import CatalogueError
from harness.requirements import Confidence


class Kind(StrEnum):
    """What an answer on a topic looks like."""

    FLAG = "flag"
    """Yes or no."""
    SET = "set"
    """A whole list: what is not in it is denied."""
    NUMBER = "number"
    SECONDS = "seconds"
    """A time, which is never met to the millisecond."""
    TEXT = "text"
    """One word out of several, or a name."""


class Source(StrEnum):
    """Where a claim stands."""

    STATEMENT = "statement"
    MDS2 = "mds2"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One thing that can be true or untrue of a device; see the head of ``claims.toml``.

    Attributes:
        id: Its name in the catalogue.
        text: What is claimed, as a sentence on the device.
        kind: What an answer looks like.
        statement: Key of the conformance statement; empty when it has none.
        profile: Key of device.toml, or the name of a claim; empty when it has none.
        mds2: Ids of MDS2 questions.
        every: Scenarios all of which have to pass (``all`` in the file).
        any: Scenarios of which one has to pass.
        asks: Scenarios in whose plays ``fact`` is looked for.
        fact: Which reading of observations; with a parameter behind a colon.
        judged_by: The scenarios keep to this fact of the profile, so that a PASS shows its value.
        existence: Whoever denies what was seen is contradicted.
        silent: Never reported as observed but not claimed.
        risk: A "yes" states a risk.
        unobservable: Why no network test can tell; empty when one can.
        wording: How well the words of its MDS2 questions are known.
    """

    id: str
    text: str
    kind: Kind
    statement: str = ""
    profile: str = ""
    mds2: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    fact: str = ""
    judged_by: str = ""
    existence: bool = False
    silent: bool = False
    risk: bool = False
    unobservable: str = ""
    wording: Confidence = Confidence.SECONDARY

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Every scenario that says something about it."""
        return tuple(dict.fromkeys((*self.every, *self.any, *self.asks)))

    def keys(self, source: Source) -> tuple[str, ...]:
        """Under which keys it may be claimed in that source."""
        if source is Source.MDS2:
            return self.mds2
        key = self.statement if source is Source.STATEMENT else self.profile
        return (key,) if key else ()


@cache
def load() -> Mapping[str, Topic]:
    """All topics by id, in the order of the file.

    Raises:
        CatalogueError: A topic is malformed, or two are claimed under the same key.
    """
    data = tomllib.loads((files("harness") / "catalogue" / "claims.toml").read_text("utf-8"))
    wording = Confidence(data["mds2_confidence"])
    found: dict[str, Topic] = {}
    for row in data["topic"]:
        topic = _topic(row, wording)
        if topic.id in found:
            raise CatalogueError(f"claims.toml: topic {topic.id} is declared twice")
        found[topic.id] = topic
    for source in Source:
        keys = [key for topic in found.values() for key in topic.keys(source)]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise CatalogueError(f"claims.toml: two topics are claimed by {source} {twice[0]}")
    return found


@cache
def by_key(source: Source) -> Mapping[str, Topic]:
    """Topics by the keys of one source."""
    return {key: topic for topic in load().values() for key in topic.keys(source)}


def _topic(row: Mapping[str, Any], wording: Confidence) -> Topic:
    values: dict[str, Any] = {
        {"all": "every"}.get(key, key): tuple(value) if isinstance(value, list) else value
        for key, value in row.items()
    }
    try:
        values["kind"] = Kind(row["kind"])
        topic = Topic(**values, wording=wording)
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"claims.toml: {row.get('id', '(no id)')}: {error}") from error
    ways = [bool(topic.every or topic.any), bool(topic.fact), bool(topic.unobservable)]
    if sum(ways) != 1 or bool(topic.fact) != bool(topic.asks):
        raise CatalogueError(
            f"claims.toml: {topic.id}: needs all or any, or fact and asks, or unobservable"
        )
    return topic
