"""The reference device, telling the truth and lying: a lie is contradicted, the truth never is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from harness.claims import topics
from harness.claims.answers import gathered
from harness.conclusions import concluded
from harness.devices import embedded_profile
from harness.run import Run
from simulators.devices.lying import ClaimLie, claim_lies, lying_profile
from simulators.devices.reference.flaws import FLAW_NAMES
from tests.harness.claims.lying import claims_of, contradicted, played

SCHEMA = Path(__file__).parents[3] / "docs" / "schema" / "run.schema.json"
WORDS = [lie for lie in claim_lies().values() if lie.amends]
DEEDS = [lie for lie in claim_lies().values() if lie.flaw]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The device as it is, after everything that says something about a claim."""
    scenarios = [name for topic in topics.load().values() for name in topic.scenarios]
    return played(embedded_profile(), scenarios, tmp_path_factory.mktemp("honest") / "run")


def test_each_lie_is_of_one_kind() -> None:
    assert len(claim_lies()) >= 10
    for lie in claim_lies().values():
        assert bool(lie.amends) != bool(lie.flaw), lie.name
        assert not lie.flaw or lie.flaw in FLAW_NAMES, lie.name
        assert lie.contradicts, lie.name
        assert lie.scenarios, lie.name


@pytest.mark.slow
def test_no_true_claim_is_contradicted(honest: Run) -> None:
    assert honest.document["complete"]
    assert {str(row["verdict"]) for row in honest.results} <= {"PASS", "NOT_APPLICABLE"}
    claims = claims_of(honest)
    assert contradicted(claims) == set()
    sources = {str(row["source"]) for row in claims.values() if row["state"] == "confirmed"}
    assert sources == {"statement", "mds2", "profile"}
    assert sum(row["state"] == "confirmed" for row in claims.values()) > 100

    schema = json.loads(SCHEMA.read_text("utf-8"))
    wanted = {**schema["properties"]["claims"], "$defs": schema["$defs"]}
    jsonschema.validate(json.loads(json.dumps(honest.document["claims"])), wanted)


@pytest.mark.slow
def test_every_false_word_is_contradicted(honest: Run) -> None:
    """The device is the same, so that its run is; only what is claimed of it is another.

    One test for all of them, so that the run is made once, however tests are spread.
    """
    for lie in WORDS:
        head = {**honest.head, "claims": gathered(lying_profile(lie.name))}
        lying = replace(honest, document=concluded(head, honest.document, honest.plays))
        assert contradicted(claims_of(lying)) == set(lie.contradicts), lie.name
        for name in lie.contradicts:
            evidence = claims_of(lying)[name]["evidence"]
            assert isinstance(evidence, list)
            assert set(map(str, evidence)) & {str(row["id"]) for row in honest.results}, (
                lie.name,
                name,
            )


@pytest.mark.slow
@pytest.mark.parametrize("lie", DEEDS, ids=lambda lie: lie.name)
def test_a_broken_word_is_contradicted(lie: ClaimLie, tmp_path: Path) -> None:
    claims = claims_of(played(lying_profile(lie.name), lie.scenarios, tmp_path / "run"))
    assert contradicted(claims) == set(lie.contradicts)


def test_the_scenarios_of_a_lie_say_something_of_its_claims() -> None:
    keys = {f"{source.value}/{key}": topic for source in topics.Source
            for key, topic in topics.by_key(source).items()}  # fmt: skip
    for lie in claim_lies().values():
        for name in lie.contradicts:
            assert set(lie.scenarios) & set(keys[name].scenarios), (lie.name, name)
