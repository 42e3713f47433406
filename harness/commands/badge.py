"""``assay badge``: a run in one small picture."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness import pictures
from harness import run as runs
from harness.schemes import model as schemes
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay badge runs/20260301-aurora --out badge.svg
  assay badge runs/20260301-aurora --scheme dicom-baseline --out badge.svg
  assay badge runs/20260301-aurora --format json --out badge.json   for a badge service
"""


@click.command("badge", epilog=_EXAMPLES)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="File (default: standard output).")
@click.option(
    "--format", "kind", type=click.Choice(["svg", "json"]), default="svg", show_default=True,
    help="JSON is for services that draw badges from an endpoint.",
)  # fmt: skip
@click.option("--scheme", metavar="S", help="Judge it by this scheme: see 'assay schemes'.")
def command(run: Path, out: Path | None, kind: str, scheme: str | None) -> int:
    """Draw the level of a RUN, or its verdicts where no scheme was chosen.

    The badge says "evidence", never "certified": nobody certifies here.
    """
    loaded = runs.load(run)
    if scheme:
        loaded = runs.judged_by(loaded, schemes.find(scheme)[1])
    data = pictures.drawn(f"badge-{kind}", loaded)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        pictures.write(data, out)
        click.echo(f"written: {out}", err=True)
    return ExitCode.EXPECTED
