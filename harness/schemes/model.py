"""Schemes as data: named levels, each a set of requirements that must hold.

One TOML file per scheme in ``harness/catalogue/schemes``, or a file of a house (``--scheme FILE``).
Levels are ordered and cumulative; ``builds_on`` puts the levels of another scheme below one's own.
How a run stands against a scheme is arithmetic of :mod:`harness.schemes.levels`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from harness import requirements
from harness.errors import CatalogueError, RequestError
from harness.model import JSON
from harness.requirements import Confidence
from harness.schemes.evidence import Evidence

MOST_OCTETS: Final = 256 * 1024
"""Longest scheme file that is read: it is kept at the head of each record."""

LONGEST_LINE: Final = 4096
"""Characters of a line of a scheme file."""

Weight = Literal["required", "recommended", "if-claimed"]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Sentence = Annotated[str, Field(max_length=600)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Need(_Closed):
    """Requirements of a level that share weight and conditions."""

    requirements: tuple[Annotated[str, Field(min_length=1, max_length=120)], ...] = Field(
        min_length=1, max_length=200, description="Ids of requirements of the catalogue."
    )
    weight: Weight = Field(
        default="required",
        description="required: has to hold; if-claimed: has to hold where the device claims it or "
        "where it applies; recommended: shown, and never in the way of a level.",
    )
    role: Literal["acceptor", "requestor", "both"] = Field(
        default="both", description="Only for devices of this role; both: for every device."
    )
    deployments: tuple[Annotated[str, Field(max_length=80)], ...] = Field(
        default=(),
        max_length=32,
        description="Only where the device is used so; a profile that does not say is not excused.",
    )
    claim: str = Field(
        default="",
        max_length=80,
        description="For if-claimed: the claim that makes it binding; empty where the scenarios "
        "themselves tell whether it applies.",
    )
    evidence: tuple[Evidence, ...] = Field(
        default=(), max_length=16, description="Facts of the run that meet it besides scenarios."
    )
    partial: bool = Field(
        default=False, description="Met also where scenarios reach only a part of it."
    )
    warned: bool = Field(default=False, description="Met also where a result warns.")
    because: Sentence = Field(default="", description="Why partial or warned is enough.")

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.partial or self.warned) and not self.because:
            raise ValueError("'partial' and 'warned' need 'because': say why that is enough")
        if self.claim and self.weight != "if-claimed":
            raise ValueError("'claim' is for weight = 'if-claimed'")
        return self


class Level(_Closed):
    """One level."""

    id: Name = Field(description="Its name within the scheme.")
    title: str = Field(min_length=1, max_length=120, description="For headings.")
    purpose: Sentence = Field(min_length=1, description="Whom it serves, against what.")
    need: tuple[Need, ...] = Field(min_length=1, max_length=200, description="What it asks for.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not any(need.weight == "required" for need in self.need):
            raise ValueError("a level needs something that is required: else nothing reaches it")
        named = [name for need in self.need for name in need.requirements]
        for name in named:
            if named.count(name) > 1:
                raise ValueError(f"{name} is named twice in level '{self.id}'")
        return self


class Scheme(_Closed):
    """A scheme file."""

    schema_: Literal[1] = Field(alias="schema", description="Version of this format; always 1.")
    id: Name = Field(description="What --scheme calls it.")
    title: str = Field(min_length=1, max_length=160, description="For headings.")
    status: Literal["proposal", "reading", "house"] = Field(
        description="proposal: this project's own idea of a good device; reading: our reading of a "
        "standard or guidance, by nobody approved; house: yours.",
    )
    confidence: Confidence = Field(description="How its source is known.")
    source: str = Field(default="", max_length=300, description="The text that it reads.")
    purpose: Sentence = Field(min_length=1, description="Whom it serves.")
    note: Sentence = Field(min_length=1, description="Said wherever its result is shown.")
    builds_on: str = Field(default="", max_length=80, description="Scheme whose levels come first.")
    accepts_waivers: bool = Field(
        default=False, description="True where a waived failure does not stand in the way."
    )
    weighs_deployments: bool = Field(
        default=False,
        description="True where the deployment counts: what is essential there is required "
        "even if only recommended here, and what does not arise there is not asked.",
    )
    level: tuple[Level, ...] = Field(
        min_length=1, max_length=12, description="Lowest first; each includes those before it."
    )

    @model_validator(mode="after")
    def _names_levels_once(self) -> Self:
        names = [level.id for level in self.level]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"level '{name}' is declared twice")
        return self

    @property
    def target(self) -> str:
        """Its highest level."""
        return self.level[-1].id

    @property
    def digest(self) -> str:
        """What a result can name, so that two results of one text can be told from others."""
        text = self.model_dump_json(by_alias=True)
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@cache
def load() -> Mapping[str, Scheme]:
    """All shipped schemes by id, each with the levels that it builds on.

    Raises:
        CatalogueError: A file is wrong, or names a requirement that does not exist.
    """
    raw: dict[str, Scheme] = {}
    folder = files("harness") / "catalogue" / "schemes"
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml"):
            try:
                scheme = parse(path.read_text("utf-8"))
            except ValueError as error:
                raise CatalogueError(f"{path.name}: {error}") from error
            raw[scheme.id] = scheme
    return {name: _complete(one, raw) for name, one in raw.items()}


def parse(text: str) -> Scheme:
    """A scheme from its text, with its own levels only.

    Raises:
        ValueError: One line that names the key.
    """
    try:
        return Scheme.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not valid TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in problem["loc"]) or "level"
        raise ValueError(f"'{key}': {problem['msg']}") from error


def find(name: str) -> tuple[Scheme, dict[str, JSON]]:
    """A shipped scheme by id, or one of a file; with what the head of a record keeps of it.

    Raises:
        RequestError: There is no such scheme, or its file is wrong.
    """
    shipped = load().get(name)
    if shipped is not None:
        return shipped, {"scheme": shipped.id, "scheme_digest": shipped.digest}
    path = Path(name)
    if not (path.is_file() or name.endswith(".toml")):
        known = ", ".join(load())
        raise RequestError(f"--scheme {name}: no such scheme, and no such file; there are {known}")
    try:
        text = _text(path)
        scheme = completed(parse(text))
    except (ValueError, CatalogueError) as error:
        raise RequestError(f"--scheme {path}: {error}") from error
    if scheme.id in load():
        raise RequestError(
            f"--scheme {path}: 'id': '{scheme.id}' is a shipped scheme; rename yours"
        )
    # By lines, for a record bounds the length of each string.
    lines: list[JSON] = list(text.split("\n"))
    return scheme, {"scheme": scheme.id, "scheme_digest": scheme.digest, "scheme_text": lines}


def completed(scheme: Scheme) -> Scheme:
    """A house's scheme with the levels that it builds on.

    Raises:
        CatalogueError: It builds on nothing known, or names a requirement that does not exist.
    """
    return _complete(scheme, {**load(), scheme.id: scheme})


def named(scheme: Scheme) -> Sequence[str]:
    """Ids of all requirements that a scheme names, once each."""
    needs = (need for level in scheme.level for need in level.need)
    return list(dict.fromkeys(name for need in needs for name in need.requirements))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_OCTETS:
            raise ValueError(f"longer than {MOST_OCTETS // 1024} KiB; a scheme is a short text")
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    except OSError as error:
        raise ValueError(str(error.strerror)) from error
    if any(len(line) > LONGEST_LINE for line in text.split("\n")):
        raise ValueError(f"a line is longer than {LONGEST_LINE} characters; break it")
    return text


def _complete(scheme: Scheme, known: Mapping[str, Scheme], depth: int = 0) -> Scheme:
    unknown = [name for name in named(scheme) if name not in requirements.load()]
    if unknown:
        raise CatalogueError(f"{scheme.id}: no such requirement: {', '.join(unknown)}")
    if not scheme.builds_on:
        return scheme
    base = known.get(scheme.builds_on)
    if base is None or depth > len(known):
        raise CatalogueError(
            f"{scheme.id}: 'builds_on': no scheme '{scheme.builds_on}' to build on"
        )
    below = _complete(base, known, depth + 1)
    ids = {level.id for level in scheme.level}
    kept = tuple(level for level in below.level if level.id not in ids)
    return scheme.model_copy(update={"level": (*kept, *scheme.level), "builds_on": ""})
