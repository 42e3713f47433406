"""What follows from the results of a run: waivers, claims and the level of a scheme.

All of it is made anew from the record whenever a run is read, so that a corrected rule or a later
attestation is seen in every report, and nothing concluded is stored apart from what it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness import confrontation, waivers
from harness.model import JSON, Observation
from harness.reviewing import reviews
from harness.schemes import levels

Plays = Mapping[str, Sequence[Observation]]


def concluded(
    head: Mapping[str, JSON], document: Mapping[str, JSON], plays: Plays
) -> dict[str, JSON]:
    """The document with what follows from its results.

    Args:
        head: What the record begins with: ``claims``, ``waivers``, ``scheme``, ``deployment``.
        document: run.json up to its results.
        plays: Observations by play name.
    """
    whole = dict(document)
    whole["deployment"] = head.get("deployment") or {}
    whole["assessment"] = head.get("assessment") or {}
    if isinstance(head.get("not_selected"), list):
        whole["not_selected"] = _left_out(head, whole)
    whole["attestations"] = reviews.attestation_rows(head, plays)
    whole["waivers"] = waivers.waiver_rows(head, whole)
    whole["claims"] = confrontation.confronted(head, whole, plays)
    reached = levels.reached(head, whole)
    whole["scheme"] = reached
    if reached:
        summary = dict(whole["summary"]) if isinstance(whole["summary"], Mapping) else {}
        summary["scheme"] = levels.in_brief(reached)
        whole["summary"] = summary
    return whole


def _left_out(head: Mapping[str, JSON], document: Mapping[str, JSON]) -> list[JSON]:
    """What was not selected when the run began, and has no result of a resumed run either."""
    rows, left = document["results"], head["not_selected"]
    found = rows if isinstance(rows, list) else []
    judged = {str(row["id"]) for row in found if isinstance(row, Mapping)}
    return [
        row
        for row in (left if isinstance(left, list) else [])
        if isinstance(row, Mapping) and str(row.get("id")) not in judged
    ]
