"""What oracles on web services read of an answer."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model import Finding, Observation
from harness.oracles.base import failed, passed, told
from harness.verdict import FailKind, Outcome


def none_hangs(seen: list[tuple[Outcome, Observation]]) -> Finding:
    """A PASS by the last answer, unless some request was neither answered nor ended."""
    for outcome, one in seen:
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither answered nor ended: {told(outcome, one)}")
    return passed(told(*seen[-1]), outcome=seen[-1][0])


def succeeded(outcome: Outcome, one: Observation) -> bool:
    """True for an answer of success."""
    return outcome is Outcome.RESPONDED and is_success(one)


def is_success(one: Observation) -> bool:
    """True where the status code is one of success (RFC 9110 15.3)."""
    code = one.data.get("code")
    return isinstance(code, int) and 200 <= code < 300


def marks_of(one: Observation) -> list[str]:
    """Names of our marks that came back."""
    marks = one.data.get("marks")
    return [str(mark) for mark in marks] if isinstance(marks, list | tuple) else []


def fields_of(one: Observation) -> dict[str, str]:
    """The header fields that were noted of an answer."""
    fields = one.data.get("fields")
    if not isinstance(fields, Mapping):
        return {}
    return {str(name): str(value) for name, value in fields.items()}
