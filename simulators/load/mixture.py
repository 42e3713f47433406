"""What a file of a mix may say: the nouns, and errors that name the key and the way out."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from harness.errors import RequestError
from simulators.load.objects import MODALITIES, Modality, natural_size
from simulators.load.plan import LONGEST_S, MOST_OCTETS


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Studies(_Section):
    """``[[studies]]``: the studies of one modality.

    Attributes:
        share: How many of the studies are of it, relative to the other modalities' shares.
        images: Least and most objects of a study; all numbers between are equally likely.
        size_bytes: About the length of each; left out: as such devices make them.
        every_s: How long after one object of a study the next one is sent.
    """

    modality: Modality
    share: float = Field(gt=0, le=1e6)
    images: tuple[
        Annotated[int, Field(ge=1, le=100_000)], Annotated[int, Field(ge=1, le=100_000)]
    ] = (1, 1)
    size_bytes: Annotated[int, Field(ge=256, le=MOST_OCTETS)] | None = None
    every_s: float = Field(default=0.0, ge=0, le=3600)

    @model_validator(mode="after")
    def _least_first(self) -> Self:
        if self.images[0] > self.images[1]:
            raise ValueError(f"images must be [least, most]: swap {list(self.images)}")
        return self

    @property
    def octets(self) -> int:
        """The size of one object."""
        return self.size_bytes or natural_size(self.modality)

    @property
    def mean_images(self) -> float:
        """Objects of a study on average."""
        return sum(self.images) / 2


class PerStudy(_Section):
    """``[per_study]``: how many of the other operations there are to each study, on average."""

    echo: float = Field(default=0.0, ge=0, le=1000)
    find: float = Field(default=0.0, ge=0, le=1000)
    get: float = Field(default=0.0, ge=0, le=1000)
    commit: float = Field(default=0.0, ge=0, le=1000)


class Burst(_Section):
    """``[[bursts]]``: for a while there are `factor` times as many studies.

    Attributes:
        modalities: Of which; left out: of all.
    """

    at_s: float = Field(ge=0, le=LONGEST_S)
    for_s: float = Field(gt=0, le=LONGEST_S)
    factor: float = Field(ge=0, le=1000)
    modalities: tuple[Modality, ...] = MODALITIES


class Mix(_Section):
    """A whole mix."""

    schema_: Literal[1] = Field(alias="schema")
    title: str = Field(min_length=1, max_length=200)
    duration_s: float = Field(gt=0, le=LONGEST_S)
    studies_per_hour: float = Field(gt=0, le=1e6)
    studies: tuple[Studies, ...] = Field(min_length=1)
    per_study: PerStudy = PerStudy()
    bursts: tuple[Burst, ...] = ()

    @model_validator(mode="after")
    def _one_section_each(self) -> Self:
        named = [one.modality for one in self.studies]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise ValueError(f"[[studies]] has {', '.join(twice)} more than once: join them")
        return self


def parse(text: str, source: str) -> Mix:
    """Checks the text of a mix; `source` names it in errors.

    Raises:
        RequestError: One line that names source and key, and says how to mend it.
    """
    try:
        return Mix.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RequestError(f"{source}: not valid TOML: {error}") from error
    except ValidationError as error:
        raise RequestError(f"{source}: {_first_problem(error)}") from error


def _first_problem(error: ValidationError) -> str:
    """The first problem as one line: key, what is wrong, the way out."""
    # A mistyped key is also missing; its own name is the better hint.
    problem = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    where = [str(part) for part in problem["loc"]]
    key = ".".join(where) or "mix"
    if problem["type"] == "extra_forbidden":
        return f"unknown key '{key}': {_nearest(where)}"
    if problem["type"] == "missing":
        return f"missing key '{key}': add it"
    message = problem["msg"].removeprefix("Value error, ")
    given = problem["input"]
    shown = f" (got {given!r})" if isinstance(given, str | int | float | bool) else ""
    return f"'{key}': {message[:1].lower()}{message[1:]}{shown}"


def _nearest(where: list[str]) -> str:
    """A suggestion for a mistyped key, from the keys of the same section."""
    section: type[BaseModel] = _SECTIONS.get(where[0], Mix) if len(where) > 1 else Mix
    known = [field.alias or name for name, field in section.model_fields.items()]
    near = difflib.get_close_matches(where[-1], known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known keys here are {', '.join(known)}"


_SECTIONS: Mapping[str, type[BaseModel]] = {
    "studies": Studies,
    "per_study": PerStudy,
    "bursts": Burst,
}
