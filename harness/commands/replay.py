"""``assay replay``: plays one scenario of a stored run again, with the same seed."""

from __future__ import annotations

from pathlib import Path

import click

from harness import run as runs
from harness.commands import run as run_command
from harness.errors import ProfileError


@click.command("replay")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("scenario_id", metavar="ID")
@click.option("--device", type=click.Path(path_type=Path), help="Another profile than then.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder (default: below runs/).")
@click.pass_context
def command(
    ctx: click.Context, run: Path, scenario_id: str, device: Path | None, out: Path | None
) -> int:
    """Play scenario ID of a stored RUN again: same profile, same seed, the same bytes."""
    stored = runs.load(run)
    known = {str(row["id"]) for row in stored.results}
    name = scenario_id.upper()
    if name not in known:
        raise ProfileError(f"{scenario_id}: not in {run}; it holds {', '.join(sorted(known))}")
    seed = stored.document["seed"]
    profile = device or runs.profile_file(run)
    result = ctx.invoke(
        run_command.command,
        device=profile,
        select=(name,),
        seed=seed if isinstance(seed, int) else 0,
        out=out,
    )
    return int(result)
