"""Uploads, XML, workitems, administration and passwords of the reference device."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.specimens import Shelf
from simulators.corpus import archives
from tests.simulators.devices.peer import echoes
from tests.simulators.devices.running import Running
from tests.simulators.devices.web_client import Thing, ask, stored, web_device
from tests.simulators.devices.web_service_probes import (
    ADMIN,
    ITEMS,
    LOCK,
    WEB_SERVICE_PROBES,
    change,
    create,
    upload,
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with web_device(tmp_path_factory.mktemp("sound")) as running:
        yield running


@pytest.mark.parametrize("name", list(WEB_SERVICE_PROBES))
def test_sound_device_does_not(name: str, sound: Running) -> None:
    assert WEB_SERVICE_PROBES[name].probe(sound) == WEB_SERVICE_PROBES[name].sound
    assert echoes(sound.port)


@pytest.mark.parametrize("name", list(WEB_SERVICE_PROBES))
def test_flawed_device_does_and_serves_honest_peers(name: str, tmp_path: Path) -> None:
    with web_device(tmp_path, "--flaw", name) as flawed:
        assert ask(flawed, stored(flawed).path).status == 200
        assert WEB_SERVICE_PROBES[name].probe(flawed) == WEB_SERVICE_PROBES[name].flawed


@pytest.mark.parametrize("shelf", [archives.CLIMBING, archives.LINKS, archives.BROKEN])
def test_archives_that_deviate_are_refused_whole(shelf: Shelf, sound: Running) -> None:
    # What is only said wrongly of an archive is read, and then the object in it is refused.
    codes = {"400", "413", "415", *({"409"} if shelf is archives.BROKEN else ())}
    for name, maker in shelf.makers.items():
        assert upload(sound, maker("7")[archives.NAME]) in codes, name


def test_an_upload_need_not_be_an_archive(sound: Running) -> None:
    thing = Thing()
    assert upload(sound, thing.part10()) == "200"
    assert ask(sound, thing.path).status == 200
    assert ask(sound, "/instances").status == 405


def test_settings_are_for_administrators(sound: Running) -> None:
    assert ask(sound, "/admin/settings", "PUT", b"new", bearer=ADMIN).status == 200
    assert b'"new"' in ask(sound, "/admin/settings", bearer=ADMIN).body
    assert ask(sound, "/admin/settings", "PUT", b"\xff", bearer=ADMIN).status == 400
    assert ask(sound, "/admin/settings").status == 403


def test_a_workitem_takes_only_the_ways_that_there_are(sound: Running) -> None:
    uid = "2.25.990"
    assert (create(sound, uid), create(sound, uid)) == ("201", "409")
    assert change(sound, uid, "COMPLETED", LOCK) == "409"
    assert change(sound, uid, "SCHEDULED", LOCK) == "400"
    assert change(sound, uid, "IN PROGRESS") == "400"
    assert change(sound, uid, "IN PROGRESS", LOCK) == "200"
    assert change(sound, uid, "COMPLETED", LOCK) == "200"
    assert change(sound, uid, "COMPLETED", LOCK) == "409"
    assert ask(sound, f"{ITEMS}/{uid}/cancelrequest", "POST", b"").status == 409
    assert ask(sound, f"{ITEMS}/2.25.991").status == 404
