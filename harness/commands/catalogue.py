"""``assay catalogue``: what is tested, what is not, and why."""

from __future__ import annotations

import click

from harness import coverage, registry, requirements, terminal
from harness.coverage import Status
from harness.model import Role, Scenario
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay catalogue            families, requirements and gaps
  assay list --tag TLS       the scenarios of one family
"""


@click.command("catalogue", epilog=_EXAMPLES)
def command() -> int:
    """Say what is tested, what is not, and why."""
    catalogue = registry.load()
    grouped = coverage.by_family(catalogue)
    terminal.say(f"{len(catalogue)} scenarios in {sum(map(bool, grouped.values()))} families")
    terminal.heading("Tested")
    rows = [(family.id, family.name, *_counts(found)) for family, found in grouped.items() if found]
    terminal.columns([("", "FAMILY", "ACCEPTOR", "REQUESTOR", "TWINS"), *rows])
    terminal.heading("Families without a scenario")
    for family, found in grouped.items():
        if not found:
            reason = family.untested or "no reason is stated"
            _entry(f"{family.id}  {family.name}", reason)
    verified = coverage.verified_by(catalogue)
    tested = sum(1 for found in verified.values() if found)
    terminal.heading(f"Requirements: {tested} of {len(verified)} verified by a scenario")
    _gaps(verified)
    return ExitCode.EXPECTED


def _gaps(verified: dict[str, list[str]]) -> None:
    stated, known = coverage.gaps(), requirements.load()
    for status in Status:
        listed = [gap for gap in stated.values() if gap.status is status]
        if listed:
            terminal.heading(f"{status.value.capitalize()} ({len(listed)})")
        for gap in listed:
            _entry(gap.requirement, gap.reason)
    unexplained = [name for name, found in verified.items() if not found and name not in stated]
    if unexplained:
        terminal.heading(f"Without a reason ({len(unexplained)})")
        for name in unexplained:
            _entry(name, known[name].text)


def _counts(found: list[Scenario]) -> tuple[str, str, str]:
    acceptor = sum(one.role is Role.ACCEPTOR for one in found)
    twins = sum(one.positive for one in found)
    return str(acceptor), str(len(found) - acceptor), str(twins)


def _entry(name: str, text: str) -> None:
    terminal.paragraph(text, indent="      ", first=f"  {name}: ")
