"""``assay doctor``: is the profile right, and would a run work?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from harness import checks, examination, registry, terminal
from harness import profile as profiles
from harness.checks import Check, State
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay doctor device.toml
  assay doctor devices/dcmtk-storescp.toml
\b
Exit codes: 0 in order (warnings included), 2 the profile has to be corrected,
3 a tool, a port or the device is not ready.
"""
_COLOURS = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}


@click.command("doctor", epilog=_EXAMPLES)
@click.argument("device", metavar="DEVICE.toml", type=click.Path(path_type=Path))
def command(device: Path) -> int:
    """Check a profile, and the device behind it, before a run.

    The device is started (where the profile says how), asked for one honest exchange in each of its
    roles, and stopped again. Nothing hostile is sent.
    """
    profile = profiles.load(device)
    name = f"{device}: {profile.device.manufacturer} {profile.device.model}"
    found = [_shown(Check(name="profile", state=State.OK, detail=name))]
    found += [_shown(check) for check in checks.on_paper(profile, registry.load())]
    code = checks.worst(found)
    if code is not ExitCode.EXPECTED:
        click.echo("the device was not touched: mend the above first", err=True)
        return code
    with closing(examination.at_the_bench(profile, _announce)) as rest:
        found += [_shown(check) for check in rest]
    code = checks.worst(found)
    if code is ExitCode.EXPECTED:
        click.echo(f"in order; next: assay run {device} --smoke", err=True)
    return code


def _shown(check: Check) -> Check:
    state = click.style(f"{check.state.value:4}", fg=_COLOURS[check.state], bold=True)
    detail = "".join(c if c.isprintable() or c == "\n" else "·" for c in check.detail)
    terminal.say(f"{state}  {check.name:14}  {detail}")
    return check


def _announce(text: str) -> None:
    click.echo(f"» {text}", err=True)
