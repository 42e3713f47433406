"""DICOMweb for load against a real archive: Orthanc with its web plug-in."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import dcmread

from simulators.load import naming
from simulators.load.objects import MODALITIES, Modality, make
from simulators.load.plan import Target
from simulators.load.web import WebLink
from simulators.load.web_archive import Retrievals, Searches
from simulators.load.web_requests import Retrieve, Search, Stow
from tests.simulators.load.peers import unused_port

pytestmark = pytest.mark.interop

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
ROOT = naming.uid_root(2**111 + 3)
LANE = 9


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    program, port = shutil.which("Orthanc"), unused_port()
    assert program is not None, "Orthanc is missing: scripts/install-real-devices"
    assert PLUGIN.exists(), "orthanc-dicomweb is missing: scripts/install-real-devices"
    folder = tmp_path_factory.mktemp("orthanc")
    settings = {
        "StorageDirectory": str(folder),
        "IndexDirectory": str(folder),
        "Plugins": [str(PLUGIN)],
        "HttpPort": port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "KeepAlive": True,
        "DicomServerEnabled": False,
    }
    configuration = folder / "orthanc.json"
    configuration.write_text(json.dumps(settings), "utf-8")
    process = subprocess.Popen([program, configuration], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        assert any("Orthanc has started" in line for line in process.stderr)
        yield Target(host="127.0.0.1", port=0, web=f"http://127.0.0.1:{port}/dicom-web")
    finally:
        process.kill()
        process.communicate(timeout=10)


@pytest.fixture
def link(target: Target) -> Iterator[WebLink]:
    link = WebLink(target)
    link.open()
    yield link
    link.close()


@pytest.mark.parametrize("modality", MODALITIES)
def test_it_stores_and_gives_back_every_kind_of_object(
    target: Target, link: WebLink, modality: Modality
) -> None:
    lane = LANE + 1 + MODALITIES.index(modality)
    request = Stow(target, make(modality, 100_000, ROOT, 0, 1), ROOT, lane)
    assert [link.perform(request, number) for number in range(3)] == [0, 0, 0]
    names = [request.sop_instance(number) for number in range(3)]
    retrieve = Retrieve(target, names)
    assert [link.perform(retrieve, number) for number in range(3)] == [0, 0, 0]
    for number, name in enumerate(names):
        (octets,) = link.fetch(retrieve, number)
        dataset = dcmread(io.BytesIO(octets))
        assert dataset.SOPInstanceUID == name
        assert dataset.PixelData[: naming.MARK_OCTETS] == naming.mark_of(name)


def test_it_is_asked_what_it_holds(target: Target, link: WebLink) -> None:
    request = Stow(target, make("SC", 10_240, ROOT, 0, 1), ROOT, LANE)
    names = {request.sop_instance(number): number for number in range(5)}
    for number in range(4):
        assert link.perform(request, number) == 0
    stored = list(names)[:4]
    search = Search(target, f"studies?StudyInstanceUID={naming.study_uid(ROOT, LANE)}")
    assert link.perform(search, 0) == 0
    assert len(link.query(search)) == 1
    listing, fetching = Searches(target, ROOT), Retrievals(target)
    assert listing.holds(LANE, names, whole=True) == dict.fromkeys(stored, 1)
    marks = [(name, naming.mark_of(name)) for name in stored]
    assert list(fetching.contents(LANE, list(names), whole=True)) == marks
    listing.close()
    fetching.close()


def test_what_it_does_not_know_is_said_in_words(target: Target, link: WebLink) -> None:
    assert (
        link.perform(Retrieve(target, [naming.sop_instance_uid(ROOT, LANE, 99)]), 0) == "HTTP 404"
    )
    elsewhere = target.model_copy(update={"web": target.web + "/nowhere"})
    request = Stow(elsewhere, make("SC", 10_240, ROOT, 0, 1), ROOT, LANE)
    assert link.perform(request, 0) == "HTTP 404"
