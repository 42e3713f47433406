"""``assay threats``: who may want what, what exercises it, and how it fared in a run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from harness import registry, terminal
from harness import run as runs
from harness.model import JSON
from harness.threats import coverage as threat_coverage
from harness.threats import model as threats
from harness.threats import standing as threat_standing
from harness.threats.coverage import Exercise
from harness.threats.model import STRIDE, Horizon, Threat
from harness.threats.standing import Fared
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay threats                       the threat model, and what exercises each threat
  assay threats --horizon 10          only what has to be answered within ten years
  assay threats --stride SI           only spoofing and information disclosure
  assay threats runs/2026...-archive  how each threat fared in that run
"""
_MOST_SCENARIOS = 8


@click.command("threats", epilog=_EXAMPLES)
@click.argument("run", type=click.Path(path_type=Path), required=False)
@click.option(
    "--horizon", type=click.Choice([one.value for one in Horizon]), help="Only this horizon."
)
@click.option("--stride", metavar="LETTERS", help="Only threats of these kinds, such as TI.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON on standard output.")
def command(run: Path | None, horizon: str | None, stride: str | None, as_json: bool) -> int:
    """Show the threat model; with a RUN folder, how each threat fared in it."""
    chosen = _chosen(horizon, stride)
    catalogue = registry.load()
    exercised = threat_coverage.exercised(catalogue)
    fared = threat_standing.fared(runs.load(run).document) if run is not None else {}
    if as_json:
        click.echo(json.dumps(_document(chosen, exercised, fared), indent=1))
        return ExitCode.EXPECTED
    _head(chosen, exercised, fared)
    for threat in chosen:
        _show(threat, exercised[threat.id], fared.get(threat.id))
    return ExitCode.EXPECTED


def _chosen(horizon: str | None, stride: str | None) -> list[Threat]:
    letters = set((stride or "").upper())
    if unknown := letters - STRIDE.keys():
        known = ", ".join(f"{letter} {word}" for letter, word in STRIDE.items())
        raise click.BadParameter(
            f"{''.join(sorted(unknown))}: the letters are {known}", param_hint="--stride"
        )
    chosen = [
        one
        for one in threats.load().values()
        if (horizon is None or one.horizon == horizon)
        and (not letters or letters & set(one.stride))
    ]
    if not chosen:
        raise click.BadParameter(
            f"no threat of horizon {horizon} is of kind {stride}: leave one of the two out",
            param_hint="--stride",
        )
    return chosen


def _head(
    chosen: Sequence[Threat], exercised: Mapping[str, Exercise], fared: Mapping[str, Fared]
) -> None:
    model = threats.model()
    if not fared:
        terminal.heading("Assumptions")
        for one in model.assumptions.values():
            _entry(one.id, f"{one.title} ({one.direction}). {one.text}")
    terminal.heading(f"Threats ({len(chosen)})")
    statuses = [exercised[one.id].status for one in chosen]
    counts = [f"{statuses.count(word)} {word}" for word in dict.fromkeys(sorted(statuses))]
    terminal.paragraph(", ".join(counts) + ".")
    if fared:
        tally = threat_standing.tally(fared[one.id] for one in chosen)
        told = (f"{count} {words}" for _, words, count in tally)
        terminal.paragraph("In this run: " + ", ".join(told) + ".")


def _show(threat: Threat, exercise: Exercise, fared: Fared | None) -> None:
    model = threats.model()
    terminal.heading(f"{threat.id}  {threat.title}")
    facts = (
        threat.direction,
        model.actors[threat.actor].title,
        model.assets[threat.asset].title,
        ", ".join(STRIDE[letter] for letter in threat.stride),
        threat.horizon.words,
    )
    terminal.paragraph("; ".join(facts))
    if fared is not None:
        partly = " (in part)" if fared.partial else ""
        _entry("in this run", f"{fared.words}{partly}: {fared.reason}")
        if fared.scenarios and fared.failed:
            _entry("by", _named(fared.scenarios[: fared.failed]))
    _entry("IT view", threat.it_view)
    _entry("OT view", threat.ot_view)
    _entry("exercised", _exercised(threat, exercise))
    _entry("answered by", ", ".join(threat.answered_by))
    _entry("residual", threat.residual)


def _exercised(threat: Threat, exercise: Exercise) -> str:
    left = threat.partly or threat.untested
    if exercise.status == "not exercised":
        return f"by nothing: {left}"
    roles = {
        "acceptor": exercise.acceptor,
        "requestor": exercise.requestor,
        "reader": exercise.reader,
    }
    parts = [f"as {role} by {_named(names)}" for role, names in roles.items() if names]
    if exercise.attested:
        parts.append(f"by a person, asked by {_named(exercise.attested)}")
    if exercise.through:
        parts.append(f"through {', '.join(exercise.through)}")
    return "; ".join(parts) + (f". What is left out: {left}" if left else "")


def _named(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_SCENARIOS
    return ", ".join(names[:_MOST_SCENARIOS]) + (f" and {rest} more" if rest > 0 else "")


def _document(
    chosen: Sequence[Threat], exercised: Mapping[str, Exercise], fared: Mapping[str, Fared]
) -> dict[str, JSON]:
    """The model as JSON: assumptions, and each threat with what exercises it."""
    assumptions = threats.model().assumptions.values()
    return {
        "schema": "dicom-assay/threats/1",
        "assumptions": [one.model_dump(mode="json") for one in assumptions],
        "threats": [_row(one, exercised[one.id], fared.get(one.id)) for one in chosen],
    }


def _row(threat: Threat, exercise: Exercise, fared: Fared | None) -> dict[str, JSON]:
    row: dict[str, JSON] = {
        **threat.model_dump(mode="json"),
        "status": exercise.status,
        "acceptor": list(exercise.acceptor),
        "requestor": list(exercise.requestor),
        "attested": list(exercise.attested),
    }
    if fared is not None:
        row["fared"] = {
            "state": fared.state.value,
            "words": fared.words,
            "partial": fared.partial,
            "reason": fared.reason,
            "scenarios": list(fared.scenarios),
        }
    return row


def _entry(name: str, text: str) -> None:
    terminal.paragraph(text, indent="      ", first=f"  {name}: ")
