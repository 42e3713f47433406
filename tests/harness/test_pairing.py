"""Two profiles become one, conflicts are named by their key, and the pair can be written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ProfileError
from harness.model import Claim
from harness.pairing import is_pair, merge
from harness.profile import Profile, load, parse
from harness.profile_toml import as_toml

DEVICES = Path(__file__).parents[2] / "devices"
HEAD = 'schema = 1\n[device]\nmanufacturer = "M"\nmodel = "%s"\n'
CALLER = (
    (HEAD % "scu")
    + """
[tls]
versions = ["1.2", "1.3"]
checks_host_name = true
[requestor]
services = ["verification"]
tls = true
[requestor.commands]
verification = ["{recipe}/scu", "{real_devices}/x", "{host}"]
[process]
requires = ["scu"]
install = "get scu"
[[process.files]]
path = "{work}/scu.ini"
text = "scu"
"""
)
CALLED = (
    (HEAD % "scp")
    + """
[scope]
max_rate = 10.0
until = 2099-12-31
[acceptor]
tls_port = 0
services = ["verification", "storage"]
calling_hosts = { "A B" = "127.0.0.1" }
[tls]
mutual = true
versions = ["1.3"]
[process]
start = ["{recipe}/scp"]
requires = ["scp"]
install = "get scp"
"""
)


def caller(*changes: tuple[str, str], source: str = "/a/devices/caller.toml") -> Profile:
    return parse(changed(CALLER, *changes), source)


def called(*changes: tuple[str, str], source: str = "/b/devices/called.toml") -> Profile:
    return parse(changed(CALLED, *changes), source)


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def test_each_gives_its_half() -> None:
    pair = merge(caller(), called())
    assert is_pair(pair)
    assert pair.device.manufacturer == "M"
    assert pair.device.model == "scu to scp"
    assert pair.tls is not None
    assert pair.tls.versions == ("1.3",)
    assert pair.tls.mutual
    assert pair.tls.checks_host_name
    assert pair.scope.max_rate == 10.0
    assert pair.scope.until is not None
    assert {Claim.TLS_REQUESTOR, Claim.TLS_ACCEPTOR, Claim.MUTUAL_TLS} <= pair.claims()


def test_tools_and_files_of_both_are_needed_in_their_own_places() -> None:
    pair = merge(caller(), called())
    assert pair.process is not None
    assert pair.process.requires == ["scp", "scu"]
    assert pair.process.install == "get scp; get scu"
    assert [file.path for file in pair.process.files] == ["{work}/scu.ini"]
    assert pair.process.start == ["/b/devices/scp"]
    assert pair.requestor is not None
    command = pair.requestor.commands["verification"]
    assert command == ["/a/devices/scu", "/a/.real-devices/x", "{host}"]


def test_a_requestor_adds_its_tools_to_an_acceptor_that_runs_elsewhere() -> None:
    text = CALLED[: CALLED.index("[process]")].replace("tls_port = 0", "tls_port = 2762")
    pair = merge(caller(), parse(text, "/b/called.toml"))
    assert pair.process is not None
    assert pair.process.start == []
    assert pair.process.requires == ["scu"]


CONFLICTS = [
    (caller(("tls = true", "tls = false")), called(), "no requestor that calls with TLS"),
    (caller(), called(("tls_port = 0", "port = 0")), "no acceptor with TLS"),
    (caller(('"1.2", "1.3"', '"1.2"')), called(), "conflict in 'tls.versions'"),
    (caller(('requires = ["scu"]', 'start = ["scu"]')), called(), "conflict in 'process.start'"),
    (
        caller(("checks_host_name = true", 'authority_cert = "ca.pem"')),
        called(("mutual = true", 'authority_cert = "ca.pem"')),
        "conflict in 'tls.authority_cert'",
    ),
    (
        caller(),
        parse(f'{CALLED}[[process.files]]\npath = "{{work}}/scu.ini"\ntext = "x"', "/b/b.toml"),
        "conflict in 'process.files'",
    ),
]


@pytest.mark.parametrize(("first", "second", "words"), CONFLICTS, ids=lambda one: str(one)[:40])
def test_conflicts_are_named(first: Profile, second: Profile, words: str) -> None:
    with pytest.raises(ProfileError, match=words):
        merge(first, second)


def test_an_authority_that_one_names_holds_for_both() -> None:
    second = called(("mutual = true", 'mutual = true\nauthority_cert = "ca.pem"'))
    pair = merge(caller(), second)
    assert pair.tls is not None
    assert pair.tls.authority_cert == "/b/devices/ca.pem"


def test_one_side_is_no_pair() -> None:
    assert not is_pair(caller())
    assert not is_pair(called())


@pytest.mark.parametrize(
    ("first", "second"),
    [("dcmtk-scu-tls", "orthanc-tls"), ("dcmtk-scu-tls", "dcmtk-storescp-tls")],
)
def test_recipes_can_be_paired_written_and_read(first: str, second: str) -> None:
    pair = merge(load(DEVICES / f"{first}.toml"), load(DEVICES / f"{second}.toml"))
    assert is_pair(pair)
    again = parse(as_toml(pair), pair.source)
    assert again == pair


@pytest.mark.parametrize("path", sorted(DEVICES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_is_written_as_it_was_read(path: Path) -> None:
    profile = load(path)
    again = parse(as_toml(profile), str(path))
    # A password is written masked, and nothing else is.
    assert again.model_dump(mode="json") == profile.model_dump(mode="json")
    assert profile.secrets or again == profile


def test_odd_keys_and_texts_survive() -> None:
    pair = merge(caller(), called(('model = "scp"', 'model = "\\"q\\" \\\\ \\n é \\u007f"')))
    again = parse(as_toml(pair), pair.source)
    assert again == pair
    assert again.acceptor is not None
    assert again.acceptor.calling_hosts == {"A B": "127.0.0.1"}
