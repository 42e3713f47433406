"""The threat model as data: assumptions, actors, assets, zones, conduits and threats.

``harness/catalogue/threat_model.toml`` holds the frame and ``threats.toml`` the threats. Which
scenarios exercise a threat is not written down: it follows from the registry
(:mod:`harness.threats.standing`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.errors import CatalogueError

Direction = Literal[
    "client to server", "server to client", "either", "on path", "at the device", "before delivery"
]

STRIDE: Mapping[str, str] = MappingProxyType(
    {
        "S": "spoofing",
        "T": "tampering",
        "R": "repudiation",
        "I": "information disclosure",
        "D": "denial of service",
        "E": "elevation of privilege",
    }
)
"""The six kinds of threat by letter."""


class Horizon(StrEnum):
    """In how many years a threat has to be answered."""

    NOW = "now"
    FIVE = "5"
    TEN = "10"
    TWENTY = "20"

    @property
    def words(self) -> str:
        """For people: "now", "within 5 years"."""
        return "now" if self is Horizon.NOW else f"within {self.value} years"


class _Entry(BaseModel):
    """Any entry of the two files: closed, so that a mistyped key is no silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)


_Kind = TypeVar("_Kind", bound=_Entry)


class Assumption(_Entry):
    """What an attacker is assumed to be able to do."""

    direction: Direction
    text: str
    confidence: Literal["own", "memory", "secondary", "read"]


class Actor(_Entry):
    """Who attacks, and with what."""

    means: str


class Asset(_Entry):
    """What is worth protecting, and who answers for it."""

    owner: str


class Zone(_Entry):
    """Parts that share one level of trust (IEC 62443-3-2)."""

    scope: str


class Boundary(_Entry):
    """Where trust ends: between two zones."""

    between: tuple[str, str]


class Element(_Entry):
    """A box of the data-flow diagram."""

    kind: Literal["process", "store", "external"]
    zone: str


class Conduit(_Entry):
    """A flow of the data-flow diagram; it crosses one boundary (IEC 62443-3-2)."""

    source: str
    target: str
    boundary: str
    carries: str


class Threat(_Entry):
    """What an attacker wants, in which direction, and what answers it.

    Attributes:
        id: Stable: scenarios name it.
        asset: Id of the asset.
        actor: Id of the actor.
        boundary: Id of the boundary that is crossed.
        conduits: Ids of the flows that it comes along.
        zone: Id of the zone in which the harm is done.
        stride: Letters of :data:`STRIDE`.
        it_view: What it means for the confidentiality and integrity of data.
        ot_view: What it means for availability and the safety of patients.
        answered_by: Ids of the requirements that answer it.
        through: Ids of threats whose scenarios exercise a part of this one as well.
        residual: What is left when all of them hold.
        untested: Why no scenario exercises it; empty when some do.
        partly: Which part no scenario exercises; empty when nothing is left out.
    """

    direction: Direction
    asset: str
    actor: str
    boundary: str
    conduits: tuple[str, ...] = Field(min_length=1)
    zone: str
    stride: str = Field(pattern=r"^[STRIDE]{1,6}$")
    horizon: Horizon
    it_view: str
    ot_view: str
    answered_by: tuple[str, ...] = Field(min_length=1)
    through: tuple[str, ...] = ()
    residual: str
    untested: str = ""
    partly: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatModel:
    """The whole model, each kind by id and in the order of the files."""

    assumptions: Mapping[str, Assumption]
    actors: Mapping[str, Actor]
    assets: Mapping[str, Asset]
    zones: Mapping[str, Zone]
    boundaries: Mapping[str, Boundary]
    elements: Mapping[str, Element]
    conduits: Mapping[str, Conduit]
    threats: Mapping[str, Threat]


@cache
def model() -> ThreatModel:
    """The threat model.

    Raises:
        CatalogueError: An entry is malformed, declared twice, or names what does not exist.
    """
    frame, listed = _read("threat_model.toml"), _read("threats.toml")
    whole = ThreatModel(
        assumptions=_entries(Assumption, frame, "assumption"),
        actors=_entries(Actor, frame, "actor"),
        assets=_entries(Asset, frame, "asset"),
        zones=_entries(Zone, frame, "zone"),
        boundaries=_entries(Boundary, frame, "boundary"),
        elements=_entries(Element, frame, "element"),
        conduits=_entries(Conduit, frame, "conduit"),
        threats=_entries(Threat, listed, "threat"),
    )
    for problem in dangling(whole):
        raise CatalogueError(problem)
    return whole


def load() -> Mapping[str, Threat]:
    """All threats by id.

    Raises:
        CatalogueError: As :func:`model`.
    """
    return model().threats


def dangling(whole: ThreatModel) -> list[str]:
    """References inside the model that lead nowhere, one sentence each."""
    wrong = [
        *_missing("boundary", whole.boundaries, "between", whole.zones),
        *_missing("element", whole.elements, "zone", whole.zones),
        *_missing("conduit", whole.conduits, "source", whole.elements),
        *_missing("conduit", whole.conduits, "target", whole.elements),
        *_missing("conduit", whole.conduits, "boundary", whole.boundaries),
        *_missing("threat", whole.threats, "asset", whole.assets),
        *_missing("threat", whole.threats, "actor", whole.actors),
        *_missing("threat", whole.threats, "boundary", whole.boundaries),
        *_missing("threat", whole.threats, "conduits", whole.conduits),
        *_missing("threat", whole.threats, "zone", whole.zones),
        *_missing("threat", whole.threats, "through", whole.threats),
    ]
    for threat in whole.threats.values():
        crossed = {whole.conduits[one].boundary for one in threat.conduits if one in whole.conduits}
        if threat.boundary not in crossed:
            wrong.append(f"threat {threat.id}: no conduit of its crosses {threat.boundary!r}")
    return wrong


def _missing(
    kind: str, entries: Mapping[str, _Entry], key: str, known: Mapping[str, object]
) -> list[str]:
    wrong: list[str] = []
    for entry in entries.values():
        value = getattr(entry, key)
        for name in (value,) if isinstance(value, str) else value:
            if name not in known:
                wrong.append(f"{kind} {entry.id}: {key} names {name!r}, which is not declared")
    return wrong


def _entries(kind: type[_Kind], data: Mapping[str, object], table: str) -> Mapping[str, _Kind]:
    found: dict[str, _Kind] = {}
    rows = data.get(table)
    for row in rows if isinstance(rows, list) else []:
        try:
            entry = kind.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            name = row.get("id", "(no id)")
            raise CatalogueError(f"{table} {name}: {where}: {first['msg']}") from error
        if entry.id in found:
            raise CatalogueError(f"{table} {entry.id} is declared twice")
        found[entry.id] = entry
    return MappingProxyType(found)


def _read(file: str) -> Mapping[str, object]:
    text = (files("harness") / "catalogue" / file).read_text("utf-8")
    return tomllib.loads(text)
