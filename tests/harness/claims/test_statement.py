"""The conformance statement: closed, every error names the key, and unset is never no."""

from __future__ import annotations

import json

import pytest

from harness import schemas
from harness.claims import statement, topics
from harness.claims.topics import Source
from harness.errors import ProfileError

LEAST = 'schema = 1\n[product]\nmanufacturer = "m"\nmodel = "d"\n'


def test_what_is_left_out_is_not_answered() -> None:
    assert statement.parse(LEAST, "s.toml").answers() == {}


def test_no_is_an_answer() -> None:
    read = statement.parse(f"{LEAST}[audit]\ntrail = false\n", "s.toml")
    assert read.answers() == {"audit.trail": False}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("schema = ", "not valid TOML"),
        ('schema = 2\n[product]\nmanufacturer = "m"\nmodel = "d"', "'schema'"),
        ("schema = 1", "missing key 'product': add it"),
        (f"{LEAST}[audit]\ntrial = true", "unknown key 'audit.trial'"),
        (f'{LEAST}[secure_transport]\nprofiles = ["B.99"]', "'secure_transport.profiles.0'"),
        (f'{LEAST}[audit]\ntrail = "yes"', "'audit.trail': input should be a valid boolean"),
        (f"{LEAST}[network.acceptor]\nmax_associations = 0", "'network.acceptor.max_associations'"),
    ],
)
def test_errors_name_file_and_key(text: str, told: str) -> None:
    with pytest.raises(ProfileError) as caught:
        statement.parse(text, "s.toml")
    message = str(caught.value)
    assert message.startswith("s.toml: ")
    assert told in message
    assert "\n" not in message.removesuffix("\n")


def test_one_answer_is_replaced() -> None:
    read = statement.parse(LEAST, "s.toml")
    changed = statement.with_answer(read, "network.acceptor.max_pdu", 4096)
    assert changed.answers() == {"network.acceptor.max_pdu": 4096}
    with pytest.raises(ValueError, match="no such key"):
        statement.with_answer(read, "product.model", "other")
    with pytest.raises(ValueError, match=r"'audit\.trail'"):
        statement.with_answer(read, "audit.trail", "perhaps")


def test_every_key_has_a_topic_and_every_topic_a_key() -> None:
    known = {key.partition(":")[0] for key in topics.by_key(Source.STATEMENT)}
    assert known == set(statement.claimable())


def test_the_schema_explains_every_key() -> None:
    schema = json.loads(json.dumps(schemas.statement_schema()))
    audit = schema["$defs"]["Audit"]["properties"]
    assert audit["trail"]["description"] == "It writes an audit trail of its own."
