"""Runs with a level, gaps and waivers, ordinary and hostile."""

from __future__ import annotations

from pathlib import Path

from harness.model import JSON
from harness.run import Run
from tests.reports import builder, hostile
from tests.reports.rows import sample_rows


def waiver(scenario: str, verdict: str, reason: str, expires: str, text: str = "") -> JSON:
    return {
        "scenario": scenario, "verdict": verdict, "reason": reason,
        "why": text or "ticket 17: waits for release 6.2", "owner": text or "A. Roentgen",
        "expires": expires,
    }  # fmt: skip


def levelled(folder: Path) -> Run:
    """The sample as judged by a shipped scheme, with a waiver in each state."""
    waivers = [
        waiver("PAR-002", "FAIL", "crash", "2026-12-31"),
        waiver("ASC-001", "FAIL", "hang", "2026-12-31"),
        waiver("ASC-003", "FAIL", "resource", "2026-02-28"),
        waiver("XYZ-001", "FAIL", "leak", "2026-12-31"),
    ]
    return builder.build(
        folder, sample_rows(), scheme="dicom-high", waivers=waivers, not_selected=[]
    )


def hostile_levelled(folder: Path) -> Run:
    """A scheme of a house and waivers in which every string attacks the reader."""
    text = "".join(char for char in hostile.EVERYTHING if not 0xD800 <= ord(char) <= 0xDFFF)
    quoted = '"' + "".join(f"\\U{ord(char):08x}" for char in text[:100]) + '"'
    long = '"' + "".join(f"\\U{ord(char):08x}" for char in text[:300]) + '"'
    scheme = f"""
schema = 1
id = "house"
title = {quoted}
status = "house"
confidence = "own"
purpose = {long}
note = {long}
[[level]]
id = "one"
title = {quoted}
purpose = {long}
[[level.need]]
requirements = ["HOUSE/STAYS-IN-SERVICE", "HOUSE/BOUNDED-MEMORY"]
partial = true
because = {long}
"""
    return builder.build(
        folder,
        sample_rows(),
        scheme="house",
        scheme_text=[*scheme.splitlines()],
        waivers=[waiver(text, "FAIL", text, "2026-12-31", text)],
        not_selected=[],
    )
