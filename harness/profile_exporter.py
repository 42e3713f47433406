"""The ``[exporter]`` section of a device profile: a program that writes interchange media."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import model_validator

from harness.model import Claim
from harness.profile_reader import ProgramSection


class ExporterSection(ProgramSection):
    """``[exporter]``: a program that is started for each folder that is to go on a medium."""

    encrypts: bool = False
    zeroes_preamble: bool = False

    @model_validator(mode="after")
    def _is_told_from_where_to_where(self) -> Self:
        for place in ("{folder}", "{out}"):
            if place not in self.told:
                raise ValueError(f"command must name {place}: what goes on the medium, and where")
        return self

    def claims(self) -> Mapping[Claim, bool]:
        """What it claims."""
        return {
            Claim.EXPORTER: True,
            Claim.ENCRYPTS_MEDIA: self.encrypts,
            Claim.ZEROES_PREAMBLE: self.zeroes_preamble,
        }
