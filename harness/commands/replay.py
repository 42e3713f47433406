"""``assay replay``: plays a scenario of a stored run, or one of its findings, again."""

from __future__ import annotations

from pathlib import Path

import click

from harness import run as runs
from harness.commands import run as run_command
from harness.errors import ProfileError
from harness.fuzzing import reproducer_in


@click.command("replay")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("scenario_id", metavar="ID")
@click.option("--device", type=click.Path(path_type=Path), help="Another profile than then.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder (default: below runs/).")
@click.pass_context
def command(
    ctx: click.Context, run: Path, scenario_id: str, device: Path | None, out: Path | None
) -> int:
    """Play scenario ID of a stored RUN again: same profile, same seed, the same bytes.

    FUZ-001.2 is the second finding of FUZ-001: it is played alone, as it was made small.
    """
    stored = runs.load(run)
    known = {str(row["id"]) for row in stored.results}
    name = scenario_id.upper()
    finding = reproducer_in(run, name)
    if finding is None and name not in known:
        raise ProfileError(f"{scenario_id}: not in {run}; it holds {', '.join(sorted(known))}")
    seed = stored.document["seed"]
    profile = device or runs.profile_file(run)
    result = ctx.invoke(
        run_command.command,
        device=profile,
        select=(str(finding),) if finding else (name,),
        fuzz=runs.mutants_of(stored, name),
        seed=seed if isinstance(seed, int) else 0,
        out=out,
    )
    return int(result)
