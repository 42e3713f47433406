"""``assay``: a thin, friendly front. Each command is one file in :mod:`harness.commands`.

Machine output goes to stdout and only with ``--json``; everything else goes to stderr. Whatever
goes wrong in a foreseeable way is one line that names the key or flag and the way out.
"""

from __future__ import annotations

import importlib
import signal
import sys
import traceback
from types import FrameType

import click

from harness.errors import (
    BenchError,
    BundleError,
    HarnessError,
    ProfileError,
    RecordError,
    RequestError,
    ScopeError,
    SignatureError,
)
from harness.guard import refuse_shadowed_packages
from harness.verdict import ExitCode

COMMANDS = (
    "run", "pair", "load", "claims", "list", "explain", "catalogue", "threats", "schemes",
    "init", "doctor", "calibrate", "simulate", "corpus", "report", "attest", "rejudge", "replay",
    "diff", "trend", "badge", "bundle", "verify", "key",
)  # fmt: skip

_OF_THE_CALLER = (
    ProfileError, RequestError, ScopeError, RecordError, SignatureError, BundleError,
)  # fmt: skip

_EXAMPLES = """\b
Examples:
  assay run                              the embedded reference device, on loopback
  assay run device.toml --select 'TLS-*' your device, TLS only
  assay load device.toml --rate 200      a busy day, measured and judged
  assay init 127.0.0.1:11112             write a profile by probing
  assay explain ASC-003                  what a scenario does, why, and how to mend
"""


class _Commands(click.Group):
    """Imports a command only when it is used, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a user's day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Loads one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"harness.commands.{cmd_name}")
        command: click.Command = module.command
        return command


@click.command(cls=_Commands, epilog=_EXAMPLES, context_settings={"max_content_width": 100})
@click.version_option(package_name="dicom-assay", prog_name="assay")
def assay() -> None:
    """Find out, by test, what the security of a DICOM device is really worth."""


def main() -> None:
    """Entry point: turns every foreseeable error into one line and an exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        refuse_shadowed_packages()
        code = assay.main(prog_name="assay", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("assay: interrupted", err=True)
        sys.exit(ExitCode.NOTHING_CONCLUSIVE)
    except HarnessError as error:
        click.echo(f"assay: {error}", err=True)
        sys.exit(exit_code_for(error))
    except Exception:
        traceback.print_exc()
        click.echo("assay: this is a defect of ours, not of the device: please report it", err=True)
        sys.exit(ExitCode.HARNESS_ERROR)
    sys.exit(code if isinstance(code, int) else ExitCode.EXPECTED)


def exit_code_for(error: HarnessError) -> ExitCode:
    """Which exit code an error of ours deserves."""
    if isinstance(error, _OF_THE_CALLER):
        return ExitCode.USAGE
    if isinstance(error, BenchError):
        return ExitCode.NOTHING_CONCLUSIVE
    return ExitCode.HARNESS_ERROR


def _terminate(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
