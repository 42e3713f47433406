"""How each requirement stands after a run: the one arithmetic that every report shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from harness.model import JSON


class State(StrEnum):
    """How a requirement stands, best first."""

    HOLDS = "holds"
    """Tested, and every conclusive result passed."""
    WARNED = "warned"
    """Holds but for a recommendation, or for a rule that may not decide a failure."""
    WAIVED = "waived"
    """Broken, and somebody answers for it until a date."""
    NOT_APPLICABLE = "not applicable"
    """The device claims nothing that it applies to."""
    MANUAL = "manual"
    """A person has to look, and nobody has attested yet."""
    NOT_TESTED = "not tested"
    """Nothing of this run tested it; the reason says why."""
    UNDECIDED = "undecided"
    """Tested, without a conclusion."""
    BROKEN = "broken"
    """A result failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One requirement after one run.

    Attributes:
        requirement: Its id.
        state: How it stands.
        scenarios: Ids of the results that decide it, worst first.
        reason: One sentence for people.
        partial: Scenarios reach only a part of it.
    """

    requirement: str
    state: State
    scenarios: tuple[str, ...] = ()
    reason: str = ""
    partial: bool = False


def standings(document: Mapping[str, JSON]) -> Mapping[str, Standing]:
    """Every requirement of the catalogue, by id, as this run leaves it.

    A result counts for what its scenario verifies and, by ``counts_as``, for what that counts as.
    """
    return {}
