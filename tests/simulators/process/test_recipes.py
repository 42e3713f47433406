"""Every recipe of a real device loads, and asks only for what the harness can give."""

import re
from pathlib import Path

import pytest

from harness.profile import Profile, load

DEVICES = Path(__file__).parents[3] / "devices"
RECIPES = sorted(DEVICES.glob("*.toml"))
GIVEN_AT_START = {
    "port", "tls_port", "web_port", "hl7_port", "canary_port", "commitment_port", "listen_port",
    "inner_port", "load_port", "ae_title", "storage", "work", "key", "cert", "ca", "crl", "hook",
    "recipe", "python", "real_devices",
}  # fmt: skip
GIVEN_TO_COMMANDS = {
    "host", "port", "listen_port", "called_ae", "calling_ae", "file", "out", "key", "cert", "ca",
    "storage", "recipe", "python", "real_devices",
}  # fmt: skip
GIVEN_TO_PROGRAMS = {
    "file", "folder", "out", "recipient", "url", "token", "study", "series", "instance", "storage",
    "work", "recipe", "python", "real_devices",
}  # fmt: skip


def _asked(texts: list[str]) -> set[str]:
    return {name for text in texts for name in re.findall(r"\{([a-z0-9_]+)\}", text)}


@pytest.fixture(params=RECIPES, ids=lambda path: path.stem)
def recipe(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def profile(recipe: Path) -> Profile:
    return load(recipe)


def test_there_are_recipes() -> None:
    assert len(RECIPES) >= 9


def test_it_says_what_it_is_and_how_to_install_it(recipe: Path) -> None:
    first = recipe.read_text().splitlines()[:2]
    assert all(line.startswith("# ") for line in first)
    assert first[1].startswith("# Install: ")


def _programs(profile: Profile) -> list[list[str]]:
    """Commands that are started for each job, and end by themselves."""
    sections = (profile.reader, profile.exporter, profile.deidentifier)
    agent = profile.user_agent
    return [
        *(section.command for section in sections if section is not None),
        *(agent.commands.values() if agent is not None else ()),
    ]


def test_it_can_be_started_and_mended(profile: Profile) -> None:
    process = profile.process
    if process is None:
        assert _programs(profile)  # what is missing shows when one is started
        return
    assert process.requires
    assert process.install
    assert process.start or profile.acceptor is None  # a client may run all the time, too


def test_it_uses_known_placeholders_only(profile: Profile) -> None:
    process, requestor = profile.process, profile.requestor
    assert _asked([word for command in _programs(profile) for word in command]) <= GIVEN_TO_PROGRAMS
    if process is None:
        return
    texts = [*process.start, *process.env.values(), *process.requires, process.storage or ""]
    texts += [text for file in process.files for text in (file.path, file.text)]
    assert _asked(texts) <= GIVEN_AT_START
    commands = requestor.commands.values() if requestor else ()
    assert _asked([word for command in commands for word in command]) <= GIVEN_TO_COMMANDS


def test_it_listens_on_the_port_that_it_is_given(profile: Profile) -> None:
    acceptor, process = profile.acceptor, profile.process
    if acceptor is None or process is None:
        return
    texts = [*process.start, *(file.text for file in process.files)]
    wanted = {
        name
        for name, port in (
            ("port", acceptor.port),
            ("tls_port", acceptor.tls_port),
            ("web_port", profile.web and profile.web.port),
            ("hl7_port", profile.hl7 and profile.hl7.port),
        )
        if port is not None
    }
    assert wanted == _asked(texts) & {"port", "tls_port", "web_port", "hl7_port"}
