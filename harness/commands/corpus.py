"""``assay corpus``: the hostile files themselves, for readers that no profile can drive."""

from __future__ import annotations

from pathlib import Path

import click

from harness import corpus, registry, specimens

_EXAMPLES = """\b
Examples:
  assay corpus hostile-files
  assay corpus discs --select 'file-ids-astray' --select 'directory-*'
  assay corpus one --select 'deep-nesting/undefined-1000' --json | jq -r '.specimens[].files[].path'
"""


@click.command("corpus", short_help="Write hostile files and media to a folder.", epilog=_EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--select", multiple=True, metavar="GLOB", help="Shelves or ids; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="The index on stdout.")
def command(folder: Path, select: tuple[str, ...], as_json: bool) -> None:
    """Write hostile files to DIR, which must be empty, with index.json and index.md.

    Each is an honest file with one deviation: a Part 10 file, or a folder with a DICOMDIR. All
    are synthetic, and none holds a program that does anything. Import them by hand where no
    profile can start the reader; the index says what a good one does.
    """
    registry.load()
    cases = corpus.chosen(list(specimens.offered()), select)
    written = corpus.write(folder, cases, lambda text: click.echo(text, err=True))
    if as_json:
        click.echo(corpus.as_json(written), nl=False)
    size = sum(one.size for one in written)
    click.echo(f"{len(written)} specimens, {size} octets: {folder / 'index.md'}", err=True)
