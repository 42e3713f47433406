"""``assay run``: plays scenarios against a device and writes the evidence."""

from __future__ import annotations

import contextlib
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from harness import baseline as baselines
from harness import registry
from harness import run as runs
from harness.confrontation import disproved
from harness.devices import LIST_LIES, profile_for, tell_lies
from harness.errors import HarnessError
from harness.front import Front
from harness.fuzzing import MOST, Fuzzing, selected
from harness.profile import Profile
from harness.progress import TerminalListener
from harness.pytest_plugin import ScenarioWarning
from harness.reports import write_report
from harness.reviewing import asking, reviews
from harness.run import Run
from harness.schemes import model as schemes
from harness.session import Choice, choose
from harness.summary import summarise
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay run                                    embedded reference device
  assay run devices/dcmtk-storescp.toml        a real device, started by its recipe
  assay run device.toml --select 'TLS-*' --tag acceptor
  assay run device.toml --fuzz 100000 --seed 7  mutants besides the hand-written cases
  assay run device.toml --select RUN/fuzz/FUZ-001.1.json   one of its findings again
  assay run device.toml --resume runs/20260101T120000.000Z-device
"""


@click.command("run", epilog=_EXAMPLES)
@click.argument("device", required=False, type=click.Path(path_type=Path))
@click.option("--select", multiple=True, metavar="GLOB", help="Scenario ids to play; or a finding.")
@click.option("--tag", multiple=True, help="Only this family, role, severity or safety.")
@click.option("--smoke", is_flag=True, help="Only what is short: about a minute.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder (default: below runs/).")
@click.option("--seed", type=int, default=0, show_default=True, help="Seeds every play.")
@click.option("--fuzz", type=click.IntRange(1, MOST), metavar="N", help="Play N mutants as well.")
@click.option("--lanes", type=click.IntRange(1, 64), help="Most plays at a time.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Expected verdicts (TOML).")
@click.option("--scheme", metavar="S", help="Judge the level: an id of 'assay schemes', or a file.")
@click.option("--resume", type=click.Path(path_type=Path), help="Continue an interrupted run.")
@click.option("--claim-lie", "lie", metavar="NAME", help="Let the reference device lie; or: list.")
@click.option("--ask", is_flag=True, help="At the end, ask what only a person can answer.")
@click.option("--json", "as_json", is_flag=True, help="Print run.json on stdout.")
def command(
    device: Path | None,
    select: tuple[str, ...],
    tag: tuple[str, ...],
    smoke: bool,
    out: Path | None,
    seed: int,
    fuzz: int | None,
    lanes: int | None,
    baseline: Path | None,
    scheme: str | None,
    resume: Path | None,
    lie: str | None,
    ask: bool,
    as_json: bool,
) -> int:
    """Play scenarios against DEVICE.toml and write a report.

    Without DEVICE, the embedded reference device is played against, on loopback. With --scheme
    everything is played all the same: a level rests on a whole run.
    """
    if lie == LIST_LIES:
        tell_lies()
        return ExitCode.EXPECTED
    if ask:
        asking.refuse_without_terminal("--ask")
    profile = profile_for(device, lie)
    catalogue = registry.load()
    select, fuzzing = selected(select, Fuzzing(mutants=fuzz), catalogue)
    expected = baselines.load(baseline) if baseline else baselines.NOTHING_EXPECTED
    stakes = schemes.find(scheme)[1] if scheme else {}
    if baseline:
        stakes["waivers"] = expected.waivers()
    choice = Choice(
        select=select, tags=tag, smoke=smoke, seed=seed, lanes=lanes, out=out, resume=resume,
        fuzzing=fuzzing, stakes=stakes,
    )  # fmt: skip
    choose(catalogue, choice)  # a wrong pattern is refused before anything starts
    return play_and_report(profile, choice, expected, as_json=as_json, ask=ask)[1]


def play_and_report(
    profile: Profile,
    choice: Choice,
    expected: baselines.Baseline,
    *,
    as_json: bool,
    ask: bool = False,
) -> tuple[Run, ExitCode]:
    """Plays, writes the report, and tells how it went; for every command that runs scenarios.

    Raises:
        HarnessError: The run could not go on.
        click.Abort: The operator did not want to wait for it.
    """
    name = f"{profile.device.manufacturer} {profile.device.model}"
    with TerminalListener(name) as listener:
        front = Front(profile=profile, choice=choice, listener=listener, announce=listener.announce)
        status = _play(front)
    if front.finished is None:
        raise _unfinished(front, status)
    run = _answered(front.finished) if ask else front.finished
    verdict = baselines.judge(run, expected)
    code = _exit_code(run, front, verdict, status)
    report = write_report(run, "html", run.folder / "report.html")
    if as_json:
        click.echo(json.dumps(run.document, indent=1))
    summarise(run, report, verdict, listener.console)
    return run, code


def _answered(run: Run) -> Run:
    """The run with what a person at the terminal answers to its questions."""
    asked = [one for one in reviews.asked(run.results, run.plays) if one.open]
    if not asked or not run.document["complete"]:
        return run
    asking.ask_all(run, asked)
    return runs.load(run.folder)


def _play(front: Front) -> int:
    """Runs pytest with our plugin and nobody else's; its own terminal output stays silent."""
    arguments = [
        "-p", "harness.pytest_plugin", "-p", "no:terminal", "-p", "no:cacheprovider",
        "-p", "no:logging", "-p", "no:capture", "-p", "no:faulthandler", "-p", "no:warnings",
        "-c", os.devnull, "--rootdir", os.getcwd(), "--noconftest",
    ]  # fmt: skip
    with _without_other_plugins(), warnings.catch_warnings():
        # A WARN is told by the listener; pytest's way of telling it is for pytest's users.
        warnings.simplefilter("ignore", ScenarioWarning)
        return int(pytest.main(arguments, plugins=[_Named(front)]))


@contextlib.contextmanager
def _without_other_plugins() -> Iterator[None]:
    """What pytest reads from the environment is meant for the user's own tests, not for a run."""
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(before)


class _Named:
    """Registers the front under its own name as soon as pytest is configured."""

    def __init__(self, front: object) -> None:
        self._front = front

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Makes the front findable by the plugin."""
        config.pluginmanager.register(self._front, Front.NAME)


def _unfinished(front: Front, status: int) -> Exception:
    """Why there is no run: an error of ours, or the operator who did not want to wait for it."""
    if front.error is None and status == pytest.ExitCode.INTERNAL_ERROR:
        return HarnessError("pytest met an internal error, shown above: please report it")
    return front.error or click.Abort()


def _exit_code(run: Run, front: Front, verdict: baselines.Comparison, status: int) -> ExitCode:
    if front.error is not None:
        raise front.error
    counts = run.counts()
    if counts.get("ERROR"):
        return ExitCode.HARNESS_ERROR
    if status == pytest.ExitCode.INTERRUPTED or not run.document["complete"]:
        return ExitCode.NOTHING_CONCLUSIVE if not verdict.unexpected else ExitCode.UNEXPECTED_RESULT
    if verdict.unexpected or disproved(run.document):
        return ExitCode.UNEXPECTED_RESULT
    if not counts.get("PASS") and not counts.get("WARN") and not counts.get("FAIL"):
        return ExitCode.NOTHING_CONCLUSIVE
    if status == pytest.ExitCode.INTERNAL_ERROR:
        return ExitCode.HARNESS_ERROR
    return ExitCode.EXPECTED
