"""``[claims]``: the documents in which the manufacturer claims what the device does."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from harness.profile_sections import Section

FileName = Annotated[str, Field(min_length=1, max_length=1000)]
Amendment = bool | int | float | Annotated[str, Field(max_length=2000)] | list[str]


class ClaimsSection(Section):
    """``[claims]``: files relative to the profile, and what has been said since they were written.

    Attributes:
        statement: Conformance statement, TOML of our schema.
        mds2: MDS2 form: XLSX worksheet, or our CSV or JSON.
        amendments: A key of the statement or the id of an MDS2 question, and the answer that
            replaces the one in the file.
    """

    statement: FileName | None = None
    mds2: FileName | None = None
    amendments: dict[str, Amendment] = Field(default_factory=dict, max_length=500)
