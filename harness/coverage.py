"""What is tested, what is not, and why: families and requirements against the scenarios.

The reasons are data (``harness/catalogue/families.toml``, ``untested.toml`` and the rows of the
requirements themselves); a requirement that no scenario verifies, that no crosswalk reaches and
that no reason explains is a gap that our own tests refuse.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from harness import requirements
from harness.errors import CatalogueError
from harness.model import Scenario


class Status(StrEnum):
    """How far a requirement is tested; all but the first need a stated reason."""

    AUTOMATED = "automated"
    """Scenarios verify it, or verify what answers it wholly."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far one requirement is tested.

    Attributes:
        requirement: Its id.
        status: Derived from what follows.
        direct: Ids of the scenarios that verify it.
        through: Requirements whose evidence counts for it and that scenarios verify.
        reason: What is not tested, and why; empty when it is automated.
    """

    requirement: str
    status: Status
    direct: tuple[str, ...]
    through: tuple[str, ...]
    reason: str


REVIEWS = "REV"
"""The family of scenarios that ask a person: what only they verify stays manual."""


@cache
def families() -> Mapping[str, Family]:
    """All known families by id, in the order of the catalogue."""
    return {row["id"]: Family(**row) for row in _rows("families.toml", "family")}


@cache
def gaps() -> Mapping[str, Gap]:
    """The stated reasons by requirement id, from ``untested.toml`` and from the rows themselves.

    Raises:
        CatalogueError: An entry is malformed, or names a requirement twice.
    """
    stated = [("untested.toml", row) for row in _rows("untested.toml", "untested")]
    stated += [
        (one.file, {"requirement": one.requirement, "status": one.status, "reason": one.reason})
        for one in requirements.excuses()
    ]
    found: dict[str, Gap] = {}
    for file, row in stated:
        name = row.get("requirement", "(no requirement)")
        gap = _gap(file, name, row)
        if name in found:
            raise CatalogueError(f"{file}: {name} has a second reason; one place is enough")
        found[name] = gap
    return found


def _gap(file: str, name: str, row: Mapping[str, str]) -> Gap:
    try:
        gap = Gap(requirement=name, status=Status(row["status"]), reason=row["reason"].strip())
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{file}: {name}: {error}") from error
    if gap.status is Status.AUTOMATED or not gap.reason:
        raise CatalogueError(f"{file}: {name}: say partial, manual or not-tested, and why")
    return gap


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


def covered(catalogue: Mapping[str, Scenario]) -> dict[str, Coverage]:
    """How far each requirement is tested by these scenarios, in the order of the catalogue."""
    known, verified, stated = requirements.load(), verified_by(catalogue), gaps()
    through: dict[str, list[str]] = {name: [] for name in known}
    wholly: set[str] = set()
    for one in known.values():
        if _measured(verified[one.id]):
            for target in one.counts_as:
                through[target].append(one.id)
            wholly.update(one.counts_wholly_as)
    found: dict[str, Coverage] = {}
    for name in known:
        gap = stated.get(name)
        found[name] = Coverage(
            requirement=name,
            status=_status(verified[name], bool(through[name]), name in wholly, gap),
            direct=tuple(verified[name]),
            through=tuple(through[name]),
            reason=gap.reason if gap else "",
        )
    return found


def _measured(scenarios: Iterable[str]) -> bool:
    """True when some scenario measures instead of asking a person."""
    return any(not name.startswith(f"{REVIEWS}-") for name in scenarios)


def _status(direct: Sequence[str], through: bool, wholly: bool, gap: Gap | None) -> Status:
    if gap is not None:
        return gap.status
    if _measured(direct) or wholly:
        return Status.AUTOMATED
    if through:
        return Status.PARTIAL
    return Status.MANUAL if direct else Status.NOT_TESTED


def problems(catalogue: Mapping[str, Scenario]) -> list[str]:
    """What is wrong with the stated reasons, one sentence each; empty when nothing is."""
    found, stated = covered(catalogue), gaps()
    wrong = [
        f"{name}: no scenario verifies it, nothing counts for it, and no reason is stated"
        for name, one in found.items()
        if not one.direct and not one.through and not one.reason
    ]
    for name, gap in stated.items():
        if name not in found:
            wrong.append(f"untested.toml: {name} is no requirement")
            continue
        one = found[name]
        reached = [*(n for n in one.direct if _measured([n])), *one.through]
        if reached and gap.status is not Status.PARTIAL:
            wrong.append(f"{name} is {gap.status}, but {', '.join(reached)} verifies it")
        if not reached and gap.status is Status.PARTIAL:
            wrong.append(f"{name} is partial, but nothing verifies it or counts for it")
    return wrong + _problems_of_families(catalogue)


def _problems_of_families(catalogue: Mapping[str, Scenario]) -> list[str]:
    wrong: list[str] = []
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
