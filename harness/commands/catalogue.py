"""``assay catalogue``: what is tested, what is not, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import click

from harness import coverage, registry, requirements, terminal
from harness.coverage import Coverage, Status
from harness.errors import RequestError
from harness.model import JSON, Role, Scenario
from harness.requirements import Requirement
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay catalogue              families, and how far each set of requirements is tested
  assay catalogue --set mds2   every requirement of one set, with reasons
  assay catalogue --json       the same for machines, all sets
  assay list --tag TLS         the scenarios of one family
"""


@click.command("catalogue", epilog=_EXAMPLES)
@click.option("--set", "wanted", metavar="NAME", help="One set in full: a part of its name or ids.")
@click.option("--json", "as_json", is_flag=True, help="Requirements for machines, to stdout.")
def command(wanted: str | None, as_json: bool) -> int:
    """Say what is tested, what is not, and why."""
    catalogue = registry.load()
    found = coverage.covered(catalogue)
    sets = requirements.by_standard() if wanted is None else _named(wanted)
    if as_json:
        click.echo(json.dumps(_document(sets, found), indent=1))
    elif wanted is None:
        _overview(catalogue, sets, found)
    else:
        for name, members in sets.items():
            _in_full(name, members, found)
    return ExitCode.EXPECTED


Sets = Mapping[str, Sequence[Requirement]]


def _named(wanted: str) -> Sets:
    """The sets that a name stands for.

    Raises:
        RequestError: No set has that name, or ids that begin like it.
    """
    known, words = requirements.by_standard(), wanted.casefold()
    found = {
        name: members
        for name, members in known.items()
        if words in name.casefold()
        or any(one.id.casefold().startswith(f"{words}/") for one in members)
    }
    if not found:
        raise RequestError(f"--set {wanted}: no such set; there are {', '.join(known)}")
    return found


def _overview(catalogue: Mapping[str, Scenario], sets: Sets, found: Mapping[str, Coverage]) -> None:
    grouped = coverage.by_family(catalogue)
    terminal.say(f"{len(catalogue)} scenarios in {sum(map(bool, grouped.values()))} families")
    terminal.heading("Tested")
    rows = [(family.id, family.name, *_counts(some)) for family, some in grouped.items() if some]
    terminal.columns([("", "FAMILY", "ACCEPTOR", "REQUESTOR", "READER", "ASKING", "TWINS"), *rows])
    terminal.heading("Families without a scenario")
    for family, some in grouped.items():
        if not some:
            reason = family.untested or "no reason is stated"
            _entry(f"{family.id}  {family.name}", reason)
    tested = sum(1 for one in found.values() if one.direct)
    terminal.heading(f"Requirements: {tested} of {len(found)} verified by a scenario")
    head = ("SET", *(status.value.upper().replace("-", " ") for status in Status), "ALL")
    terminal.columns([head, *(_set_row(name, sets[name], found) for name in sets)])
    terminal.say()
    terminal.say("What is not tested, and why: assay catalogue --set NAME")
    if wrong := coverage.problems(catalogue):
        terminal.heading(f"Without a reason ({len(wrong)})")
        for sentence in wrong:
            terminal.paragraph(sentence)


def _set_row(
    name: str, members: Sequence[Requirement], found: Mapping[str, Coverage]
) -> tuple[str, ...]:
    counts = Counter(found[one.id].status for one in members)
    return (name, *(str(counts[status] or "-") for status in Status), str(len(members)))


def _in_full(name: str, members: Sequence[Requirement], found: Mapping[str, Coverage]) -> None:
    terminal.heading(f"{name}: {len(members)} requirements")
    for status in Status:
        listed = [one for one in members if found[one.id].status is status]
        if listed:
            terminal.heading(f"{status.value.replace('-', ' ').capitalize()} ({len(listed)})")
        for one in listed:
            _entry(one.id, " ".join(filter(None, (one.text, _how(found[one.id])))))


def _how(covered: Coverage) -> str:
    by = ", ".join(covered.direct)
    through = ", ".join(covered.through)
    parts = [f"Tested by {by}." if by else "", f"Reached through {through}." if through else ""]
    return " ".join(part for part in (*parts, covered.reason) if part)


def _document(sets: Sets, found: Mapping[str, Coverage]) -> JSON:
    rows: list[JSON] = [
        {
            "id": one.id,
            "set": name,
            "text": one.text,
            "level": one.level.value,
            "actor": one.actor.value,
            "conditionality": one.conditionality,
            "source": one.source,
            "confidence": one.confidence.value,
            "status": found[one.id].status.value,
            "scenarios": list(found[one.id].direct),
            "through": list(found[one.id].through),
            "reason": found[one.id].reason,
        }
        for name, members in sets.items()
        for one in members
    ]
    return {"schema": "dicom-assay/requirements/1", "requirements": rows}


def _counts(found: Sequence[Scenario]) -> tuple[str, str, str, str, str]:
    acceptor = sum(one.role is Role.ACCEPTOR for one in found)
    requestor = sum(one.role in (Role.REQUESTOR, Role.USER_AGENT) for one in found)
    reader = sum(one.role is Role.READER for one in found)
    asking = sum(one.role is Role.DEVICE for one in found)
    twins = sum(one.positive for one in found)
    return str(acceptor), str(requestor), str(reader), str(asking), str(twins)


def _entry(name: str, text: str) -> None:
    terminal.paragraph(text, indent="      ", first=f"  {name}: ")
