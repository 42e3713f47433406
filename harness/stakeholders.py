"""Whom the security of a device concerns, and what each requirement is worth to them.

``harness/catalogue/stakeholders.toml``: a *benefit* is what somebody has from a topic that is
kept, with what it means in practice when it is broken; a *burden* is what keeping it asks of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from harness import topics
from harness.errors import CatalogueError, RequestError
from harness.topics import Entry


class Stake(Entry):
    """What a topic is to one stakeholder.

    Attributes:
        chair: Id of the stakeholder.
        topic: Id of the topic.
        weight: 3 decides this chair's day, 2 matters, 1 is good to know.
        text: The benefit or the burden, in the words of the chair.
        broken: What it means in practice when a requirement of the topic is broken.
        next: What this chair does then.
    """

    chair: str
    topic: str
    effect: Literal["benefit", "burden"]
    weight: int = Field(ge=1, le=3)
    text: str = Field(min_length=1)
    broken: str = ""
    next: str = ""

    @model_validator(mode="after")
    def _a_benefit_says_what_its_loss_means(self) -> Self:
        if (self.effect == "benefit") != bool(self.broken and self.next):
            raise ValueError("'broken' and 'next' belong to every benefit and to no burden")
        return self


class _Chair(Entry):
    """A stakeholder as the file has it."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    asks: str = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakeholder:
    """Somebody whom the security of a device concerns.

    Attributes:
        id: As ``assay report --for`` takes it.
        title: For headings.
        asks: The question that this chair has.
        stakes: Benefits and burdens, weightiest first.
    """

    id: str
    title: str
    asks: str
    stakes: tuple[Stake, ...]

    @property
    def benefits(self) -> tuple[Stake, ...]:
        """What this chair has from topics that are kept."""
        return tuple(one for one in self.stakes if one.effect == "benefit")

    @property
    def burdens(self) -> tuple[Stake, ...]:
        """What keeping topics asks of this chair."""
        return tuple(one for one in self.stakes if one.effect == "burden")


@dataclass(frozen=True, slots=True)
class Relevance:
    """What one requirement is to one chair.

    Attributes:
        weight: 0 for nothing in particular, up to 3.
        benefit: The weightiest benefit, if there is one.
    """

    weight: int
    benefit: Stake | None


@cache
def load() -> Mapping[str, Stakeholder]:
    """All stakeholders by id, in the order of the file.

    Raises:
        CatalogueError: An entry is malformed, or names a chair or topic that does not exist.
    """
    stakes = topics.rows("stakeholders.toml", "stake", Stake)
    chairs = topics.rows("stakeholders.toml", "stakeholder", _Chair)
    known = {one.id for one in chairs}
    for stake in stakes:
        if stake.chair not in known or stake.topic not in topics.load():
            raise CatalogueError(
                f"stakeholders.toml: stake of {stake.chair!r} in {stake.topic!r}: "
                "no such stakeholder or topic"
            )
    return MappingProxyType({one.id: _stakeholder(one, stakes) for one in chairs})


def named(chair: str) -> Stakeholder:
    """The stakeholder of an id, as a user gave it.

    Raises:
        RequestError: There is none; the message lists them.
    """
    found = load().get(chair)
    if found is None:
        raise RequestError(f"--for {chair[:60]!r}: there are {', '.join(load())}")
    return found


@cache
def relevance(chair: str, requirement: str) -> Relevance:
    """What a requirement is to a chair: its weightiest benefit."""
    about = topics.topics_of(requirement)
    mine = [one for one in load()[chair].benefits if one.topic in about]
    best = max(mine, key=lambda one: (one.weight, -about.index(one.topic)), default=None)
    return Relevance(best.weight if best else 0, best)


def _stakeholder(chair: _Chair, stakes: list[Stake]) -> Stakeholder:
    mine = sorted((one for one in stakes if one.chair == chair.id), key=lambda one: -one.weight)
    return Stakeholder(id=chair.id, title=chair.title, asks=chair.asks, stakes=tuple(mine))
