"""Plays a few scenarios of the reference device, and gives the claims of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from harness import registry
from harness.front import QuietListener
from harness.model import JSON
from harness.profile import Profile
from harness.run import Run
from harness.session import Choice, choose, open_session

Claims = dict[str, Mapping[str, JSON]]


def played(profile: Profile, scenarios: Iterable[str], out: Path) -> Run:
    """The run of these scenarios against the embedded device that the profile starts."""
    catalogue = registry.load()
    choice = Choice(select=tuple(scenarios), out=out)
    selected = choose(catalogue, choice)
    session = open_session(profile, catalogue, selected, choice, QuietListener(), _unheard)
    session.start()
    return session.finish(complete=True)


def claims_of(run: Run) -> Claims:
    """The rows of run.json's ``claims``, by id."""
    rows = run.document["claims"]
    assert isinstance(rows, list)
    return {str(row["id"]): row for row in rows if isinstance(row, Mapping)}


def contradicted(claims: Claims) -> set[str]:
    """Ids of the claims that are contradicted; each has evidence."""
    found = {name: row for name, row in claims.items() if row["state"] == "contradicted"}
    assert all(row["evidence"] for row in found.values())
    return set(found)


def _unheard(text: str) -> None:
    """Announcements are for people."""
