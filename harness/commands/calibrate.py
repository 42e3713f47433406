"""``assay calibrate``: the harness's own proof, on its own devices."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from harness import browsers, calibration, devices, reference_defects, registry
from harness.calibration import Job, Outcome
from harness.errors import ProfileError
from harness.model import JSON
from harness.verdict import ExitCode

_WAITING = 6
"""How many jobs more than processors: most of them wait for a timer of their device."""

_TELL_EACH_S = 60.0
"""How often a log, which has no moving bar, is told how far it is."""

_SLOWEST = 8

_EXAMPLES = """\b
Examples:
  assay calibrate                         everything, three seeds: some minutes
  assay calibrate --seeds 1               everything, one seed: a third of the time
  assay calibrate --flaw no_artim         one seeded flaw
  assay calibrate --reference-defects     what has to be found by docs/flaws.md
"""


@click.command("calibrate", epilog=_EXAMPLES)
@click.option("--flaw", help="Only this seeded flaw, and the clean device.")
@click.option(
    "--reference-defects", "listed", is_flag=True, help="Only the list of reference defects."
)
@click.option("--seeds", "many", type=click.IntRange(1, 10), default=3, show_default=True)
@click.option(
    "--first-seed", type=click.IntRange(0, 1000), default=0, show_default=True, help="Of them."
)
@click.option("--workers", type=click.IntRange(1, 16), help="Jobs at a time.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable on stdout.")
def command(
    flaw: str | None,
    listed: bool,
    many: int,
    first_seed: int,
    workers: int | None,
    as_json: bool,
) -> int:
    """Prove that each scenario passes on the clean device and fails on its seeded flaw."""
    catalogue, left_out = browsers.split(registry.load())
    seeds = range(first_seed, first_seed + many)
    at_once = workers or (os.cpu_count() or 2) + _WAITING
    if listed and flaw is not None:
        raise ProfileError("--flaw and --reference-defects: choose one of them")
    if listed:
        played = _play(reference_defects.plan(catalogue, seeds), at_once)
        found = reference_defects.summarise(played, seeds)
        return _tell_found(found, as_json=as_json)
    if flaw is not None:
        _refuse_unknown(flaw, catalogue)
    jobs = calibration.plan(catalogue, seeds, flaw)
    played = _play(jobs, at_once)
    document = calibration.summarise(catalogue, played, seeds)
    document["not_played"] = [*left_out]
    if as_json:
        click.echo(json.dumps(document, indent=1))
    _tell(document)
    if left_out:
        click.echo(
            f"NOT PLAYED: {len(left_out)} scenarios ({', '.join(left_out)}), for want of a "
            f"browser: {browsers.missing()}",
            err=True,
        )
    return ExitCode.EXPECTED if calibration.sound(document) else ExitCode.UNEXPECTED_RESULT


def _refuse_unknown(flaw: str, catalogue: calibration.Catalogue) -> None:
    """Raises ProfileError for a flaw that there is not, or that proves nothing."""
    if flaw not in devices.declared("flaws"):
        raise ProfileError(f"--flaw {flaw}: there are {', '.join(devices.declared('flaws'))}")
    if all(one.control != flaw for one in catalogue.values()):
        raise ProfileError(
            f"--flaw {flaw}: no scenario names it as its control, so nothing would be proved; "
            "'assay list --json' shows the control of each"
        )


def _play(jobs: list[Job], workers: int) -> list[Outcome]:
    """Plays the jobs side by side in processes of their own."""
    console = Console(stderr=True, highlight=False)
    bar = Progress(
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    done: list[Outcome] = []
    began = told = time.monotonic()
    # Spawned, not forked: a fork would copy the threads' locks of this process.
    context = multiprocessing.get_context("spawn")
    with bar, ProcessPoolExecutor(workers, mp_context=context) as pool:
        task = bar.add_task("calibrating", total=len(jobs))
        for future in as_completed([pool.submit(calibration.perform, job) for job in jobs]):
            done.append(future.result())
            bar.update(task, advance=1, description=f"calibrating ({done[-1].job.device})")
            now = time.monotonic()
            if not console.is_terminal and now - told > _TELL_EACH_S:
                told = now
                click.echo(f"{len(done)} of {len(jobs)} jobs, {now - began:.0f} s", err=True)
    return done


def _tell_found(document: dict[str, JSON], *, as_json: bool) -> int:
    """Says which reference defects were found as they have to be; returns the exit code."""
    if as_json:
        click.echo(json.dumps(document, indent=1))
    rows = document["rows"]
    assert isinstance(rows, dict)
    unsound = {name: row for name, row in rows.items() if not _field(row, "sound")}
    for name, row in unsound.items():
        wrong = _field(row, "wrong")
        for line in wrong if isinstance(wrong, list) else ():
            click.echo(f"{name} {line}", err=True)
    click.echo(
        f"{len(rows) - len(unsound)} of {len(rows)} reference defects and benign peculiarities as "
        f"they have to be, seeds {document['seeds']}",
        err=True,
    )
    return ExitCode.UNEXPECTED_RESULT if unsound else ExitCode.EXPECTED


def _field(row: JSON, key: str) -> JSON:
    return row.get(key) if isinstance(row, dict) else None


def _tell(document: dict[str, JSON]) -> None:
    summary = document["summary"]
    assert isinstance(summary, dict)
    for name, value in summary.items():
        if isinstance(value, list) and name != "seeds":
            for line in value:
                click.echo(f"{name.replace('_', ' ')}: {line}", err=True)
    timing = document["timing"]
    assert isinstance(timing, list)
    for row in timing[:_SLOWEST]:
        assert isinstance(row, dict)
        click.echo(f"{row['wall_s']:6.1f} s: {row['job']}, seed {row['seed']}", err=True)
    click.echo(
        f"{summary['scenarios']} scenarios, {summary['detected']} of {summary['flaws']} flaws "
        f"detected, seeds {summary['seeds']}: "
        f"{'sound' if calibration.sound(document) else 'NOT SOUND'}",
        err=True,
    )
