"""``assay schemes``: which schemes there are, and what their levels ask for."""

from __future__ import annotations

import json

import click

from harness import requirements, terminal
from harness.schemes import model as schemes
from harness.schemes.model import Level, Need, Scheme
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay schemes                     which there are
  assay schemes dicom-enhanced      what each of its levels asks for
  assay schemes ./our-scheme.toml   check and read a scheme of your own
  assay run device.toml --scheme dicom-enhanced
"""
_STATUS = {
    "proposal": "a proposal of this project",
    "reading": "our reading of a standard or guidance",
    "house": "your own",
}


@click.command("schemes", epilog=_EXAMPLES)
@click.argument("name", metavar="[ID|FILE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable on stdout.")
def command(name: str | None, as_json: bool) -> int:
    """List the schemes, or explain one: its levels, and what each needs.

    A level is pre-certification evidence. It certifies nothing.
    """
    chosen = [schemes.find(name)[0]] if name else list(schemes.load().values())
    if as_json:
        rows = [one.model_dump(mode="json", by_alias=True) for one in chosen]
        click.echo(json.dumps({"schema": "dicom-assay/schemes/1", "schemes": rows}, indent=1))
    elif name:
        _explain(chosen[0])
    else:
        terminal.columns([(one.id, f"{one.title} ({_STATUS[one.status]})") for one in chosen])
    return ExitCode.EXPECTED


def _explain(scheme: Scheme) -> None:
    terminal.paragraph(f"{scheme.id}  {scheme.title}", indent="", first="")
    terminal.paragraph(f"{scheme.purpose}")
    terminal.paragraph(f"It is {_STATUS[scheme.status]}. {scheme.note}")
    if scheme.source:
        terminal.paragraph(f"Source: {scheme.source} ({scheme.confidence.value}).")
    for level in scheme.level:
        _level(level)


def _level(level: Level) -> None:
    terminal.heading(f"{level.title} ({level.id})")
    terminal.paragraph(level.purpose)
    for need in level.need:
        terminal.say()
        terminal.paragraph(_condition(need), indent="  ")
        for name in need.requirements:
            text = requirements.load()[name].text
            terminal.paragraph(text, indent="      ", first=f"    {name}: ")


def _condition(need: Need) -> str:
    parts: list[str] = [need.weight]
    parts += [f"for an {need.role}" if need.role == "acceptor" else f"for a {need.role}"] * (
        need.role != "both"
    )
    parts += [f"where {need.claim} is claimed"] * bool(need.claim)
    parts += [f"in {', '.join(need.deployments)}"] * bool(need.deployments)
    parts += [f"or by {', '.join(need.evidence)}"] * bool(need.evidence)
    parts += [f"a part is enough: {need.because}"] * need.partial
    parts += [f"a warning is borne: {need.because}"] * need.warned
    return f"{', '.join(parts)}:"
