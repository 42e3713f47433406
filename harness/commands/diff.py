"""``assay diff``: what changed between two runs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from harness import run as runs
from harness.run import Run
from harness.verdict import ExitCode, Verdict

Changes = dict[str, list[str]]


@click.command("diff")
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable on stdout.")
def command(run_a: Path, run_b: Path, as_json: bool) -> int:
    """Compare RUN_A (before) with RUN_B (after); exit 1 on a regression."""
    changes = compare(runs.load(run_a), runs.load(run_b))
    if as_json:
        click.echo(json.dumps(changes, indent=1))
    else:
        for name, lines in changes.items():
            for line in lines:
                click.echo(f"{name.replace('_', ' ')}: {line}")
        if not any(changes.values()):
            click.echo("no difference")
    return ExitCode.UNEXPECTED_RESULT if changes["regressions"] else ExitCode.EXPECTED


def compare(before: Run, after: Run) -> Changes:
    """Differences by kind; a worse verdict is a regression, a better one is fixed.

    A verdict that became INCONCLUSIVE is a regression too: what was proved is proved no more.
    Where the runs are of two devices, a key that both have shown is named: it cannot be either's
    own.
    """
    old = {str(row["id"]): row for row in before.results}
    new = {str(row["id"]): row for row in after.results}
    changes: Changes = {
        "regressions": [], "fixed": [], "new": [], "gone": [], "changed_reason": [],
        "same_key": [],
    }  # fmt: skip
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            row = new.get(name) or old[name]
            changes["new" if name in new else "gone"].append(f"{name} {row['verdict']}")
            continue
        was, now = (Verdict[str(row["verdict"])] for row in (old[name], new[name]))
        reasons = [str(row["kind"] or row["code"] or "") for row in (old[name], new[name])]
        if was != now:
            kind = "regressions" if now > was else "fixed"
            changes[kind].append(f"{name} {was.name} -> {now.name}")
        elif reasons[0] != reasons[1]:
            changes["changed_reason"].append(f"{name} {now.name}: {reasons[0]} -> {reasons[1]}")
    if before.document["device"] != after.document["device"]:
        for digest in sorted(_shown_keys(before) & _shown_keys(after)):
            changes["same_key"].append(f"both devices show the public key with SHA-256 {digest}")
    return changes


def _shown_keys(run: Run) -> set[str]:
    """Digests of the public keys that the device of a run has shown for its own."""
    seen = (one for play in run.plays.values() for one in play if one.kind == "identity")
    return {str(one.data["spki"]) for one in seen if "spki" in one.data}
