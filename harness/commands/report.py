"""``assay report``: a stored run in another format."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from harness import run as runs
from harness import stakeholders
from harness.errors import RequestError
from harness.reports import BINARY, FOLDERS, formats, render, write_folder, write_report
from harness.schemes import model as schemes

_EXAMPLES = """\b
Formats:
  html      one page for everybody, works without a network (the default)
  pdf       A4, to print, sign and file
  markdown  summary for the page of a CI job, at most 1 MiB
  junit     results for a CI server
  sarif     results for code scanning, beside the lines of device.toml
  allure    results for 'allure generate'; --out FOLDER, or FILE.zip
  csv       results, claims, waivers and loads for a spreadsheet
  json      run.json, for programs
  oscal     assessment results for compliance tools (OSCAL)
  in-toto   test-result statement, not signed; 'assay bundle' signs it

\b
Examples:
  assay report runs/20260301-aurora --out report.html
  assay report runs/20260301-aurora --scheme dicom-enhanced --out report.html
  assay report runs/20260301-aurora --for clinical-engineering --out report.html
  assay report runs/20260301-aurora --format sarif --out assay.sarif
  assay report runs/20260301-aurora --format allure --out allure-results
"""


@click.command("report", epilog=_EXAMPLES)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--format", "kind", default="html", show_default=True, help="See below.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="File, or folder (default: standard output)."
)
@click.option("--scheme", metavar="S", help="Judge it by this scheme: see 'assay schemes'.")
@click.option(
    "--for", "chair", metavar="CHAIR", help="Read it from a chair, such as clinical-engineering."
)
def command(run: Path, kind: str, out: Path | None, scheme: str | None, chair: str | None) -> None:
    """Write a stored RUN in another format; an interrupted run too."""
    seat = stakeholders.named(chair).id if chair is not None else ""
    loaded = replace(runs.load(run), chair=seat)
    if scheme:
        loaded = runs.judged_by(loaded, schemes.find(scheme)[1])
    if kind not in formats():
        raise click.BadParameter(f"there are {', '.join(formats())}", param_hint="--format")
    if out is None:
        if kind in BINARY and sys.stdout.isatty():
            raise RequestError(
                f"--format {kind}: is nothing for a terminal; name a file with --out"
            )
        sys.stdout.buffer.write(render(loaded, kind))
        return
    write = write_folder if kind in FOLDERS and out.suffix != ".zip" else write_report
    click.echo(f"written: {write(loaded, kind, out)}", err=True)
