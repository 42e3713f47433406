"""``assay simulate``: one simulator, kept up by hand at a bench or a Connectathon."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import cast

import click

from harness import terminal
from harness.errors import HarnessError
from harness.verdict import ExitCode

Simulator = Callable[[Sequence[str]], int]
"""The rest of the command line -> an exit code."""

GROUP = "dicom_assay.simulators"

_EXAMPLES = """\b
Examples:
  assay simulate                           which simulators there are
  assay simulate reference --help          what one of them takes
  assay simulate reference scp --port 11112 --storage /tmp/images
  assay simulate reference scp --port 11112 --storage /tmp/images --flaw raw_log
  assay simulate tls --limbo limbo.json rfc5280::serial::zero --port 2762
\b
Simulators listen on loopback unless their own options say otherwise. Ctrl-C ends them.
"""


@click.command(
    "simulate",
    short_help="Keep up one simulator by hand.",
    epilog=_EXAMPLES,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("peer", required=False)
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
def command(peer: str | None, arguments: tuple[str, ...]) -> int:
    """Keep up the simulator PEER; the rest of the command line is its own.

    Without PEER, the simulators are listed.
    """
    installed = {entry.name: entry for entry in entry_points(group=GROUP)}
    if peer is None:
        rows = [(name, _line(installed[name])) for name in sorted(installed)]
        terminal.columns(rows or [("none", "reinstall dicom-assay")])
        return ExitCode.EXPECTED
    if peer.startswith("-"):
        raise click.UsageError(f"no such option {peer}; a simulator's options follow its name")
    if peer not in installed:
        near = difflib.get_close_matches(peer, installed, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else f"there are {_names(installed)}"
        raise click.UsageError(f"{peer}: no such simulator: {hint}")
    return _kept_up(_loaded(installed[peer]), arguments)


def _kept_up(simulator: Simulator, arguments: Sequence[str]) -> int:
    """Runs it until it ends; Ctrl-C and SIGTERM are the ordinary end."""
    try:
        return int(simulator(list(arguments)) or 0)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        return ExitCode.EXPECTED
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else bool(leaving.code)


def _loaded(entry: EntryPoint) -> Simulator:
    try:
        return cast(Simulator, entry.load())
    except (ImportError, AttributeError) as error:
        raise HarnessError(f"the simulator '{entry.name}' cannot be loaded: {error}") from error


def _line(entry: EntryPoint) -> str:
    """What a simulator is: the first line of its module's or its function's docstring."""
    try:
        simulator = _loaded(entry)
    except HarnessError as error:
        return str(error)
    module = importlib.import_module(entry.module)
    text = module.__doc__ or simulator.__doc__ or ""
    return text.strip().partition("\n")[0]


def _names(installed: dict[str, EntryPoint]) -> str:
    return ", ".join(sorted(installed)) or "none: reinstall dicom-assay"
