"""Where a load of C-MOVE has its objects sent: what must be said, and by whom."""

from __future__ import annotations

import pytest

from harness import profile as profiles
from harness.errors import RequestError
from harness.load_bounds import refuse_beyond
from harness.loading import LoadRequest

DEVICE = """
schema = 1
[device]
manufacturer = "a"
model = "b"
[acceptor]
port = 104
services = ["verification", "storage", "query"]
"""
KNOWN = '[load]\nmove_destination = "US"\n'
PROCESS = '[process]\nstart = ["archive"]\n'


def refuse(text: str, destination: str = "", port: int = 0) -> None:
    request = LoadRequest(operation="move", count=5, move_destination=destination, move_port=port)
    refuse_beyond(request, profiles.parse(DEVICE + text, "a.toml"))


@pytest.mark.parametrize(
    ("text", "destination", "port"),
    [
        (KNOWN + PROCESS, "", 0),
        (KNOWN + PROCESS, "US", 0),
        (KNOWN + "move_port = 11113\n", "", 0),
        (KNOWN, "US", 11113),
        (KNOWN, "THEM", 11113),
        ("", "US", 11113),
    ],
)
def test_title_and_port_are_said_by_profile_or_flags(
    text: str, destination: str, port: int
) -> None:
    refuse(text, destination, port)


@pytest.mark.parametrize(
    ("text", "destination", "port", "words"),
    [
        ("", "", 0, ["load.move_destination", "--destination"]),
        (PROCESS, "", 0, ["load.move_destination", "--destination"]),
        (KNOWN, "", 0, ["load.move_port", "--destination-port", "'US'"]),
        ("", "US", 0, ["load.move_port", "--destination-port"]),
        (KNOWN + PROCESS, "THEM", 0, ["--destination-port", "'THEM'"]),
        (KNOWN + PROCESS, "", 11113, ["--destination-port: give --destination"]),
    ],
)
def test_what_is_missing_is_named_with_key_and_flag(
    text: str, destination: str, port: int, words: list[str]
) -> None:
    with pytest.raises(RequestError) as told:
        refuse(text, destination, port)
    assert all(word in str(told.value) for word in words)


def test_a_destination_is_no_claim_to_bear_anything() -> None:
    section = profiles.parse(DEVICE + KNOWN, "a.toml").load
    assert section is not None
    assert not section.claims_anything
    assert profiles.parse(DEVICE + KNOWN, "a.toml").facts() == profiles.parse(DEVICE, "").facts()
    rated = profiles.parse(DEVICE + KNOWN + "rate = 5.0\n", "a.toml").load
    assert rated is not None
    assert rated.claims_anything
    assert not {"load_move_destination", "load_move_port"} & rated.facts().keys()
