"""``assay explain``: everything about one scenario, for people."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping

import click

from harness import registry, requirements, terminal
from harness.errors import ProfileError
from harness.load_cases import CASES
from harness.model import Scenario
from harness.threats import model as threats
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay explain ASC-003
  assay explain tls-001
"""
_MOST_CASES = 20


@click.command("explain", short_help="Explain one scenario.", epilog=_EXAMPLES)
@click.argument("scenario_id", metavar="ID")
def command(scenario_id: str) -> int:
    """Explain the scenario ID: what it does, why, what it rests on, and how to mend a device."""
    catalogue = {**CASES, **registry.load()}
    one = catalogue.get(scenario_id.upper())
    if one is None:
        raise ProfileError(_unknown(scenario_id, catalogue))
    _explain(one, catalogue)
    return ExitCode.EXPECTED


def _unknown(given: str, catalogue: Mapping[str, Scenario]) -> str:
    begun = [name for name in catalogue if name.startswith(given.upper())][:4]
    near = begun or difflib.get_close_matches(given.upper(), catalogue, n=4, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "see 'assay list'"
    return f"{given}: no such scenario: {hint}"


def _explain(one: Scenario, catalogue: Mapping[str, Scenario]) -> None:
    terminal.paragraph(f"{one.id}  {one.title}", indent="", first="")
    terminal.paragraph(
        f"{one.role.value}, {one.severity.value}, {one.safety.value}, at most {one.budget_s:g} s"
        f"{', played alone' if one.alone else ''}{', with a bystander' if one.bystander else ''}"
    )
    terminal.heading("Why")
    terminal.paragraph(one.rationale)
    terminal.heading("Remedy")
    terminal.paragraph(one.remediation)
    _requirements(one)
    terminal.heading("Against")
    for name in one.threats:
        threat = threats.load()[name]
        asset = threats.model().assets[threat.asset].title
        _entry(name, f"{threat.title} ({threat.direction}; {asset})")
    for name in one.weakness:
        _entry(name, f"https://cwe.mitre.org/data/definitions/{name.removeprefix('CWE-')}.html")
    if one.references:
        _entry("seen in", ", ".join(one.references))
    _question(one)
    _judgement(one, catalogue)
    _cases(one)


def _requirements(one: Scenario) -> None:
    terminal.heading("Verifies")
    for name in one.verifies:
        known = requirements.load()[name]
        weight = "" if known.decides else "; never decides a FAIL alone"
        _entry(name, f"{known.text} [{known.level}; {known.source}; {known.confidence}{weight}]")


def _question(one: Scenario) -> None:
    if one.question is None:
        return
    terminal.heading("What a person is asked")
    _entry("question", one.question.ask)
    _entry("look", one.question.look)
    _entry("attach", one.question.attach)
    _entry("who", one.question.who)


def _judgement(one: Scenario, catalogue: Mapping[str, Scenario]) -> None:
    terminal.heading("How it is judged")
    _entry("needs", f"the device claims {', '.join(sorted(one.needs))}")
    if one.question:
        _entry("twin", "none: nothing is exchanged, a person looks")
    elif one.twin is None:
        _entry("twin", "none: this is itself an honest exchange that must succeed")
    else:
        _entry("twin", f"{one.twin}  {catalogue[one.twin].title}")
    _entry("oracles", "; ".join(oracle.name for oracle in one.oracles))
    _entry("control", f"the seeded flaw {one.control} makes it FAIL")
    _entry("source", one.source)


def _cases(one: Scenario) -> None:
    if not one.vary:
        return
    terminal.heading(f"Cases ({len(one.vary)})")
    for number, case in enumerate(one.vary[:_MOST_CASES]):
        shown = ", ".join(f"{key} = {json.dumps(value)}" for key, value in case.items())
        terminal.paragraph(shown, indent="      ", first=f"  {number:3} ")
    if len(one.vary) > _MOST_CASES:
        terminal.paragraph(f"and {len(one.vary) - _MOST_CASES} more")


def _entry(name: str, text: str) -> None:
    terminal.paragraph(text, indent="      ", first=f"  {name}: ")
