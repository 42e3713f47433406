"""``assay report``: a stored run in another format."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness import run as runs
from harness.reports import formats, render, write_report


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--format", "kind", default="html", show_default=True, help="See below.")
@click.option("--out", type=click.Path(path_type=Path), help="File (default: standard output).")
def command(run: Path, kind: str, out: Path | None) -> None:
    """Write a stored RUN as csv, html, json, junit or markdown; an interrupted run too."""
    loaded = runs.load(run)
    if kind not in formats():
        raise click.BadParameter(f"there are {', '.join(formats())}", param_hint="--format")
    if out is None:
        sys.stdout.buffer.write(render(loaded, kind))
        return
    click.echo(f"written: {write_report(loaded, kind, out)}", err=True)
