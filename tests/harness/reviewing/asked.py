"""A run that asks a person, made without a device: what tests of answers start from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness import profile as profiles
from harness import registry
from harness.front import QuietListener
from harness.profile import Profile
from harness.run import Run
from harness.session import Choice, open_session

PROFILE = """
schema = 1
[device]
manufacturer = "Northwind"
model = "Viewer"
[acceptor]
port = 1
ae_title = "VIEWER"
services = ["verification"]
"""
IDS = ("REV-001", "REV-004", "REV-009")


def profile(folder: Path, reviews: str | None = "") -> Profile:
    """The profile, with that in its ``[reviews]``; None leaves the section out."""
    text = PROFILE if reviews is None else f"{PROFILE}[reviews]\n{reviews}\n"
    (folder / "device.toml").write_text(text)
    return profiles.load(folder / "device.toml")


def played(
    folder: Path,
    asks: Profile,
    ids: Sequence[str] = IDS,
    *,
    complete: bool = True,
    resume: bool = False,
) -> Run:
    """Plays the questions, or some more of them, in ``folder / "run"``."""
    catalogue = registry.load()
    out = folder / "run"
    choice = Choice(resume=out) if resume else Choice(out=out)
    chosen = [catalogue[name] for name in ids]
    session = open_session(asks, catalogue, chosen, choice, QuietListener(), print)
    session.start()
    return session.finish(complete=complete)


def verdicts(run: Run) -> dict[str, str]:
    """Verdict by scenario, with its kind."""
    return {str(row["id"]): f"{row['verdict']} {row['kind']}".strip() for row in run.results}
