"""What is tested, what is not, and why: families and requirements against the scenarios.

The reasons are data (``harness/catalogue/families.toml`` and ``untested.toml``); a requirement that
neither a scenario verifies nor a reason explains is a gap that our own tests refuse.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from harness import requirements
from harness.errors import CatalogueError
from harness.model import Scenario


class Status(StrEnum):
    """How far a requirement is tested, where scenarios do not test all of it."""

    PARTIAL = "partial"
    """Scenarios reach a part of it, or reach it through another requirement."""
    MANUAL = "manual"
    """A person has to look: documents, configuration, or an effect that no peer can see."""
    NOT_TESTED = "not-tested"
    """Nothing tests it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """An attack surface.

    Attributes:
        id: The letters before the hyphen of its scenarios' ids.
        name: For headings.
        scope: One sentence.
        untested: Why it has no scenario; empty when it has some.
    """

    id: str
    name: str
    scope: str
    untested: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Why a requirement is not, or not wholly, tested."""

    requirement: str
    status: Status
    reason: str


@cache
def families() -> Mapping[str, Family]:
    """All known families by id, in the order of the catalogue."""
    return {row["id"]: Family(**row) for row in _rows("families.toml", "family")}


@cache
def gaps() -> Mapping[str, Gap]:
    """The stated reasons by requirement id.

    Raises:
        CatalogueError: An entry is malformed, or names a requirement twice.
    """
    found: dict[str, Gap] = {}
    for row in _rows("untested.toml", "untested"):
        name = row.get("requirement", "(no requirement)")
        try:
            gap = Gap(requirement=name, status=Status(row["status"]), reason=row["reason"])
        except (KeyError, ValueError) as error:
            raise CatalogueError(f"untested.toml: {name}: {error}") from error
        if name in found:
            raise CatalogueError(f"untested.toml: {name} is listed twice")
        found[name] = gap
    return found


def family_of(scenario_id: str) -> Family:
    """The family of a scenario; a pack's own family is known by its letters alone."""
    letters = scenario_id.split("-", 1)[0]
    return families().get(letters) or Family(id=letters, name=letters, scope="")


def by_family(catalogue: Mapping[str, Scenario]) -> dict[Family, list[Scenario]]:
    """Scenarios by family: the known families in their order, then those of packs."""
    found: dict[Family, list[Scenario]] = {family: [] for family in families().values()}
    for scenario in catalogue.values():
        found.setdefault(family_of(scenario.id), []).append(scenario)
    return found


def verified_by(catalogue: Mapping[str, Scenario]) -> dict[str, list[str]]:
    """Scenario ids by requirement id; every requirement is a key."""
    found: dict[str, list[str]] = {name: [] for name in requirements.load()}
    for scenario in catalogue.values():
        for name in scenario.verifies:
            found[name].append(scenario.id)
    return found


def problems(catalogue: Mapping[str, Scenario]) -> list[str]:
    """What is wrong with the stated reasons, one sentence each; empty when nothing is."""
    verified, stated = verified_by(catalogue), gaps()
    wrong = [
        f"{name}: no scenario verifies it and untested.toml gives no reason"
        for name, scenarios in verified.items()
        if not scenarios and name not in stated
    ]
    for name, gap in stated.items():
        if name not in verified:
            wrong.append(f"untested.toml: {name} is no requirement")
        elif verified[name] and gap.status is not Status.PARTIAL:
            ids = ", ".join(verified[name])
            wrong.append(f"untested.toml: {name} is {gap.status}, but {ids} verifies it")
    for family, scenarios in by_family(catalogue).items():
        if not scenarios and not family.untested:
            wrong.append(f"families.toml: {family.id} has no scenario and no reason")
        if scenarios and family.untested:
            wrong.append(f"families.toml: {family.id} has scenarios, so 'untested' is stale")
    return wrong


def _rows(file: str, table: str) -> list[dict[str, str]]:
    text = (files("harness") / "catalogue" / file).read_text("utf-8")
    rows = tomllib.loads(text)[table]
    return [{key: str(value) for key, value in row.items()} for row in rows]
