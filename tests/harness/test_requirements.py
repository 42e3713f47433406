"""The requirement and threat catalogue: complete, honest about its sources, readable."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from harness import registry, requirements
from harness.errors import CatalogueError
from harness.model import Role
from harness.requirements import Actor, Confidence, Level, Requirement
from harness.threats.model import Threat

CATALOGUE = Path(__file__).parents[2] / "harness/catalogue"
REQUIREMENTS = sorted(requirements.load().values(), key=lambda requirement: requirement.id)
THREATS = sorted(requirements.threats().values(), key=lambda threat: threat.id)

_ID = re.compile(r"(PS3\.\d+|RFC\d+|IHE|HOUSE|IEC62443-4-2|MDS2|FDA|CSF2)(/[A-Z0-9][A-Z0-9.\-]*)+")
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


def test_conditions_are_sentences_and_crosswalks_lead_to_others() -> None:
    for one in REQUIREMENTS:
        condition = one.conditionality
        assert not condition or (condition[0].isupper() and condition.endswith(".")), one.id
        assert set(one.counts_wholly_as) <= set(one.counts_as), one.id
        assert len({one.id, *one.counts_as}) == 1 + len(one.counts_as), one.id


def test_who_has_to_see_to_it_is_who_is_tested() -> None:
    known = requirements.load()
    sides = {Actor.ACCEPTOR: Role.ACCEPTOR, Actor.REQUESTOR: Role.REQUESTOR}
    wrong = {
        (name, scenario.id)
        for scenario in registry.load().values()
        for name in scenario.verifies
        if sides.get(known[name].actor, scenario.role) is not scenario.role
    }
    assert not wrong


@pytest.mark.parametrize(
    ("prefix", "least"),
    [
        ("PS3.15/A.", 10),
        ("PS3.15/E.", 6),
        ("PS3.7/", 20),
        ("PS3.8/", 35),
        ("RFC9325/", 40),
        ("IHE/ITI-19", 6),
        ("IHE/ITI-20", 5),
        ("IEC62443-4-2/", 93),
        ("MDS2/", 241),
        ("FDA/", 10),
        ("CSF2/", 30),
    ],
)
def test_the_sets_are_whole(prefix: str, least: int) -> None:
    assert sum(name.startswith(prefix) for name in requirements.load()) >= least


def test_every_profile_of_ps3_15_is_there() -> None:
    annexes = {"A": 7, "B": 13, "C": 4, "D": 1, "E": 1, "F": 1, "G": 1, "H": 2}
    wanted = [
        f"PS3.15/{letter}.{n}" for letter, most in annexes.items() for n in range(1, most + 1)
    ]
    assert requirements.unknown(wanted) == []


_REFERENCE = re.compile(
    r"(?:PS3\.\d+|RFC\d{4}|IHE|HOUSE|IEC62443-4-2|MDS2|FDA|CSF2)/[A-Za-z0-9./\-]+"
)


@pytest.mark.parametrize("path", sorted(CATALOGUE.rglob("*.toml")), ids=lambda path: path.name)
def test_no_data_file_refers_to_a_requirement_that_is_not_there(path: Path) -> None:
    named = set(_strings(tomllib.loads(path.read_text("utf-8"))))
    assert requirements.unknown(name for name in named if _REFERENCE.fullmatch(name)) == []


def _strings(value: object) -> Iterator[str]:
    """Every string of a document, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def test_unknown_ids_are_named_in_order() -> None:
    assert requirements.unknown(["X/2", "HOUSE/RECOVERS", "X/1", "X/2"]) == ["X/1", "X/2"]


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
        ({"a": f'{_ONE}colour = "x"'}, r"a\.toml: HOUSE/X: unknown key 'colour'"),
        ({"a": f'{_ONE}actor = "x"'}, r"a\.toml: HOUSE/X: 'x' is not a valid Actor"),
        (
            {"a": f'{_ONE}[counts_as]\n"HOUSE/X" = ["HOUSE/Y"]'},
            r"a\.toml: \[counts_as\] HOUSE/X: HOUSE/Y is no requirement",
        ),
        (
            {"a": f'{_ONE}[counts_as_wholly]\n"HOUSE/Y" = ["HOUSE/X"]'},
            r"a\.toml: \[counts_as_wholly\] HOUSE/Y: HOUSE/Y is no requirement",
        ),
        (
            {"a": f'{_ONE}[counts_as]\n"HOUSE/X" = ["HOUSE/X"]'},
            r"a\.toml: \[counts_as\] HOUSE/X counts twice, or as itself",
        ),
    ],
)
def test_a_bad_requirement_is_refused_by_name(
    sets: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _catalogue(tmp_path, **sets)
    monkeypatch.setattr(requirements, "files", lambda _package: place)
    with pytest.raises(CatalogueError, match=words):
        requirements.load.__wrapped__()
