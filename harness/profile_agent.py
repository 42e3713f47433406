"""The ``[user_agent]`` section of a device profile: a client of DICOMweb, and what it claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from harness.model import JSON, Claim
from harness.profile_sections import Section

AgentService = Literal["search", "retrieve", "store"]
"""QIDO-RS of all studies, WADO-RS of one instance, STOW-RS of one file."""

TOKEN: Final = "{token}"
"""Stands in a command or its environment for the bearer token that it shows to {url}."""

_NEEDED: Final[Mapping[AgentService, tuple[str, ...]]] = {
    "search": ("{url}",),
    "retrieve": ("{url}", "{study}", "{series}", "{instance}"),
    "store": ("{url}", "{file}"),
}
_Mark = Annotated[str, Field(min_length=1, max_length=200)]
_Code = Annotated[int, Field(ge=0, le=255)]
_Command = Annotated[list[str], Field(min_length=1)]


class AgentSection(Section):
    """``[user_agent]``: how a client of DICOMweb is made to ask our server, once for each command.

    An exit code is ``done`` or else ``failed``; where ``failed_codes`` are given, a code in neither
    list is nothing that the device documents.
    """

    commands: dict[AgentService, _Command] = Field(min_length=1)
    timeout_s: float = Field(default=20.0, gt=0, le=300)
    answer_timeout_s: Annotated[float, Field(gt=0, le=60)] | None = None
    max_memory: Annotated[int, Field(ge=2**20, le=2**36)] | None = None
    done_codes: tuple[_Code, ...] = Field(default=(0,), min_length=1, strict=False)
    failed_codes: tuple[_Code, ...] = Field(default=(), strict=False)
    failure_marks: tuple[_Mark, ...] = Field(default=(), strict=False)
    success_marks: tuple[_Mark, ...] = Field(default=(), strict=False)
    writes: bool = False
    env: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _commands_are_told_enough(self) -> Self:
        for service, command in self.commands.items():
            told = " ".join((*command, *self.env.values()))
            missing = [name for name in _NEEDED[service] if name not in told]
            if missing:
                raise ValueError(f"commands.{service} must name {', '.join(missing)}")
        if self.writes and "{out}" not in " ".join(self.commands.get("retrieve", ())):
            raise ValueError("writes = true needs {out} in commands.retrieve: where to write")
        return self

    @model_validator(mode="after")
    def _codes_and_times_agree(self) -> Self:
        if both := sorted({*self.done_codes} & {*self.failed_codes}):
            raise ValueError(f"exit code {both[0]} cannot be in both done_codes and failed_codes")
        if self.answer_timeout_s is not None and self.answer_timeout_s >= self.timeout_s:
            raise ValueError("answer_timeout_s must be less than timeout_s, when it is ended")
        return self

    @property
    def shows_token(self) -> bool:
        """True when each of its commands is told a token."""
        everywhere = " ".join(self.env.values())
        return all(TOKEN in everywhere + " ".join(one) for one in self.commands.values())

    @property
    def codes_of_success(self) -> tuple[int, ...]:
        """Exit codes that say that it succeeded."""
        return self.done_codes

    @property
    def codes_of_refusal(self) -> tuple[int, ...]:
        """Exit codes that say that it did not, where it documents them."""
        return self.failed_codes

    def claims(self) -> Mapping[Claim, bool]:
        """What it claims."""
        return {
            Claim.USER_AGENT: True,
            Claim.AGENT_SEARCH: "search" in self.commands,
            Claim.AGENT_RETRIEVE: "retrieve" in self.commands,
            Claim.AGENT_STORE: "store" in self.commands,
            Claim.AGENT_TOKEN: self.shows_token,
            Claim.AGENT_TIMEOUT: self.answer_timeout_s is not None,
            Claim.AGENT_WRITES: self.writes and "retrieve" in self.commands,
        }

    def facts(self) -> dict[str, JSON]:
        """What oracles may use."""
        return {
            "agent_timeout_s": self.timeout_s,
            "agent_answer_timeout_s": self.answer_timeout_s,
            "agent_max_memory": self.max_memory,
        }
