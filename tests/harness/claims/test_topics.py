"""Topics: whatever they name exists."""

from __future__ import annotations

from harness import registry
from harness.claims import topics
from harness.claims.facts import READINGS
from harness.claims.mds2 import questions
from harness.claims.topics import Kind, Source
from harness.model import Claim
from harness.profile import Profile


def test_their_scenarios_exist() -> None:
    known = registry.load()
    for topic in topics.load().values():
        assert not [name for name in topic.scenarios if name not in known], topic.id


def test_their_questions_exist() -> None:
    assert set(topics.by_key(Source.MDS2)) <= set(questions())
    assert len(questions()) > 200


def test_their_profile_keys_exist() -> None:
    claims = {claim.value for claim in Claim}
    schema = Profile.model_json_schema(by_alias=True)
    for key in topics.by_key(Source.PROFILE):
        if key not in claims:
            section, name = key.split(".")
            title = f"{section.capitalize()}Section"
            assert name in schema["$defs"][title]["properties"], key


def test_their_readings_exist() -> None:
    used = {topic.fact.partition(":")[0] for topic in topics.load().values() if topic.fact}
    assert used == READINGS


def test_a_topic_that_is_judged_by_scenarios_is_yes_or_no_or_a_choice() -> None:
    for topic in topics.load().values():
        if topic.every or topic.any:
            assert topic.kind is (Kind.TEXT if topic.judged_by else Kind.FLAG), topic.id


def test_wording_that_was_not_read_is_marked() -> None:
    assert {topic.wording.value for topic in topics.load().values()} == {"secondary"}
