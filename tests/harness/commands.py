"""Runs one command as the entry point does, and tells how it ended."""

from __future__ import annotations

from dataclasses import dataclass

import click
from click.testing import CliRunner

from harness.cli import assay, exit_code_for
from harness.errors import HarnessError
from harness.verdict import ExitCode


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


def run(*arguments: str, typed: str | None = None) -> Ran:
    """A traceback of ours is a failed test: only foreseeable errors become an exit code."""
    result = CliRunner().invoke(assay, list(arguments), input=typed, standalone_mode=False)
    error = result.exception
    if error is None:
        code = result.return_value if isinstance(result.return_value, int) else result.exit_code
        return Ran(code, result.stdout, result.stderr)
    if isinstance(error, click.ClickException):
        return Ran(ExitCode.USAGE, result.stdout, f"{result.stderr}{error.format_message()}")
    if isinstance(error, HarnessError):
        return Ran(exit_code_for(error), result.stdout, f"{result.stderr}{error}")
    raise error
