"""The ``[reader]`` section of a device profile: a program that reads files, and what it claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.model import JSON, Claim
from harness.profile_sections import Section

_Mark = Annotated[str, Field(min_length=1, max_length=200)]
_Code = Annotated[int, Field(ge=0, le=255)]


class ExitCodes(Section):
    """``[reader] exit_codes``: what its exit codes say; whatever is not ``read`` is ``refused``.

    Where ``refused`` is given, a code in neither list is nothing that the device documents.
    """

    read: tuple[_Code, ...] = Field(default=(0,), min_length=1, strict=False)
    refused: tuple[_Code, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _say_one_thing(self) -> Self:
        if both := sorted({*self.read} & {*self.refused}):
            raise ValueError(f"exit code {both[0]} cannot say both 'read' and 'refused'")
        return self


class ProgramSection(Section):
    """A program that is started for each job, and ends by itself."""

    command: list[str] = Field(min_length=1)
    timeout_s: float = Field(default=20.0, gt=0, le=300)
    max_memory: Annotated[int, Field(ge=2**20, le=2**36)] | None = None
    exit_codes: ExitCodes = ExitCodes()
    failure_marks: tuple[_Mark, ...] = Field(default=(), strict=False)
    success_marks: tuple[_Mark, ...] = Field(default=(), strict=False)
    env: dict[str, str] = Field(default_factory=dict)

    @property
    def told(self) -> str:
        """All of its command, to look for placeholders."""
        return " ".join(self.command)

    @property
    def codes_of_success(self) -> tuple[int, ...]:
        """Exit codes that say that it did what it was started for."""
        return self.exit_codes.read

    @property
    def codes_of_refusal(self) -> tuple[int, ...]:
        """Exit codes that say that it did not, where it documents them."""
        return self.exit_codes.refused


class ReaderSection(ProgramSection):
    """``[reader]``: a program that is started for each file."""

    media: bool = False
    writes: bool = False
    renders: bool = False
    decompresses: tuple[Literal["rle", "jpeg-lossless"], ...] = Field(default=(), strict=False)
    archives: tuple[Literal["zip"], ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _is_told_what_to_read(self) -> Self:
        if "{file}" not in self.told and "{folder}" not in self.told:
            raise ValueError("command must name {file} or {folder}: what to read")
        for key in ("writes", "renders", "decompresses"):
            if getattr(self, key) and "{out}" not in self.told:
                raise ValueError(f"{key} needs {{out}} in command: where to write")
        return self

    def claims(self) -> Mapping[Claim, bool]:
        """What it claims."""
        return {
            Claim.READER: True,
            Claim.MEDIA_READER: self.media,
            Claim.WRITES_FILES: self.writes,
            Claim.RENDERS: self.renders,
            Claim.DECOMPRESSES: bool(self.decompresses),
            Claim.DECOMPRESSES_RLE: "rle" in self.decompresses,
            Claim.DECOMPRESSES_JPEG: "jpeg-lossless" in self.decompresses,
            Claim.ZIP_READER: "zip" in self.archives,
        }

    def facts(self) -> dict[str, JSON]:
        """What oracles may use."""
        return {"reader_timeout_s": self.timeout_s, "reader_max_memory": self.max_memory}
