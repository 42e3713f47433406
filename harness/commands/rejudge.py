"""``assay rejudge``: judges a stored run again, with today's oracles and the bytes of then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from harness import registry
from harness import run as runs
from harness.comparison import compare
from harness.judge import judge_case
from harness.load_cases import CASES
from harness.model import JSON, Result
from harness.rows import row_of
from harness.run import Run
from harness.verdict import ExitCode


@click.command("rejudge")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable on stdout.")
def command(run: Path, as_json: bool) -> int:
    """Judge a stored RUN again and write run.json; its record stays as it was."""
    stored = runs.load(run)
    again = rejudged(stored)
    runs.write_document(run, again.document)
    changes = compare(stored, again)
    if as_json:
        click.echo(json.dumps(again.document, indent=1))
    changed = [line for name, lines in changes.items() if name != "notes" for line in lines]
    for line in changed:
        click.echo(line, err=True)
    click.echo(f"{len(again.results)} results judged again, {len(changed)} changed", err=True)
    bad = any(row["verdict"] in ("FAIL", "ERROR") for row in again.results)
    return ExitCode.UNEXPECTED_RESULT if bad else ExitCode.EXPECTED


def rejudged(stored: Run) -> Run:
    """The same run with verdicts made anew from its record."""
    catalogue = {**CASES, **registry.load()}
    rows: list[Mapping[str, JSON]] = []
    for row in stored.results:
        name = str(row["id"])
        plays = stored.chosen.get(name, ())
        scenario = catalogue.get(name)
        if scenario is None or not plays:
            rows.append(row)  # not applicable then, or gone from the catalogue: nothing to judge
            continue
        cases = (judge_case(scenario, runs.stored_record(stored, name, play)) for play in plays)
        said = row["notes"]
        notes = tuple(str(note) for note in said) if isinstance(said, list) else ()
        rows.append(row_of(Result(scenario=scenario, cases=tuple(cases), notes=notes)))
    return runs.with_results(stored, rows)
