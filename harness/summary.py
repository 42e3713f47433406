"""The last lines of a run: what came out, what to look at first, where the report is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from harness.baseline import Comparison
from harness.progress import STYLES
from harness.reviewing import reviews
from harness.run import Run
from harness.tls_policy_report import summary_lines

_MOST_CLAIMS = 8
"""Contradicted claims that the summary names; the report has them all."""


def policy_lines(run: Run) -> list[str]:
    """One line per TLS policy that the device claims, and side that was seen."""
    rows = run.document.get("tls_policies")
    return summary_lines(rows) if isinstance(rows, list) else []


def level_lines(run: Run) -> list[str]:
    """The level that was reached, when a scheme was chosen, and how many gaps are left."""
    scheme = run.document.get("scheme")
    if not isinstance(scheme, Mapping):
        return []
    gaps = scheme["gaps"]
    count = len(gaps) if isinstance(gaps, list) else 0
    left = "no gap" if not count else f"{count} gap{'s' if count > 1 else ''}"
    target = "" if scheme["reached"] else f" of {scheme['target']}"
    return [f"{scheme['id']}: level {scheme['level'] or 'none'}{target}, {left}"]


def claim_lines(run: Run) -> list[str]:
    """How the claims of the device stand, in one line; then each that is contradicted."""
    listed = run.document.get("claims")
    rows = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
    states = [str(row["state"]) for row in rows]
    counts = [f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))]
    wrong = [str(row["id"]) for row in rows if row["state"] == "contradicted"]
    shown = [f"claims: {', '.join(counts)}"] if counts else []
    return shown + [f"  contradicted: {_plain(name)}" for name in wrong[:_MOST_CLAIMS]]


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "·" for char in text)


def question_lines(run: Run) -> list[str]:
    """How many questions wait for a person, and how to answer them."""
    count = sum(one.open for one in reviews.asked(run.results, run.plays))
    if not count:
        return []
    word = "question waits" if count == 1 else "questions wait"
    return [f"{count} {word} for a person: assay attest {run.folder}"]


def summarise(run: Run, report: Path, verdict: Comparison, console: Console) -> None:
    """Prints the summary to standard error."""
    counts = Text("\n")
    for name, count in run.counts().items():
        sign, style = STYLES[name]
        counts.append(f"{sign} {count} {name.replace('_', ' ').lower()}   ", style)
    console.print(counts)
    missing = run.document["not_finished"]
    if not run.document["complete"]:
        left = len(missing) if isinstance(missing, list) else 0
        console.print(Text(f"INCOMPLETE: {left} scenario(s) have no result.", "bold yellow"))
        console.print(Text(f"  go on: assay run ... --resume {run.folder}", "dim"))
    for line in policy_lines(run):
        console.print(Text(line, "default"))
    for line in claim_lines(run):
        console.print(Text(line, "default"))
    for line in level_lines(run):
        console.print(Text(line, "bold"))
    for line in question_lines(run):
        console.print(Text(line, "blue"))
    for line in verdict.expected:
        console.print(Text(f"  expected: {line}", "dim"))
    for line in verdict.unexpected:
        console.print(Text(f"  unexpected: {line}", "bold"))
    console.print(Text(f"report: {report}", "default"))
