"""The ``[deidentifier]`` section of a device profile: a program that de-identifies files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from harness.deidentification import Option
from harness.model import JSON, Claim
from harness.profile_reader import ProgramSection


class DeidentifierSection(ProgramSection):
    """``[deidentifier]``: a program that is started for each file, and whose output counts.

    Whatever lies in ``{out}`` when it has ended has left it as de-identified.
    """

    profile: Literal["basic"] | None = None
    options: tuple[Option, ...] = Field(default=(), strict=False)
    # Without it, temporary files would lie where nobody looks.
    env: dict[str, str] = Field(default_factory=lambda: {"TMPDIR": "{work}"})

    @model_validator(mode="after")
    def _is_told_what_to_read_and_where_to_write(self) -> Self:
        if "{file}" not in self.told and "{folder}" not in self.told:
            raise ValueError("command must name {file} or {folder}: what to de-identify")
        if "{out}" not in self.told:
            raise ValueError("command must name {out}: where to write")
        return self

    @model_validator(mode="after")
    def _claims_options_of_a_profile(self) -> Self:
        if self.options and self.profile is None:
            raise ValueError("options are those of a profile: name it, profile = 'basic'")
        if {"retain-longitudinal-full", "retain-longitudinal-modified"} <= {*self.options}:
            raise ValueError("options cannot retain dates both in full and modified")
        return self

    @property
    def codes_of_success(self) -> tuple[int, ...]:
        """Exit codes that say that it de-identified the file."""
        return self.exit_codes.read

    @property
    def codes_of_refusal(self) -> tuple[int, ...]:
        """Exit codes that say that it did not, where it documents them."""
        return self.exit_codes.refused

    def claims(self) -> Mapping[Claim, bool]:
        """What it claims."""
        basic = self.profile is not None
        return {
            Claim.DEIDENTIFIER: True,
            Claim.DEIDENTIFIES_BASIC: basic,
            Claim.DEIDENTIFIES_UIDS: basic and "retain-uids" not in self.options,
            Claim.DEIDENTIFIES_CONTENT: basic and "clean-structured-content" not in self.options,
            Claim.DEIDENTIFIES_GRAPHICS: basic and "clean-graphics" not in self.options,
            Claim.MODIFIES_DATES: "retain-longitudinal-modified" in self.options,
        }

    def facts(self) -> dict[str, JSON]:
        """What oracles may use."""
        return {"deid_profile": self.profile, "deid_options": [*self.options]}
