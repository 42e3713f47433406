"""The web side of the reference device: honest by default, and wrong in one way with each flaw."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.devices.web_profile import PATIENT_ID, token
from tests.simulators.devices.keeping import store
from tests.simulators.devices.peer import echoes
from tests.simulators.devices.running import Running
from tests.simulators.devices.web_client import (
    BASE,
    PICTURE,
    Thing,
    ask,
    head,
    multipart,
    raw,
    stored,
    stow,
    web_device,
)
from tests.simulators.devices.web_probes import WEB_PROBES

_OF_ONE = token(sub="patient", patient=PATIENT_ID)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with web_device(tmp_path_factory.mktemp("sound")) as running:
        yield running


@pytest.mark.parametrize("name", list(WEB_PROBES))
def test_sound_device_does_not(name: str, sound: Running) -> None:
    assert WEB_PROBES[name].probe(sound) == WEB_PROBES[name].sound
    assert echoes(sound.port)


@pytest.mark.parametrize("name", list(WEB_PROBES))
def test_flawed_device_does_and_serves_honest_peers(name: str, tmp_path: Path) -> None:
    with web_device(tmp_path, "--flaw", name) as flawed:
        thing = stored(flawed)
        kept = name != "web_stow_says_success"
        assert ask(flawed, thing.path).status == (200 if kept else 404)
        assert len(json.loads(ask(flawed, f"{BASE}?PatientID={PATIENT_ID}").body)) == kept
        assert echoes(flawed.port)
        assert WEB_PROBES[name].probe(flawed) == WEB_PROBES[name].flawed


def test_what_is_stored_by_one_side_is_found_by_the_other(tmp_path: Path) -> None:
    with web_device(tmp_path) as it:
        assert json.loads(ask(it, BASE).body) == []
        assert store(it, 2) == ["RESPONDED 0000"] * 2
        (study,) = json.loads(ask(it, BASE).body)
        assert study["00201208"] == {"vr": "IS", "Value": [2]}


def test_an_object_comes_back_as_it_was(sound: Running) -> None:
    thing = stored(sound)
    said = ask(sound, thing.path, Accept='multipart/related; type="application/dicom"')
    assert thing.part10().partition(b"DICM")[2][-200:] in said.body
    assert PICTURE in ask(sound, f"{thing.path}/frames/1").body
    assert ask(sound, f"{thing.path}/frames/2").status == 404
    assert ask(sound, f"{thing.path}/rendered").body.startswith(b"\x89PNG")


def test_metadata_says_where_the_picture_is(sound: Running) -> None:
    thing = stored(sound)
    (found,) = json.loads(ask(sound, f"{BASE}/{thing.study}/metadata").body)
    assert found["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": "Example^Ann"}]}
    where = found["7FE00010"]["BulkDataURI"]
    assert PICTURE in ask(sound, where.partition(str(sound.web_port))[2]).body


def test_a_search_goes_on_where_it_ended(sound: Running) -> None:
    for _ in range(3):
        stored(sound, patient="PAGES")
    one = ask(sound, f"{BASE}?PatientID=PAGES&limit=2")
    assert len(json.loads(one.body)) == 2
    assert one.fields["Warning"].startswith("299 ")
    assert len(json.loads(ask(sound, f"{BASE}?PatientID=PAGES&limit=2&offset=2").body)) == 1


@pytest.mark.parametrize(
    "what", ["x=y", "limit=-1", "offset=1.5", "includefield=%00", "PatientName=" + "x" * 2000]
)
def test_a_search_for_what_there_is_not_is_refused(what: str, sound: Running) -> None:
    assert ask(sound, f"{BASE}?{what}").status == 400


def test_some_of_the_objects_may_be_refused(sound: Running) -> None:
    thing, other = Thing(), Thing()
    said = stow(sound, multipart(thing.part10(), other.part10()), f"{BASE}/{thing.study}")
    assert said.status == 202
    answer = json.loads(said.body)
    assert answer["00081199"]["Value"][0]["00081155"]["Value"] == [thing.instance]
    assert answer["00081198"]["Value"][0]["00081155"]["Value"] == [other.instance]
    assert answer["00081198"]["Value"][0]["00081197"]["Value"] == [0xA900]


def test_a_body_has_a_bound_on_its_parts(sound: Running) -> None:
    assert stow(sound, multipart(*[b"x"] * 101)).status == 413
    assert stow(sound, multipart(*[b"x"] * 100)).status == 409


def test_what_no_url_could_name_is_not_stored(sound: Running) -> None:
    thing = Thing()
    nameless = thing.part10().replace(f"{thing.study}.1".encode(), f"{thing.study}/1".encode())
    assert stow(sound, multipart(nameless)).status == 409


def test_nothing_of_another_patient_exists_or_may_be_stored(sound: Running) -> None:
    thing = stored(sound, patient="SOMEBODY")
    unknown = ask(sound, f"{BASE}/2.25.404", bearer=_OF_ONE)
    assert ask(sound, f"{BASE}/{thing.study}", bearer=_OF_ONE) == unknown
    assert json.loads(ask(sound, f"{BASE}?PatientID=SOMEBODY", bearer=_OF_ONE).body) == []
    again = multipart(Thing(patient="SOMEBODY").part10())
    assert stow(sound, again, bearer=_OF_ONE).status == 409


def test_a_page_shows_names_as_text(sound: Running) -> None:
    stored(sound, name="<b>Bold")
    page = ask(sound, "/?PatientName=%3Cb%3E*")
    assert page.body.count(b"&lt;b&gt;") == 2
    assert b"<b>" not in page.body
    assert page.fields["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_connection_is_used_again_and_requests_may_wait_in_line(sound: Running) -> None:
    assert raw(sound, head() + head(method="HEAD") + head("Connection: close")) == "200 200 200"
    connection = http.client.HTTPConnection("127.0.0.1", sound.web_port, timeout=5)
    for _ in range(2):
        connection.request("GET", BASE, headers={"Authorization": f"Bearer {token()}"})
        assert connection.getresponse().read()
    connection.close()


def test_a_client_that_asks_whether_to_go_on_is_told(sound: Running) -> None:
    whole = head("Content-Length: 2", "Expect: 100-continue", "Connection: close")
    assert raw(sound, whole, 0.5) == "100"


@pytest.mark.parametrize(
    "path", ["/", "/dicom-web", "/dicom-web/nothing", f"{BASE}/1/series/2/x", "/x"]
)
def test_every_path_wants_a_token(path: str, sound: Running) -> None:
    assert ask(sound, path, bearer=None).status == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(method: str, sound: Running) -> None:
    assert ask(sound, BASE, method).status == 405
