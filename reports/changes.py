"""The difference of two runs as Markdown, for the summary of a CI job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from harness.comparison import Difference
from harness.model import JSON
from harness.trends import device_of
from reports.markdown import quoted
from reports.rows import mapped, text

_TITLES: Final[Mapping[str, str]] = {
    "regressions": "❌ Regressions",
    "fixed": "✅ Fixed",
    "undecided": "❔ Undecided: neither fixed nor failed",
    "level": "🪜 Level",
    "claims": "Claims",
    "changed_reason": "Other reason, same verdict",
    "new": "New",
    "gone": "Gone",
    "same_key": "⚠️ The same key in two devices",
}
_MOST_LINES = 200


def markdown(value: Difference) -> bytes:
    """What changed, in UTF-8; every string of a run is nothing but text."""
    return ("\n".join(_lines(value)) + "\n").encode()


def _lines(value: Difference) -> Iterator[str]:
    changes = value.changes
    worse = len(changes["regressions"])
    yield "## What changed between two runs"
    yield ""
    yield f"**{_headline(changes, worse)}**"
    yield ""
    yield "| | before | after |"
    yield "|:--|:--|:--|"
    two = (value.before, value.after)
    yield _row("device", (device_of(one) for one in two))
    yield _row("started", (text(one, "started") for one in two))
    yield _row("verdicts", (_verdicts(one) for one in two))
    if any(isinstance(one.get("scheme"), Mapping) for one in two):
        yield _row("level", (_level(one) for one in two))
    yield ""
    for note in changes["notes"]:
        yield f"> {quoted(note)}"
        yield ">"
    yield ""
    for kind, title in _TITLES.items():
        yield from _section(title, changes[kind])
    yield "<sub>Pre-certification evidence, not a certificate.</sub>"


def _headline(changes: Mapping[str, list[str]], worse: int) -> str:
    if worse:
        return f"{worse} regression{'s' if worse > 1 else ''}."
    if any(lines for kind, lines in changes.items() if kind != "notes"):
        return "No regression."
    return "No difference."


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"### {title} ({len(lines)})"
    yield ""
    for line in lines[:_MOST_LINES]:
        yield f"- {quoted(line)}"
    if len(lines) > _MOST_LINES:
        yield f"- and {len(lines) - _MOST_LINES} more"
    yield ""


def _row(label: str, cells: Iterator[str]) -> str:
    return f"| {label} | {' | '.join(quoted(cell) for cell in cells)} |"


def _verdicts(document: Mapping[str, JSON]) -> str:
    counts = mapped(mapped(document, "summary"), "verdicts")
    return ", ".join(f"{count} {name.replace('_', ' ').lower()}" for name, count in counts.items())


def _level(document: Mapping[str, JSON]) -> str:
    scheme = mapped(document, "scheme")
    return f"{text(scheme, 'id')}: {text(scheme, 'level') or 'none'}" if scheme else "no scheme"
