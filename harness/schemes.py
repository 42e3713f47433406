"""Schemes: named levels, each a set of requirements."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model import JSON


def reached(head: Mapping[str, JSON], document: Mapping[str, JSON]) -> dict[str, JSON] | None:
    """How far the run gets in the scheme that it was made for; None without a scheme."""
    return None
