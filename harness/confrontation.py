"""Claims confronted with what was observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.model import JSON, Observation


def confronted(
    head: Mapping[str, JSON],
    document: Mapping[str, JSON],
    plays: Mapping[str, Sequence[Observation]],
) -> list[JSON]:
    """One row per claim: confirmed, contradicted, not observable, observed but not claimed."""
    return []
