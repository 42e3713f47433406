"""Waivers of a run: expected verdicts that somebody answers for, as the report shows them.

A waiver changes no verdict. It says that a person knows of a finding, why it is borne, and until
when. It is judged on the day of the run, so that a stored run reads the same for ever.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.model import JSON

MET, NOT_MET, EXPIRED, NOT_PLAYED = "met", "not met", "expired", "not played"

_KEYS = ("scenario", "verdict", "reason", "why", "owner", "expires")


def waiver_rows(head: Mapping[str, JSON], document: Mapping[str, JSON]) -> list[JSON]:
    """One row per entry of the baseline that the run was given, in its order.

    Args:
        head: What the record begins with: ``waivers``, as the baseline has them.
        document: run.json with its results.

    Returns:
        Rows with scenario, expected verdict and reason, why, owner, expires, and ``state``: "met",
        "not met" (another verdict or reason), "expired" before the run, or "not played".
    """
    entries, rows = head.get("waivers"), document.get("results")
    found = {
        str(row.get("id")): row
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, Mapping)
    }
    day = str(document.get("started") or "")[:10]
    return [
        {**{key: str(entry.get(key) or "") for key in _KEYS}, "state": _state(entry, found, day)}
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping)
    ]


def _state(entry: Mapping[str, JSON], rows: Mapping[str, Mapping[str, JSON]], day: str) -> str:
    row = rows.get(str(entry.get("scenario")))
    if row is None:
        return NOT_PLAYED
    if str(entry.get("expires") or "") < day:
        return EXPIRED
    seen = (row.get("verdict"), row.get("kind") or row.get("code") or "")
    return MET if seen == (entry.get("verdict"), entry.get("reason")) else NOT_MET
