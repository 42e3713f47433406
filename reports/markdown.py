"""The Markdown scribe: a summary for the page of a CI job.

Every string from the device, the profile or the record passes :func:`quoted`: all punctuation
becomes a character reference, so that it is neither Markdown nor HTML, makes no link and mentions
nobody, and cannot break out of a table cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harness.run import Run
from harness.verdict import Verdict
from reports.page.access import Cell, matrix_of
from reports.page.claims import claim_lines
from reports.page.level_lines import level_lines, waiver_lines
from reports.page.policies import policies_of
from reports.page.relevance import gravity
from reports.page.reviews import review_lines
from reports.page.told import chair_lines, threat_lines
from reports.rows import CONCLUSIVE, SEVERITIES, Row, mapped, rows_of, text, texts
from reports.text import one_line

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_HARMLESS = frozenset(",.;'-/")
_LONGEST = 240
"""Characters of a reason in a table cell."""
_MOST_OCTETS = 1_000_000
"""GitHub refuses the summary of a step that is longer than 1 MiB; the footer has room besides."""

_WORDS = {
    Verdict.ERROR: "💥 ERROR",
    Verdict.FAIL: "❌ FAIL",
    Verdict.INCONCLUSIVE: "❔ INCONCLUSIVE",
    Verdict.REVIEW: "👁 REVIEW",
    Verdict.WARN: "⚠️ WARN",
    Verdict.PASS: "✅ PASS",
    Verdict.NOT_APPLICABLE: "➖ NOT_APPLICABLE",
}


def render(run: Run) -> bytes:
    """The run as GitHub Flavoured Markdown, in UTF-8."""
    rows = sorted(rows_of(run), key=lambda row: gravity(run, row))
    return ("\n".join([*bounded(_lines(run, rows)), *_footer(run)]) + "\n").encode()


def bounded(lines: Iterable[str], most: int = _MOST_OCTETS) -> Iterator[str]:
    """The lines that have room, in octets of UTF-8; then, if any have none, how many are missing.

    A table is cut between two rows, which leaves it a table.
    """
    missing = 0
    for line in lines:
        most -= len(line.encode()) + 1
        if most >= 0:
            yield line
        elif line.startswith("|"):
            missing += -1 if line.startswith("|:") else 1  # a rule follows a head, which is no row
    if most < 0:
        yield ""
        yield "> [!WARNING]"
        yield f"> This summary is cut, for a job summary may have 1 MiB: {max(0, missing):,} rows"
        yield "> of tables are missing here. The HTML report has all of them."
        yield ""


def quoted(value: str, limit: int = _LONGEST) -> str:
    """One line of text that is nothing but text, in Markdown and in HTML."""
    return _PUNCTUATION.sub(_reference, one_line(value, limit))


def _reference(found: re.Match[str]) -> str:
    char = found.group()
    # A full stop makes "www." a link; between word characters it stays readable as it is.
    if char in _HARMLESS and not found.string[: found.start()].lower().endswith("www"):
        return char
    return f"&#{ord(char)};"


def _lines(run: Run, rows: list[Row]) -> Iterator[str]:
    device = mapped(run.document, "device")
    name = " ".join(text(device, key) for key in ("manufacturer", "model", "version"))
    yield f"## DICOM security evidence: {quoted(name)}"
    yield ""
    yield f"**{_headline(rows)}**"
    yield ""
    yield from _warnings(run, rows)
    yield from chair_lines(run, quoted)
    yield "| verdict | results |"
    yield "|:--|--:|"
    for verdict in sorted(Verdict, reverse=True):
        count = sum(1 for row in rows if row.verdict is verdict)
        if count:
            yield f"| {_WORDS[verdict]} | {count} |"
    yield ""
    yield from level_lines(run, quoted)
    yield from claim_lines(run, quoted)
    yield from waiver_lines(run, quoted)
    yield from threat_lines(run, quoted)
    yield from review_lines(run, quoted)
    yield from _profiles(run)
    yield from _access(run)
    yield from _table("Failures and errors", rows, {Verdict.FAIL, Verdict.ERROR})
    yield from _table("Not concluded", rows, {Verdict.INCONCLUSIVE, Verdict.REVIEW})
    yield from _table("Warnings", rows, {Verdict.WARN})


def _footer(run: Run) -> Iterator[str]:
    version = quoted(text(mapped(run.document, "tool"), "version"))
    seed, started = (quoted(text(run.document, key)) for key in ("seed", "started"))
    yield (
        "<sub>Pre-certification evidence, not a certificate. "
        f"dicom-assay {version}, seed {seed}, started {started}.</sub>"
    )


def _headline(rows: list[Row]) -> str:
    failed = [row for row in rows if row.verdict is Verdict.FAIL]
    said = [row for row in rows if row.verdict in CONCLUSIVE]
    if not said:
        return "Nothing conclusive: no result says anything about this device."
    if not failed:
        return f"No failure in {len(said)} conclusive results."
    counts = [(s, sum(1 for row in failed if row.severity == s)) for s in SEVERITIES]
    split = ", ".join(f"{count} {severity}" for severity, count in counts if count)
    return f"{len(failed)} of {len(said)} conclusive results fail ({split})."


def _warnings(run: Run, rows: list[Row]) -> Iterator[str]:
    if run.document.get("complete"):
        return
    missing = texts(run.document, "not_finished")
    names = quoted(", ".join(missing)) or "unknown which"
    yield "> [!CAUTION]"
    yield f"> The run is **incomplete**: {len(missing)} selected scenarios have no result,"
    yield f"> {len(rows)} have one. Without a result: {names}."
    yield ""


def _profiles(run: Run) -> Iterator[str]:
    policies = policies_of(run)
    if not policies:
        return
    yield "### TLS profiles"
    yield ""
    yield "| profile | role | claimed | verdict | rules that differ |"
    yield "|:--|:--|:--|:--|:--|"
    for policy in policies:
        rules = ", ".join(item.rule for item in policy.differences)
        yield (
            f"| {quoted(policy.id)} {quoted(policy.title)} | {quoted(policy.role)} "
            f"| {'yes' if policy.claimed else 'no'} | {_WORDS[policy.verdict]} | {quoted(rules)} |"
        )
    yield ""


def _access(run: Run) -> Iterator[str]:
    matrix = matrix_of(run)
    if not matrix.people:
        return
    yield "### Who may do what"
    yield ""
    yield f"{', '.join(f'{good} of {every} {label}' for label, good, every in matrix.counts)}."
    yield ""
    yield f"| identity | object | {' | '.join(matrix.operations)} |"
    yield f"|:--|:--|{':--|' * len(matrix.operations)}"
    for person in matrix.people:
        for row in person.rows:
            cells = " | ".join(map(_access_cell, row.cells))
            yield f"| {quoted(person.name)} | {quoted(row.object)} | {cells} |"
    yield ""
    yield "<sub>In brackets: forbidden. A dot: the profile says nothing.</sub>"
    yield ""


def _access_cell(cell: Cell | None) -> str:
    if cell is None:
        return "·"
    sign = _WORDS[cell.verdict].split()[0]
    words = quoted(cell.words)
    return f"{sign} [{words}]" if cell.declared == "forbidden" else f"{sign} {words}"


def _table(title: str, rows: list[Row], verdicts: set[Verdict]) -> Iterator[str]:
    chosen = [row for row in rows if row.verdict in verdicts]
    if not chosen:
        return
    yield f"### {title}"
    yield ""
    yield "| scenario | verdict | severity | what is required | what was seen |"
    yield "|:--|:--|:--|:--|:--|"
    for row in chosen:
        why = row.kind or row.code
        verdict = f"{_WORDS[row.verdict]} {quoted(why)}".strip()
        yield (
            f"| {quoted(row.id)} | {verdict} | {quoted(row.severity)} "
            f"| {quoted(row.title)} | {quoted(row.reason)} |"
        )
    yield ""
