"""Plays a few scenarios of the reference device, and gives the claims of the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness import registry
from harness.front import QuietListener
from harness.model import JSON
from harness.profile import Profile
from harness.session import Choice, choose, open_session


def claims_of(profile: Profile, scenarios: Sequence[str], out: Path) -> dict[str, dict[str, JSON]]:
    """The rows of run.json's ``claims`` by id, after these scenarios were played."""
    catalogue = registry.load()
    choice = Choice(select=tuple(scenarios), out=out)
    session = open_session(
        profile, catalogue, choose(catalogue, choice), choice, QuietListener(), _unheard
    )
    session.start()
    run = session.finish(complete=True)
    rows = run.document["claims"]
    assert isinstance(rows, list)
    return {str(row["id"]): row for row in rows}


def _unheard(text: str) -> None:
    """Announcements are for people."""
