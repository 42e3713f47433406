"""The reference device when it claims something false: the control of the confrontation of claims.

Either an answer becomes untrue while the device stays as it is, or a seeded flaw makes the device
break what it goes on claiming. The lies are data, ``claim-lies.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from harness.claims.section import Amendment
from harness.errors import RequestError
from harness.profile import ClaimsSection, Profile
from simulators.devices.embedded import embedded_profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLie:
    """One false claim.

    Attributes:
        name: As on the command line.
        sentence: What is untrue.
        contradicts: Ids of claims that have to be called contradicted.
        scenarios: Ids of the scenarios that have to be played for that.
        amends: Answers that become false.
        flaw: The seeded flaw that breaks true answers; empty for none.
    """

    name: str
    sentence: str
    contradicts: tuple[str, ...]
    scenarios: tuple[str, ...]
    amends: Mapping[str, Amendment] = field(default_factory=dict)
    flaw: str = ""


@cache
def claim_lies() -> Mapping[str, ClaimLie]:
    """All lies by name, in the order of the file."""
    text = (files("simulators.devices") / "claim-lies.toml").read_text("utf-8")
    return {
        name: ClaimLie(
            name=name,
            sentence=row["sentence"],
            contradicts=tuple(row["contradicts"]),
            scenarios=tuple(row["scenarios"]),
            amends=row.get("amends", {}),
            flaw=row.get("flaw", ""),
        )
        for name, row in tomllib.loads(text)["lie"].items()
    }


def lie_sentences() -> Sequence[str]:
    """Each lie as one line: its name, and what is untrue."""
    return [f"{one.name:26} {one.sentence}" for one in claim_lies().values()]


def lying_profile(name: str) -> Profile:
    """The reference device's profile with one false claim.

    Raises:
        RequestError: There is no such lie.
    """
    lie = claim_lies().get(name)
    if lie is None:
        known = ", ".join(claim_lies())
        raise RequestError(f"--claim-lie {name}: no such lie; there are {known}")
    profile = embedded_profile(flaws=(lie.flaw,) if lie.flaw else ())
    documents = profile.documents or ClaimsSection()
    amended = documents.model_copy(update={"amendments": dict(lie.amends)})
    return profile.model_copy(update={"documents": amended})
