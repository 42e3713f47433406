"""``assay list``: the scenarios, as a table for people or as data."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness import registry, schemas, terminal
from harness.model import Scenario
from harness.session import Choice, choose
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay list
  assay list --select 'TLS-*' --tag requestor
  assay list --json | jq -r '.scenarios[].id'
"""
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}


@click.command("list", short_help="List the scenarios.", epilog=_EXAMPLES)
@click.option("--select", multiple=True, metavar="GLOB", help="Scenario ids; repeatable.")
@click.option(
    "--tag", multiple=True, metavar="WORD", help="Only this family, role, severity or safety."
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable on stdout.")
def command(select: tuple[str, ...], tag: tuple[str, ...], as_json: bool) -> int:
    """List the scenarios: id, role of the device, severity, and what is required of it."""
    chosen = choose(registry.load(), Choice(select=select, tags=tag))
    if as_json:
        document = schemas.catalogue_document({one.id: one for one in chosen})
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
    elif terminal.is_terminal():
        Console(highlight=False).print(_table(chosen))
    else:
        rows = [(one.id, one.role.value, one.severity.value, one.title) for one in chosen]
        terminal.columns([("ID", "ROLE", "SEVERITY", "TITLE"), *rows])
    if not as_json:
        twins = sum(one.positive for one in chosen)
        click.echo(f"{len(chosen)} scenarios, {twins} of them twins (honest exchanges)", err=True)
    return ExitCode.EXPECTED


def _table(chosen: Sequence[Scenario]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("Id", "Role", "Severity"):
        table.add_column(name, no_wrap=True)
    table.add_column("Title", overflow="fold")
    for one in chosen:
        severity = Text(one.severity.value, _STYLES.get(one.severity.value, ""))
        table.add_row(Text(one.id, "bold"), one.role.value, severity, Text(one.title))
    return table
