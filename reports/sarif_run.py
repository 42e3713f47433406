"""What a SARIF log says of the run as a whole: the tool, how it ended, and what it was about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports.identity import named_uuid
from reports.rows import CONCLUSIVE, Row, mapped, text, texts
from reports.sarif_rules import message, rules_of
from reports.text import one_line


def driver_of(run: Run, rows: Sequence[Row]) -> JSON:
    """The tool with its rules (3.19)."""
    tool = mapped(run.document, "tool")
    return {
        "name": "dicom-assay",
        "fullName": "dicom-assay: security evidence for DICOM devices",
        "version": one_line(text(tool, "version"), 100),
        "supportedTaxonomies": [
            {"name": name, "index": at, "guid": named_uuid("taxonomy", name)}
            for at, name in enumerate(("CWE", "requirements"))
        ],
        "rules": rules_of(rows),
    }


def invocation_of(run: Run, rows: Sequence[Row]) -> JSON:
    """One invocation; it succeeded only when every selected scenario has a result of its own."""
    document = run.document
    whole = document.get("complete") is True
    ours = [row for row in rows if row.verdict is Verdict.ERROR]
    told: list[JSON] = [_notification(row.id, row.reason, "error") for row in ours]
    told += [
        _notification(name, "selected, and without a result", "warning")
        for name in texts(document, "not_finished")
    ]
    invocation: dict[str, JSON] = {
        "executionSuccessful": whole and not ours,
        "toolExecutionNotifications": told,
        "exitCodeDescription": _ending(whole, rows),
    }
    for key, name in (("started", "startTimeUtc"), ("finished", "endTimeUtc")):
        at = _utc(text(document, key))
        if at:
            invocation[name] = at
    return invocation


def _ending(whole: bool, rows: Sequence[Row]) -> str:
    if not whole:
        return "the run is incomplete"
    if any(row.verdict is Verdict.ERROR for row in rows):
        return "an error of the harness"
    if not any(row.verdict in CONCLUSIVE for row in rows):
        return "nothing conclusive"
    failed = sum(1 for row in rows if row.verdict is Verdict.FAIL)
    return f"complete; {failed} of {len(rows)} results fail"


def _notification(name: str, why: str, level: str) -> JSON:
    shown = message(f"{one_line(name)}: {why}")
    return {"message": {"text": shown}, "level": level}


def properties_of(run: Run) -> JSON:
    """Device, profile, seed and level: what SARIF has no words for."""
    document = run.document
    device, scheme = mapped(document, "device"), mapped(document, "scheme")
    found: dict[str, JSON] = {
        "device": {
            key: one_line(text(device, key)) for key in ("manufacturer", "model", "version")
        },
        "profile": one_line(text(device, "profile"), 100),
        "catalogue": one_line(text(mapped(document, "tool"), "catalogue"), 100),
        "seed": one_line(text(document, "seed"), 100),
        "complete": document.get("complete") is True,
    }
    if scheme:
        found["scheme"] = {
            "id": one_line(text(scheme, "id")),
            "level": one_line(text(scheme, "level")),
            "reached": scheme.get("reached") is True,
        }
    return found


def _utc(stamp: str) -> str:
    """A time of the record as SARIF writes it (3.9); empty when it is none."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return ""
    if at.tzinfo is None:
        return ""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
