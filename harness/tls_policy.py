"""TLS policies as data: the profiles of PS3.15, BCP 195, IHE's options, and those of a house.

One TOML file per policy, in ``harness/catalogue/tls_policies`` or named by a device profile
(``[tls] policies``). A policy is judged by itself and never merged with another: where two of them
contradict each other, as RFC 9325 and PS3.15 B.10 do about DHE, each has its own verdict.

``base`` takes over the rules of another policy, as PS3.15 B.12 takes over RFC 9325; a rule of the
same name, or one that ``drop`` names, replaces or removes one of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from harness.errors import CatalogueError, ProfileError
from harness.model import JSON, Role
from harness.requirements import Confidence, Level

About = Literal[
    "versions", "suites", "groups", "finite-field", "signatures", "certificate", "extensions",
    "preference", "client-certificate", "port",
]  # fmt: skip
Demand = Literal["must", "any", "never", "only", "prefer", "may"]
Status = Literal["live", "retired", "base", "house"]

_DEMANDS: dict[str, frozenset[str]] = {
    "versions": frozenset({"must", "any", "never", "only", "prefer", "may"}),
    "suites": frozenset({"must", "any", "never", "only", "prefer", "may"}),
    "groups": frozenset({"must", "any", "never", "only", "may"}),
    "signatures": frozenset({"must", "any", "never", "only", "may"}),
    "extensions": frozenset({"must", "never", "may"}),
    "finite-field": frozenset({"must"}),
    "certificate": frozenset({"must"}),
    "preference": frozenset({"must"}),
    "client-certificate": frozenset({"must", "may"}),
    "port": frozenset({"must"}),
}
_SIZED = frozenset({"finite-field", "certificate"})
_SELECTORS = ("class:", "kx:", "auth:", "cipher:", "mode:", "hash:")

Name = Annotated[str, Field(min_length=1, max_length=80)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Closed):
    """One rule of a policy."""

    rule: Name = Field(description="Its name within the policy.")
    about: About = Field(description="What it is about.")
    demand: Demand = Field(
        description="must: all of the values; any: at least one; never: none; only: nothing else; "
        "prefer: before everything else; may: permitted, for the record."
    )
    values: tuple[Name, ...] = Field(
        default=(),
        description="Names as in the IANA registries. For suites also class:, kx:, auth:, cipher:, "
        "mode: and hash: with a value; for signatures also hash:.",
    )
    versions: tuple[Name, ...] = Field(
        default=(), description="Only under these versions of TLS; empty: under any."
    )
    least_bits: int | None = Field(
        default=None, ge=1, description="Least size of a group, a prime or an RSA key, in bits."
    )
    least_ec_bits: int | None = Field(
        default=None, ge=1, description="Least size of the curve of a certificate's key, in bits."
    )
    unless_extension: str = Field(
        default="", description="The rule does not hold when this extension is negotiated."
    )
    role: Literal["acceptor", "requestor", "both"] = Field(
        default="both", description="Which side of the device it binds."
    )
    level: Level = Field(description="How binding it is: only SHALL can fail a device.")
    text: str = Field(min_length=1, description="Our paraphrase, one sentence.")
    source: str = Field(min_length=1, description="Where it stands.")
    confidence: Confidence = Field(
        description="How it is known: only what was read, or is one's own rule, can fail a device."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.demand not in _DEMANDS[self.about]:
            usable = ", ".join(sorted(_DEMANDS[self.about]))
            raise ValueError(f"rule '{self.rule}': '{self.about}' takes the demands {usable}")
        sized = self.least_bits is not None or self.least_ec_bits is not None
        needs_values = self.about not in _SIZED | {"preference", "client-certificate"}
        if self.about in _SIZED and not (sized or self.values):
            raise ValueError(f"rule '{self.rule}': give least_bits")
        if needs_values and not (self.values or (self.about == "groups" and sized)):
            raise ValueError(f"rule '{self.rule}': give values")
        for value in self.values:
            if ":" in value and not value.startswith(_SELECTORS):
                raise ValueError(f"rule '{self.rule}': '{value}' is no selector")
        return self

    def binds(self, role: Role) -> bool:
        """It binds this side of a device."""
        return self.role in ("both", role.value)

    @property
    def decides(self) -> bool:
        """It may fail a device on its own."""
        known = self.confidence in (Confidence.READ, Confidence.OWN)
        return known and self.level in (Level.SHALL, Level.POLICY)


class Policy(_Closed):
    """A whole policy."""

    schema_: Literal[1] = Field(alias="schema", description="Version of this format; always 1.")
    id: Name = Field(description="Short and unique; what a device profile claims.")
    title: str = Field(min_length=1, max_length=200, description="Its full name.")
    status: Status = Field(description="live, retired, base (of others) or house (one's own).")
    note: str = Field(default="", description="What a reader of a verdict should know.")
    base: str = Field(default="", description="Id of the policy whose rules are taken over.")
    drop: tuple[Name, ...] = Field(default=(), description="Rules of the base that do not hold.")
    rules: tuple[Rule, ...] = Field(alias="rule", min_length=1, description="Its own rules.")

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [rule.rule for rule in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rule '{twice[0]}' is given twice")
        return self


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    """The rules that hold: those of the base that are neither dropped nor replaced, then its own.

    Raises:
        CatalogueError: The base is not known.
    """
    if not policy.base:
        return policy.rules
    known = published()
    if policy.base not in known:
        raise CatalogueError(f"TLS policy {policy.id}: no policy '{policy.base}' to build on")
    gone = {*policy.drop, *(rule.rule for rule in policy.rules)}
    kept = tuple(rule for rule in rules_of(known[policy.base]) if rule.rule not in gone)
    return kept + policy.rules


@cache
def published() -> Mapping[str, Policy]:
    """The policies that come with the catalogue, by id, in the order of their files.

    Raises:
        CatalogueError: A file is malformed, or an id is used twice.
    """
    found: dict[str, Policy] = {}
    folder = files("harness") / "catalogue" / "tls_policies"
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml"):
            policy = _parsed(path.read_text("utf-8"), path.name)
            if policy.id in found:
                raise CatalogueError(f"{path.name}: TLS policy {policy.id} is declared twice")
            found[policy.id] = policy
    return found


@lru_cache(maxsize=64)
def house(path: Path) -> Policy:
    """A policy that a device profile names; read once.

    Raises:
        ProfileError: One line that names the file, and what is wrong with it.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise ProfileError(f"{path}: cannot read the TLS policy: {reason}") from error
    try:
        policy = _parsed(text, str(path))
        rules_of(policy)
    except CatalogueError as error:
        raise ProfileError(str(error)) from error
    if policy.id in published():
        raise ProfileError(f"{path}: the id '{policy.id}' belongs to a published policy")
    return policy


def stored(value: JSON) -> Policy | None:
    """A policy as it was put into a record; None when it no longer has our form."""
    try:
        return Policy.model_validate(value)
    except ValidationError:
        return None


def dumped(policy: Policy) -> dict[str, JSON]:
    """A policy as it is put into a record, so that a run can be judged again without the file."""
    data: dict[str, JSON] = policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return data


def _parsed(text: str, source: str) -> Policy:
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{source}: not valid TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "policy"
        message = problem["msg"].removeprefix("Value error, ")
        raise CatalogueError(f"{source}: '{where}': {message}") from error
