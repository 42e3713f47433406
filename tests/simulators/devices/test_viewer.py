"""The pages of the reference device: inert by default, and careless in one way with each flaw."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.devices.web_profile import token
from tests.simulators.devices.peer import echoes
from tests.simulators.devices.running import Running
from tests.simulators.devices.viewer_probes import VIEWER_PROBES
from tests.simulators.devices.web_client import ask, stored, web_device

_SOUND_LATER = ("viewer_takes_foreign_posts", "viewer_forgets_settings")
"""The first would find what the second has set: each gets a device of its own."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with web_device(tmp_path_factory.mktemp("sound")) as running:
        yield running


@pytest.mark.parametrize("name", [one for one in VIEWER_PROBES if one not in _SOUND_LATER])
def test_sound_device_does_not(name: str, sound: Running) -> None:
    assert VIEWER_PROBES[name].probe(sound) == VIEWER_PROBES[name].sound


@pytest.mark.parametrize("name", _SOUND_LATER)
def test_sound_device_does_not_change(name: str, tmp_path: Path) -> None:
    with web_device(tmp_path) as it:
        assert VIEWER_PROBES[name].probe(it) == VIEWER_PROBES[name].sound


@pytest.mark.parametrize("name", list(VIEWER_PROBES))
def test_flawed_device_does_and_serves_honest_peers(name: str, tmp_path: Path) -> None:
    with web_device(tmp_path, "--flaw", name) as flawed:
        assert ask(flawed, stored(flawed).path).status == 200
        assert echoes(flawed.port)
        assert VIEWER_PROBES[name].probe(flawed) == VIEWER_PROBES[name].flawed


def test_a_signed_in_browser_has_a_cookie_that_is_strict(sound: Running) -> None:
    given = ask(sound, "/viewer/session").fields["Set-Cookie"]
    assert given == f"session={token()}; Path=/; HttpOnly; SameSite=Strict"
    cookie = given.partition(";")[0]
    assert ask(sound, "/", bearer=None, Cookie=cookie).status == 200
    assert ask(sound, "/", bearer=None, Cookie=cookie, Sec_Fetch_Site="cross-site").status == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/viewer/studies/1.2.3", 404), ("/viewer/studies/..", 400), ("/viewer/nothing", 404),
        ("/viewer?url=//stranger.invalid/", 403), ("/viewer?url=/%5C%5Cstranger.invalid/", 403),
        ("/viewer?url=", 403), ("/viewer?" + "a=1&" * 9, 400), ("/viewer/launch", 200),
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_ours_is_refused(path: str, status: int, sound: Running) -> None:
    assert ask(sound, path).status == status
