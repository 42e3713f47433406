"""Chairs, topics and deployments: every requirement concerns somebody, and no pattern is idle."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from harness import deployments, requirements, session, stakeholders, topics
from harness.deployments import Deployment
from harness.errors import CatalogueError, RequestError
from harness.stakeholders import Stakeholder
from harness.topics import Topic
from tests.harness.test_profile import LEAST, parse, problem

KNOWN = requirements.load()
CHAIRS = [
    "vendor", "it-security", "clinical-engineering", "clinician", "patient", "service-engineer",
    "regulator", "small-practice", "personal-device-user", "multi-site-partner",
]  # fmt: skip
PLACES = [
    "small-practice", "personal-device", "large-hospital", "multi-site-one-controller",
    "multi-site-partnership", "legacy-behind-gateway",
]  # fmt: skip


def test_the_chairs_and_places_are_those_that_others_name() -> None:
    assert list(stakeholders.load()) == CHAIRS
    assert list(deployments.load()) == PLACES


def test_every_requirement_is_about_something() -> None:
    assert [name for name in KNOWN if not topics.topics_of(name)] == []


@pytest.mark.parametrize("topic", topics.load().values(), ids=lambda topic: topic.id)
def test_no_pattern_of_a_topic_is_idle(topic: Topic) -> None:
    idle = [one for one in topic.requirements if not any(topics.fits(n, [one]) for n in KNOWN)]
    assert idle == []


@pytest.mark.parametrize("topic", topics.load())
def test_every_topic_is_worth_something_to_somebody(topic: str) -> None:
    benefits = [one for chair in stakeholders.load().values() for one in chair.benefits]
    assert any(one.topic == topic for one in benefits)


@pytest.mark.parametrize("chair", stakeholders.load().values(), ids=lambda chair: chair.id)
def test_every_chair_has_benefits_and_burdens(chair: Stakeholder) -> None:
    assert len(chair.benefits) >= 4
    assert len(chair.burdens) >= 1
    assert len({one.topic for one in chair.benefits}) == len(chair.benefits)
    assert chair.asks.endswith("?")
    for one in chair.stakes:
        told = (one.text, one.broken, one.next) if one.effect == "benefit" else (one.text,)
        assert all(text.endswith(".") for text in told)
    assert max(one.weight for one in chair.benefits) == 3


def test_the_weightiest_benefit_speaks() -> None:
    found = stakeholders.relevance("clinician", "HOUSE/NOTHING-LOST")
    assert found.weight == 3
    assert found.benefit is not None
    assert found.benefit.topic == "record"
    none = stakeholders.relevance("patient", "HOUSE/CLAIMED-RATE")
    assert (none.weight, none.benefit) == (0, None)


def test_an_unknown_chair_is_told_the_known_ones() -> None:
    with pytest.raises(RequestError, match="--for 'boss': there are vendor, it-security, clin"):
        stakeholders.named("boss")


@pytest.mark.parametrize("place", deployments.load().values(), ids=lambda place: place.id)
def test_no_rule_of_a_deployment_is_idle(place: Deployment) -> None:
    for rule in place.weights:
        patterns = rule.requirements
        assert all(any(topics.fits(name, [one]) for name in KNOWN) for one in patterns)
    weights = [deployments.weight(place.id, name).weight for name in KNOWN]
    assert max(weights) == 3
    assert 0 < weights.count(3) < len(weights)


def test_what_does_not_arise_is_left_out_with_a_reason() -> None:
    left = deployments.weight("legacy-behind-gateway", "IEC62443-4-2/CR-3.10")
    assert (left.weight, left.words) == (0, "left out")
    assert left.reason
    chosen = deployments.selected("legacy-behind-gateway", KNOWN)
    assert "IEC62443-4-2/CR-3.10" not in chosen
    assert "HOUSE/TLS-ONLY-PORT" in chosen
    plain = deployments.weight("legacy-behind-gateway", "PS3.5/7.1")
    assert (plain.weight, plain.words, plain.reason) == (1, "useful", "")


def test_a_profile_names_a_known_deployment_and_who_answers() -> None:
    text = LEAST.replace('model = "d"', 'model = "d"\ndeployment = "{}"\nresponsible = "{}"')
    profile = parse(of=text.format("large-hospital", "shared"))
    head = session.head_of(profile, {}, [], 0)
    assert head["deployment"] == {
        "id": "large-hospital", "title": "Large hospital", "responsible": "shared",
    }  # fmt: skip
    assert session.head_of(parse(), {}, [], 0)["deployment"] == {}
    said = problem(text.format("ward 7", "shared"))
    assert said.startswith("'device.deployment': is no known deployment: there are small-practice")
    assert "'IT', 'OT', 'shared' or 'contracted'" in problem(text.format("small-practice", "me"))


def test_the_schema_of_a_run_takes_every_deployment() -> None:
    schema = _schema()
    for place in deployments.load().values():
        for responsible in (*deployments.RESPONSIBLE, ""):
            said = {"id": place.id, "title": place.title, "responsible": responsible}
            jsonschema.validate(said, schema)
    jsonschema.validate({}, schema)
    for bad in ({"id": "x"}, {"responsible": "IT"}, {"colour": "red"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def _schema() -> dict[str, object]:
    path = Path(__file__).parents[2] / "docs" / "schema" / "run.schema.json"
    found: dict[str, object] = json.loads(path.read_text("utf-8"))["properties"]["deployment"]
    return found


_CHAIR = '[[stakeholder]]\nid = "a"\ntitle = "A"\nasks = "Why?"\n'
_STAKE = '[[stake]]\nchair = "{}"\ntopic = "{}"\neffect = "{}"\nweight = {}\ntext = "T."\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_CHAIR + _STAKE.format("b", "service", "burden", 1), "'b' in 'service': no such"),
        (_CHAIR + _STAKE.format("a", "x", "burden", 1), "'a' in 'x': no such"),
        (_CHAIR + _STAKE.format("a", "service", "burden", 4), "weight: Input should be less"),
        (_CHAIR + _STAKE.format("a", "service", "benefit", 1), "belong to every benefit"),
        (_CHAIR + 'colour = "x"\n', "stakeholder a: colour: Extra inputs"),
    ],
)
def test_a_bad_stake_is_refused(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "stakeholders.toml").write_text(text, "utf-8")
    topics.load()
    monkeypatch.setattr(topics, "files", lambda _package: tmp_path)
    with pytest.raises(CatalogueError, match=said):
        stakeholders.load.__wrapped__()
