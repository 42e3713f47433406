"""Where a device is used, and what weighs more there (``harness/catalogue/deployments.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, get_args

from pydantic import Field

from harness import topics
from harness.errors import CatalogueError
from harness.topics import Entry

Responsible = Literal["IT", "OT", "shared", "contracted"]
"""Which organisation answers for the device: IT, clinical engineering, both, or by contract."""

RESPONSIBLE: Final[tuple[str, ...]] = get_args(Responsible)

ESSENTIAL: Final = 3
"""The highest weight."""

WEIGHT_WORDS: Final = ("left out", "useful", "important", "essential")
"""The words of a weight, by its number."""


class Rule(Entry):
    """What some requirements weigh in a deployment.

    Attributes:
        topics: Ids of topics.
        requirements: Patterns of requirement ids; they go before topics.
        weight: Index into :data:`WEIGHT_WORDS`.
    """

    topics: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    weight: int = Field(ge=0, le=3)
    reason: str = Field(min_length=1)


class Deployment(Entry):
    """A kind of place in which devices are used.

    Attributes:
        responsible: Who usually answers for the device there.
        weights: What weighs more or less than "useful".
    """

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)
    responsible: Responsible
    weights: tuple[Rule, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Weight:
    """What one requirement weighs: 0 to 3, in words, and why."""

    weight: int
    words: str
    reason: str


@cache
def load() -> Mapping[str, Deployment]:
    """All deployments by id, in the order of the file.

    Raises:
        CatalogueError: An entry is malformed, or names a topic that does not exist.
    """
    found = {one.id: one for one in topics.rows("deployments.toml", "deployment", Deployment)}
    for deployment in found.values():
        for rule in deployment.weights:
            if unknown := set(rule.topics) - topics.load().keys():
                names = ", ".join(sorted(unknown))
                raise CatalogueError(f"deployments.toml: {deployment.id}: no topic {names}")
            if not rule.topics and not rule.requirements:
                raise CatalogueError(f"deployments.toml: {deployment.id}: a weight of nothing")
    return MappingProxyType(found)


@cache
def weight(deployment: str, requirement: str) -> Weight:
    """What a requirement weighs in a deployment.

    A rule that names the requirement goes before one that names its topic; of several topics the
    weightiest counts.
    """
    rules = load()[deployment].weights
    about = set(topics.topics_of(requirement))
    named = [one for one in rules if topics.fits(requirement, one.requirements)]
    mine = named or [one for one in rules if about & set(one.topics)]
    best = max(mine, key=lambda one: one.weight, default=None)
    if best is None:
        return Weight(1, WEIGHT_WORDS[1], "")
    return Weight(best.weight, WEIGHT_WORDS[best.weight], best.reason)


def selected(deployment: str, requirements: Mapping[str, object]) -> list[str]:
    """The requirements that arise in a deployment: all but those of weight 0, in their order."""
    return [name for name in requirements if weight(deployment, name).weight]
