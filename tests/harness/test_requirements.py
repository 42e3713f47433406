"""The requirement and threat catalogue: complete, honest about its sources, readable."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from harness import requirements
from harness.errors import CatalogueError
from harness.requirements import Confidence, Level, Requirement, Threat

REQUIREMENTS = sorted(requirements.load().values(), key=lambda requirement: requirement.id)
THREATS = sorted(requirements.threats().values(), key=lambda threat: threat.id)

_ID = re.compile(r"(PS3\.\d+|RFC\d+|IHE|HOUSE)(/[A-Z0-9][A-Z0-9.\-]*)+")
_THREAT_ID = re.compile(r"T-(AVAIL|INTEG|CONF|IMPERS)-\d{2}")
_DIRECTIONS = {
    "client to server", "server to client", "either", "on path", "at the device", "before delivery",
}  # fmt: skip


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_a_requirement_is_one_sourced_sentence(requirement: Requirement) -> None:
    assert _ID.fullmatch(requirement.id)
    assert requirement.text[0].isupper() or requirement.text[0].isdigit()
    assert requirement.text.endswith(".")
    assert len(requirement.text.split()) >= 4
    assert requirement.source.strip()
    assert requirement.standard.strip()


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_only_house_policies_are_our_own_word(requirement: Requirement) -> None:
    ours = requirement.id.startswith("HOUSE/")
    assert (requirement.confidence is Confidence.OWN) is ours
    assert (requirement.level is Level.POLICY) is ours


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_what_nobody_read_does_not_decide(requirement: Requirement) -> None:
    unread = requirement.confidence in (Confidence.SECONDARY, Confidence.MEMORY)
    assert requirement.decides is not unread


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.id)
def test_a_threat_has_title_direction_and_asset(threat: Threat) -> None:
    assert _THREAT_ID.fullmatch(threat.id)
    assert threat.title[0].isupper()
    assert not threat.title.endswith(".")
    assert threat.direction in _DIRECTIONS
    assert threat.asset.strip()


def test_threats_cover_both_directions() -> None:
    directions = [threat.direction for threat in THREATS]
    assert directions.count("client to server") >= 5
    assert directions.count("server to client") >= 5


def test_no_threat_is_declared_twice() -> None:
    text = (files("harness") / "catalogue" / "threats.toml").read_text("utf-8")
    rows = tomllib.loads(text)["threat"]
    assert len({row["id"] for row in rows}) == len({row["title"] for row in rows}) == len(rows)


def _catalogue(folder: Path, **sets: str) -> Path:
    """A catalogue of its own under ``folder``: file stem -> TOML text."""
    place = folder / "catalogue" / "requirements"
    place.mkdir(parents=True)
    for stem, text in sets.items():
        (place / f"{stem}.toml").write_text(text, "utf-8")
    return folder


_ONE = """standard = "S"
[[requirement]]
id = "HOUSE/X"
text = "A thing holds."
level = "POLICY"
source = "us"
confidence = "own"
"""


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ({"a": _ONE, "b": _ONE}, r"b\.toml: requirement HOUSE/X is declared twice"),
        ({"a": _ONE.replace("POLICY", "OUGHT")}, r"a\.toml: HOUSE/X: 'OUGHT'"),
        ({"a": _ONE.replace('source = "us"', "")}, r"a\.toml: HOUSE/X: 'source'"),
    ],
)
def test_a_bad_requirement_is_refused_by_name(
    sets: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _catalogue(tmp_path, **sets)
    monkeypatch.setattr(requirements, "files", lambda _package: place)
    with pytest.raises(CatalogueError, match=words):
        requirements.load.__wrapped__()
