"""``assay claims``: what is claimed of a device, confronted with what it does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from harness import baseline as baselines
from harness import registry, terminal
from harness import run as runs
from harness.claims import mds2_draft, topics
from harness.claims.judging import State
from harness.claims.mds2 import SUFFIXES
from harness.commands.run import play_and_report
from harness.devices import LIST_LIES, profile_for, tell_lies
from harness.errors import RequestError
from harness.model import JSON
from harness.profile import Profile
from harness.run import Run
from harness.session import Choice
from harness.verdict import ExitCode

SCHEMA = "dicom-assay/claims/1"

_EXAMPLES = """\b
Examples:
  assay claims device.toml                        play what the claims need, and confront them
  assay claims device.toml --write-mds2 draft.xlsx
  assay claims --run runs/20260101T120000.000Z-device
  assay claims --claim-lie only-tls               the reference device, claiming something false
\b
Exit codes: 0 nothing is contradicted, 1 a claim is contradicted, 3 nothing could be observed.
"""
_COLOURS = {
    State.CONTRADICTED: "red", State.UNCLAIMED: "yellow", State.CONFIRMED: "green",
    State.NOT_OBSERVABLE: None,
}  # fmt: skip


@click.command("claims", epilog=_EXAMPLES)
@click.argument("device", required=False, metavar="[DEVICE.toml]", type=click.Path(path_type=Path))
@click.option("--run", "stored", type=click.Path(path_type=Path), help="Read this run, play none.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder (default: below runs/).")
@click.option("--write-mds2", "draft", metavar="FILE", type=click.Path(path_type=Path),
              help="Write a draft of an MDS2 form: .xlsx, .csv or .json.")  # fmt: skip
@click.option("--claim-lie", "lie", metavar="NAME", help="Let the reference device lie; or: list.")
@click.option("--json", "as_json", is_flag=True, help="Print the claims as JSON.")
def command(
    device: Path | None,
    stored: Path | None,
    out: Path | None,
    draft: Path | None,
    lie: str | None,
    as_json: bool,
) -> int:
    """Confront the claims of DEVICE.toml with what the device does.

    Claims are those of the profile, and of the conformance statement and MDS2 form that its
    [claims] names. Without DEVICE.toml, they are those of the embedded reference device.
    """
    if lie == LIST_LIES:
        tell_lies()
        return ExitCode.EXPECTED
    if draft is not None and draft.suffix.lower() not in SUFFIXES:
        raise RequestError(f"--write-mds2 {draft}: the suffix is one of {', '.join(SUFFIXES)}")
    if stored is not None:
        if device is not None or lie is not None or out is not None:
            raise RequestError("--run plays nothing: leave out DEVICE.toml, --claim-lie and --out")
        run, played = runs.load(stored), ExitCode.EXPECTED
    else:
        run, played = _played(profile_for(device, lie), out)
    rows = rows_of(run)
    if as_json:
        click.echo(json.dumps(_document(rows), indent=1))
    else:
        _print(rows)
    if draft is not None:
        click.echo(f"written: {mds2_draft.write(run, draft)}", err=True)
    return ExitCode.HARNESS_ERROR if played is ExitCode.HARNESS_ERROR else _exit_code(rows)


def rows_of(run: Run) -> list[Mapping[str, JSON]]:
    """The claims of a run, contradicted ones first."""
    listed = run.document.get("claims")
    rows = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
    rank = {state.value: number for number, state in enumerate(_COLOURS)}
    return sorted(rows, key=lambda row: rank[str(row["state"])])


def _played(profile: Profile, out: Path | None) -> tuple[Run, ExitCode]:
    """Plays the scenarios that say something about a claim."""
    known = registry.load()
    wanted = {one for topic in topics.load().values() for one in topic.scenarios}
    choice = Choice(select=tuple(name for name in known if name in wanted), out=out)
    return play_and_report(profile, choice, baselines.NOTHING_EXPECTED, as_json=False)


def _document(rows: Sequence[Mapping[str, JSON]]) -> dict[str, JSON]:
    return {"schema": SCHEMA, "summary": {**_counts(rows)}, "claims": list(rows)}


def _counts(rows: Sequence[Mapping[str, JSON]]) -> dict[str, int]:
    counted = Counter(str(row["state"]) for row in rows)
    return {state.value: counted[state.value] for state in _COLOURS}


def _print(rows: Sequence[Mapping[str, JSON]]) -> None:
    for state, colour in _COLOURS.items():
        chosen = [row for row in rows if row["state"] == state.value]
        if not chosen:
            continue
        terminal.say()
        terminal.say(click.style(f"{state.value} ({len(chosen)})", fg=colour, bold=True))
        for row in chosen:
            _entry(row)
    terminal.say()
    terminal.say(", ".join(f"{count} {name}" for name, count in _counts(rows).items()))


def _entry(row: Mapping[str, JSON]) -> None:
    told = {key: _plain(str(row[key])) for key in ("id", "text", "claimed", "observed", "reason")}
    listed = row["evidence"]
    evidence = ", ".join(map(str, listed)) if isinstance(listed, Sequence) else ""
    terminal.paragraph(f"{told['id']}  {told['text']}", first="  ", indent="      ")
    seen = f", observed: {told['observed']}" if told["observed"] else ""
    shown = f" [{_plain(evidence)}]" if evidence else ""
    line = f"claimed: {told['claimed']}{seen}; {told['reason']}{shown}"
    terminal.paragraph(line, first="      ", indent="      ")


def _plain(text: str) -> str:
    """Text of a document or a device that cannot act on the terminal."""
    return "".join(char if char.isprintable() else "·" for char in text)[:400]


def _exit_code(rows: Sequence[Mapping[str, JSON]]) -> ExitCode:
    counts = _counts(rows)
    if counts[State.CONTRADICTED]:
        return ExitCode.UNEXPECTED_RESULT
    if not counts[State.CONFIRMED] and not counts[State.UNCLAIMED]:
        return ExitCode.NOTHING_CONCLUSIVE
    return ExitCode.EXPECTED
