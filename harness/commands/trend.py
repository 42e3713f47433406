"""``assay trend``: how a device fared over many runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness import pictures
from harness.errors import RequestError
from harness.schemes import model as schemes
from harness.trends import Trend, trend_of
from harness.verdict import ExitCode

_FORMATS = ("html", "svg", "csv", "json")
_EXAMPLES = """\b
Examples:
  assay trend runs --out trend.html                       every run below runs/
  assay trend runs/a runs/b runs/c --out trend.svg
  assay trend runs --scheme dicom-baseline --out trend.html
  assay trend runs --format csv
"""


@click.command("trend", epilog=_EXAMPLES)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option("--out", type=click.Path(path_type=Path), help="File: .html, .svg, .csv or .json.")
@click.option(
    "--format", "kind", type=click.Choice(_FORMATS), help="Default: by the name of --out, or csv."
)
@click.option("--scheme", metavar="S", help="Judge all of them by it: see 'assay schemes'.")
def command(runs: tuple[Path, ...], out: Path | None, kind: str | None, scheme: str | None) -> int:
    """Show verdicts, level and flips over RUNs, by date; a folder of runs will do.

    One page that meets no network, one picture, or data.
    """
    chosen = kind or _by_name(out)
    trend = trend_of(runs, schemes.find(scheme)[0] if scheme else None)
    data = pictures.drawn(f"trend-{chosen}", trend)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        pictures.write(data, out)
        click.echo(f"written: {out}", err=True)
    _say(trend)
    return ExitCode.EXPECTED


def _by_name(out: Path | None) -> str:
    if out is None:
        return "csv"
    ending = out.suffix.lower().removeprefix(".")
    if ending not in _FORMATS:
        names = ", ".join(f".{one}" for one in _FORMATS)
        raise RequestError(f"--out {out}: name it {names}, or give --format")
    return ending


def _say(trend: Trend) -> None:
    flipped = sum(len(point.flipped) for point in trend.points)
    click.echo(f"{len(trend.points)} runs, {flipped} changes of a verdict", err=True)
    for note in trend.notes:
        click.echo(note, err=True)
