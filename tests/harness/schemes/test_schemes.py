"""Schemes as data: what may stand in one, what is shipped, and the command that explains them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from harness import deployments, requirements, schemas
from harness.errors import CatalogueError, RequestError
from harness.model import Claim
from harness.profile import parse
from harness.schemes import model as schemes
from tests.harness.conftest import Said

SHIPPED = (
    "dicom-baseline", "dicom-enhanced", "dicom-high", "fda-premarket", "iec62443-4-2-sl1",
    "iec62443-4-2-sl2", "ihe-atna", "ps3.15-b12", "ps3.15-b13",
)  # fmt: skip

HOUSE = """
schema = 1
id = "house"
title = "Ours"
status = "house"
confidence = "own"
purpose = "For our purchases."
note = "Ours alone."

[[level]]
id = "entry"
title = "Entry"
purpose = "May be connected."

[[level.need]]
requirements = ["HOUSE/STAYS-IN-SERVICE"]
"""


def test_these_are_shipped() -> None:
    assert tuple(schemes.load()) == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_names_only_what_exists(name: str) -> None:
    scheme = schemes.load()[name]
    assert set(schemes.named(scheme)) <= requirements.load().keys()
    needs = [need for level in scheme.level for need in level.need]
    claims = {claim.value for claim in Claim}
    assert {need.claim for need in needs if need.claim} <= claims
    places = {place for need in needs for place in need.deployments}
    assert places <= deployments.load().keys()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_says_that_nobody_has_approved_it(name: str) -> None:
    scheme = schemes.load()[name]
    assert scheme.status in ("proposal", "reading")
    assert (scheme.status == "proposal") == name.startswith("dicom-")
    words = f"{scheme.title} {scheme.purpose} {scheme.note}".lower()
    for level in scheme.level:
        words += f" {level.title} {level.purpose}".lower()
    assert "certified" not in words
    assert not scheme.accepts_waivers


@pytest.mark.parametrize("name", SHIPPED)
def test_the_schema_takes_every_scheme_of_ours(name: str) -> None:
    path = files("harness") / "catalogue" / "schemes" / f"{name}.toml"
    jsonschema.validate(tomllib.loads(path.read_text("utf-8")), schemas.scheme_schema())


def test_levels_of_another_scheme_come_first() -> None:
    high = schemes.load()["dicom-high"]
    assert [level.id for level in high.level] == ["baseline", "enhanced", "high"]
    assert high.target == "high"
    assert [one.id for one in schemes.load()["ps3.15-b13"].level] == ["b12", "b13"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("schema = 1", "schema = 2", "'schema'"),
        ('id = "house"', 'id = "../house"', "'id'"),
        ('note = "Ours alone."', "", "'note'"),
        ("[[level.need]]", "[[level.needs]]", "'level.0.need'"),
        ("[[level.need]]", "[[level.need]]\nweight = 'recommended'", "nothing reaches it"),
        ("[[level.need]]", "[[level.need]]\npartial = true", "because"),
        ("[[level.need]]", "[[level.need]]\nclaim = 'tls-acceptor'", "if-claimed"),
        ("[[level.need]]", "[[level.need]]\nevidence = ['run.luck']", "evidence"),
        ("[[level.need]]", "[[level.need]]\nrole = 'peer'", "role"),
        ("purpose = ", "colour = 'red'\npurpose = ", "'colour'"),
        ("HOUSE/STAYS-IN-SERVICE", "HOUSE/NO-SUCH-THING", "no such requirement"),
        ('["HOUSE/STAYS-IN-SERVICE"]', '["PS3.8/9.2", "PS3.8/9.2"]', "named twice"),
        ('note = "Ours alone."', 'note = "x"\nbuilds_on = "nothing"', "'builds_on'"),
        ('note = "Ours alone."', 'note = "x"\nbuilds_on = "house"', "'builds_on'"),
        ('id = "house"', 'id = "dicom-high"', "is a shipped scheme"),
        ("schema = 1", "schema = = 1", "not valid TOML"),
    ],
)
def test_a_bad_one_is_one_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    file = tmp_path / "house.toml"
    assert before in HOUSE
    file.write_text(HOUSE.replace(before, after, 1))
    with pytest.raises(RequestError) as caught:
        schemes.find(str(file))
    assert str(caught.value).startswith(f"--scheme {file}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_long_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(HOUSE + "#" * schemes.MOST_OCTETS)
    with pytest.raises(RequestError, match="longer than 256 KiB"):
        schemes.find(str(file))


def test_a_long_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(HOUSE + "#" * 5000)
    with pytest.raises(RequestError, match="a line is longer than 4096"):
        schemes.find(str(file))


def test_one_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(RequestError, match="no such scheme, and no such file; there are dicom-b"):
        schemes.find("dicom-lowest")
    with pytest.raises(RequestError, match="No such file"):
        schemes.find("nowhere.toml")


def test_the_head_of_a_record_keeps_the_text_of_a_scheme_of_a_house(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(HOUSE)
    scheme, stakes = schemes.find(str(file))
    assert stakes == {
        "scheme": "house",
        "scheme_digest": scheme.digest,
        "scheme_text": HOUSE.split("\n"),
    }
    shipped, kept = schemes.find("dicom-baseline")
    assert kept == {"scheme": "dicom-baseline", "scheme_digest": shipped.digest}


def test_a_broken_catalogue_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "load", dict)
    schemes.load.cache_clear()
    with pytest.raises(CatalogueError, match="no such requirement"):
        schemes.load()
    monkeypatch.undo()
    schemes.load.cache_clear()


def test_who_tests_is_stated_in_the_profile() -> None:
    text = """
schema = 1
[device]
manufacturer = "nobody"
model = "fake"
[acceptor]
port = 104
services = ["verification"]
[assessment]
testers = ["A. Roentgen"]
effort = "2 person-days"
"""
    profile = parse(text, "fake.toml")
    assert profile.assessment is not None
    assert profile.assessment.stated() == {"testers": ["A. Roentgen"], "effort": "2 person-days"}


class TestCommand:
    """`assay schemes` lists and explains."""

    def test_all(self, assay: Callable[..., Said]) -> None:
        said = assay("schemes")
        assert said.code == 0
        for name in SHIPPED:
            assert name in said.out
        assert "a proposal of this project" in said.out

    def test_one(self, assay: Callable[..., Said]) -> None:
        said = assay("schemes", "dicom-enhanced")
        assert "Baseline (baseline)" in said.out
        assert "Enhanced (enhanced)" in said.out
        assert "required, for an acceptor:" in said.out
        assert requirements.load()["HOUSE/MUTUAL-TLS"].text[:40] in said.out
        assert "No standards body" in said.out

    def test_as_data(self, assay: Callable[..., Said], tmp_path: Path) -> None:
        (tmp_path / "house.toml").write_text(HOUSE)
        document = assay("schemes", "house.toml", "--json").document
        rows = document["schemes"]
        assert isinstance(rows, list)
        (row,) = rows
        assert isinstance(row, dict)
        assert row["id"] == "house"

    def test_none_such(self, assay: Callable[..., Said]) -> None:
        said = assay("schemes", "nothing")
        assert said.code == 2
        assert said.err.startswith("assay: --scheme nothing: no such scheme")
