"""Where the device is used: who answers for it, and what is broken of what is essential there."""

from __future__ import annotations

from dataclasses import dataclass

from harness import deployments
from harness.run import Run
from harness.verdict import Verdict
from reports.page.relevance import (
    MOST,
    WEIGHTIEST,
    Trouble,
    place_id,
    trouble_of,
    waived_of,
    weight_of,
)
from reports.rows import mapped, rows_of, severity_rank, text

_RESPONSIBLE = {
    "IT": "IT answers for the device.",
    "OT": "Clinical engineering (OT) answers for the device.",
    "shared": "IT and clinical engineering answer for the device together.",
    "contracted": "A contractor answers for the device.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """Where the device is used.

    Attributes:
        responsible: A sentence; empty when the profile does not say.
        essential: Failures of what is essential there.
        more: How many of these are left out.
    """

    title: str
    text: str
    responsible: str
    essential: tuple[Trouble, ...]
    more: int


def place_of(run: Run) -> PlaceView | None:
    """Where the device is used; None when the run does not say, or names what we do not know."""
    place = deployments.load().get(place_id(run))
    if place is None:
        return None
    failed = [row for row in rows_of(run) if row.verdict is Verdict.FAIL]
    essential = [row for row in failed if weight_of(place.id, row).weight == WEIGHTIEST]
    essential.sort(key=lambda row: (severity_rank(row.severity), row.id))
    waived = waived_of(run)
    return PlaceView(
        title=place.title,
        text=place.text,
        responsible=_RESPONSIBLE.get(text(mapped(run.document, "deployment"), "responsible"), ""),
        essential=tuple(trouble_of(row, place.id, waived) for row in essential[:MOST]),
        more=max(0, len(essential) - MOST),
    )
