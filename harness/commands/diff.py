"""``assay diff``: what changed between two runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from harness import pictures, terminal
from harness import run as runs
from harness.comparison import Difference, compare
from harness.run import Run
from harness.schemes import model as schemes
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay diff runs/before runs/after
  assay diff runs/before runs/after --scheme dicom-baseline
  assay diff runs/before runs/after --format markdown >> "$GITHUB_STEP_SUMMARY"
"""
_COLOURS = {
    "regressions": "red", "fixed": "green", "undecided": "yellow", "new": "blue", "gone": "magenta",
    "level": "green", "claims": "blue", "same_key": "yellow", "notes": "yellow",
}  # fmt: skip


@click.command("diff", epilog=_EXAMPLES)
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@click.option("--scheme", metavar="S", help="Compare levels of this scheme: see 'assay schemes'.")
@click.option(
    "--format", "kind", type=click.Choice(["text", "markdown", "json"]), default="text",
    show_default=True, help="Markdown is for the summary of a CI job.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(run_a: Path, run_b: Path, scheme: str | None, kind: str, as_json: bool) -> int:
    """Compare RUN_A (before) with RUN_B (after); exit 1 on a regression.

    A lost level, a claim that is contradicted now, and a result that the later run did not get to
    are regressions too. Runs of two catalogues or profiles are compared, and it is said.
    """
    before, after = (_loaded(folder, scheme) for folder in (run_a, run_b))
    changes = compare(before, after)
    if as_json or kind == "json":
        click.echo(json.dumps(changes, indent=1))
    elif kind == "markdown":
        two = (before.document, after.document)
        difference = Difference(before=two[0], after=two[1], changes=changes)
        sys.stdout.buffer.write(pictures.drawn("diff-markdown", difference))
    else:
        _print(changes)
    return ExitCode.UNEXPECTED_RESULT if changes["regressions"] else ExitCode.EXPECTED


def _loaded(folder: Path, scheme: str | None) -> Run:
    run = runs.load(folder)
    return runs.judged_by(run, schemes.find(scheme)[1]) if scheme else run


def _print(changes: Mapping[str, list[str]]) -> None:
    for name, lines in changes.items():
        for line in lines:
            label = click.style(f"{name.replace('_', ' ')}: ", fg=_COLOURS.get(name))
            terminal.say(f"{label}{line}")
    if not any(lines for name, lines in changes.items() if name != "notes"):
        terminal.say("no difference")
