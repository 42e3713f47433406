"""DICOMweb for load, against a small server of its own and against servers that lie."""

from __future__ import annotations

import io
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from pydicom import Dataset, dcmread

from harness.errors import RequestError
from harness.model import JSON
from simulators.load import naming, web
from simulators.load.objects import Made, make
from simulators.load.plan import Plan, Target
from simulators.load.waiting import CLOSED, INVALID, REFUSED, TIMEOUT, TLS, LinkError
from simulators.load.web import WebLink
from simulators.load.web_archive import Retrievals, Searches
from simulators.load.web_errands import WebErrand
from simulators.load.web_requests import Retrieve, Search, Stow
from tests.simulators.load.archives import Archive, running
from tests.simulators.load.peers import serving, unused_port

ROOT = naming.uid_root(2**110 + 5)
LANE = 4
SMALL = make("SC", 10_240, ROOT, 0, 1)
LARGE = make("CT", 300_000, ROOT, 0, 1)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with running(Archive()) as server:
        yield server


def target_of(port: int, scheme: str = "http", ca: str = "") -> Target:
    return Target(host="127.0.0.1", port=0, web=f"{scheme}://127.0.0.1:{port}/dicom-web/", ca=ca)


def target(archive: Archive) -> Target:
    return target_of(archive.server_port)


@pytest.mark.parametrize("made", [SMALL, LARGE], ids=["small", "large"])
def test_what_arrives_is_what_naming_says(archive: Archive, made: Made) -> None:
    link, request = WebLink(target(archive)), Stow(target(archive), made, ROOT, LANE)
    link.open()
    assert [link.perform(request, number) for number in (0, 1, 77)] == [0, 0, 0]
    link.close()
    assert archive.connections == link.connections == 1
    assert sorted(archive.kept) == [naming.sop_instance_uid(ROOT, LANE, n) for n in (0, 1, 77)]
    for name, part in archive.kept.items():
        check(dcmread(io.BytesIO(part)), name, made.dataset)


def check(dataset: Dataset, name: str, original: bytes) -> None:
    """Every name is that of the lane, and nothing else differs."""
    assert dataset.SOPInstanceUID == name
    assert dataset.StudyInstanceUID == naming.study_uid(ROOT, LANE)
    assert dataset.SeriesInstanceUID == naming.series_uid(ROOT, LANE)
    assert dataset.PixelData[: naming.MARK_OCTETS] == naming.mark_of(name)
    rest = dataset.PixelData[naming.MARK_OCTETS :]
    assert original.endswith(rest)


def test_octets_are_those_of_the_data_set(archive: Archive) -> None:
    assert Stow(target(archive), SMALL, ROOT, LANE).octets == len(SMALL.dataset)


def test_a_server_that_closes_each_time_is_connected_to_again(archive: Archive) -> None:
    archive.closes = True
    link, request = WebLink(target(archive)), Stow(target(archive), SMALL, ROOT, LANE)
    link.open()
    assert [link.perform(request, number) for number in range(3)] == [0, 0, 0]
    assert (link.is_open, link.connections) == (True, 3)
    link.close()


def test_an_object_is_found_and_comes_back(archive: Archive) -> None:
    link, request = WebLink(target(archive)), Stow(target(archive), SMALL, ROOT, LANE)
    link.perform(request, 5)
    name = request.sop_instance(5)
    retrieve = Retrieve(target(archive), [name, naming.sop_instance_uid(ROOT, LANE, 6)])
    assert link.perform(retrieve, 0) == 0
    assert link.received > len(SMALL.dataset)
    assert link.fetch(retrieve, 0) == [archive.kept[name]]
    assert link.perform(retrieve, 1) == "HTTP 404"
    assert link.fetch(retrieve, 1) == []
    search = Search(target(archive), "studies/1/instances?limit=5&offset=0")
    assert link.perform(search, 0) == 0
    assert [row["00080018"] for row in link.query(search)] == [{"vr": "UI", "Value": [name]}]
    link.close()


@pytest.mark.parametrize("knows_offset", [True, False])
def test_the_ledger_can_look_and_fetch_by_web(archive: Archive, knows_offset: bool) -> None:
    archive.knows_offset = knows_offset
    link, request = WebLink(target(archive)), Stow(target(archive), SMALL, ROOT, LANE)
    names = {request.sop_instance(number): number for number in range(4)}
    for number in range(3):
        link.perform(request, number)
    link.close()
    listing, fetching = Searches(target(archive), ROOT), Retrievals(target(archive))
    stored = list(names)[:3]
    assert listing.holds(LANE, names, whole=True) == dict.fromkeys(stored, 1)
    marks = [(name, naming.mark_of(name)) for name in stored]
    assert list(fetching.contents(LANE, list(names), whole=True)) == marks
    listing.close()
    fetching.close()


@pytest.mark.parametrize(
    ("operation", "called", "owed", "status"),
    [
        ("stow", "STOW-RS", True, 0),
        ("qido", "QIDO-RS", False, "HTTP 204"),
        ("wado", "WADO-RS", False, "HTTP 404"),
    ],
)
def test_an_errand_is_driven_like_an_association(
    archive: Archive, operation: str, called: str, owed: bool, status: int | str
) -> None:
    name = naming.sop_instance_uid(ROOT, LANE, 0)
    plan = Plan.model_validate(
        {"operation": operation, "target": target(archive), "uid_root": ROOT, "fetch": (name,)}
    )
    errand = WebErrand(plan, LANE, None)
    assert not errand.is_open
    errand.open()
    choice = errand.choose()
    assert (choice.name, choice.owed, errand.is_open) == (called, owed, True)
    assert choice.perform(0) == status
    errand.release()
    errand.release()
    assert not errand.is_open


def test_tls_trusts_whom_it_is_told_to(tmp_path: Path) -> None:
    authority, server = trustme.CA(), Archive()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    path, stranger = tmp_path / "ca.pem", tmp_path / "stranger.pem"
    authority.cert_pem.write_to_path(str(path))
    trustme.CA().cert_pem.write_to_path(str(stranger))
    with running(server):
        trusting = target_of(server.server_port, "https", ca=str(path))
        link = WebLink(trusting)
        assert link.perform(Stow(trusting, LARGE, ROOT, LANE), 0) == 0
        link.close()
        with pytest.raises(LinkError) as caught:
            WebLink(target_of(server.server_port, "https", ca=str(stranger))).open()
    assert caught.value.ending == TLS


@contextmanager
def answering(*answers: bytes, then_close: bool = True) -> Iterator[int]:
    """A server that gives one answer to each request, whatever it says."""

    def serve(connection: socket.socket) -> None:
        for answer in answers:
            if not connection.recv(2**20):
                return
            connection.sendall(answer)
        if not then_close:
            connection.recv(1)

    with serving(serve) as port:
        yield port


def ok(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def warned(number: int) -> dict[str, JSON]:
    """A response that says of one object that it is stored, without some elements."""
    name = naming.sop_instance_uid(ROOT, LANE, number)
    return {
        "00081199": {"Value": [{"00081155": {"Value": [name]}, "00081196": {"Value": [0xB007]}}]}
    }


FAILED = {
    "00081198": {
        "Value": [
            {
                "00081155": {"Value": [naming.sop_instance_uid(ROOT, LANE, 0)]},
                "00081197": {"Value": [0xA700]},
            }
        ]
    }
}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (ok(b""), 0),
        (ok(naming.sop_instance_uid(ROOT, LANE, 0).encode()), 0),
        (ok(naming.sop_instance_uid(ROOT, LANE, 1).encode()), web.UNNAMED),
        (ok(json.dumps(FAILED).encode()), "HTTP 200, failure reason A700H"),
        (b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n", "HTTP 409"),
        (b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", "HTTP 202"),
        (ok(json.dumps(FAILED).encode(), "202 Accepted"), "HTTP 202, failure reason A700H"),
        (ok(json.dumps(FAILED).encode(), "409 Conflict"), "HTTP 409, failure reason A700H"),
        (ok(json.dumps(warned(0)).encode(), "202 Accepted"), 0xB007),
        (ok(json.dumps(warned(0)).encode(), "409 Conflict"), "HTTP 409"),
        (ok(json.dumps(warned(1)).encode(), "202 Accepted"), "HTTP 202"),
        (ok(naming.sop_instance_uid(ROOT, LANE, 0).encode(), "202 Accepted"), 0xB000),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n",
            "HTTP 302",
        ),
    ],
)
def test_an_acknowledgement_is_believed_only_if_it_is_one(answer: bytes, status: int | str) -> None:
    with answering(answer) as port:
        link = WebLink(target_of(port))
        assert link.perform(Stow(target_of(port), SMALL, ROOT, LANE), 0) == status
        link.close()


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (b"", CLOSED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", CLOSED),
        (b"220 mail.example ESMTP\r\n\r\n", INVALID),
    ],
)
def test_no_answer_is_an_ending_and_the_link_is_closed(answer: bytes, ending: str) -> None:
    with answering(answer) as port:
        link = WebLink(target_of(port))
        link.open()
        with pytest.raises(LinkError) as caught:
            link.perform(Stow(target_of(port), SMALL, ROOT, LANE), 0)
        assert (caught.value.ending, link.is_open) == (ending, False)


def test_silence_is_a_timeout() -> None:
    with answering(b"HTTP/1.1", then_close=False) as port:
        link = WebLink(target_of(port), timeout_s=0.2)
        with pytest.raises(LinkError) as caught:
            link.perform(Stow(target_of(port), SMALL, ROOT, LANE), 0)
        assert caught.value.ending == TIMEOUT


def test_a_connection_that_was_closed_meanwhile_is_opened_again_once() -> None:
    with answering(ok(b"")) as port:
        link, request = WebLink(target_of(port)), Stow(target_of(port), SMALL, ROOT, LANE)
        assert [link.perform(request, number) for number in range(3)] == [0, 0, 0]
        assert link.connections == 3
        link.close()


def test_nobody_there_is_refused() -> None:
    with pytest.raises(LinkError) as caught:
        WebLink(target_of(unused_port())).open()
    assert caught.value.ending == REFUSED


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"[" * 100_000])
def test_a_query_without_a_list_is_invalid(body: bytes) -> None:
    with answering(ok(body)) as port:
        link, request = WebLink(target_of(port)), Search(target_of(port), "studies")
        with pytest.raises(LinkError) as caught:
            link.query(request)
        assert caught.value.ending == INVALID
        link.close()


@pytest.mark.parametrize(
    "url",
    ["", "ftp://127.0.0.1/", "http:///x", "http://127.0.0.1:99999/", "http://a/\r\nX: y", "/x"],
)
def test_a_base_url_that_is_none_is_named_with_the_way_out(url: str) -> None:
    with pytest.raises(RequestError, match="give one such as http://"):
        WebLink(Target(host="127.0.0.1", port=0, web=url))


@pytest.mark.parametrize("names", [(), ("1.2.3",)])
def test_only_objects_of_ours_are_fetched(names: tuple[str, ...]) -> None:
    with pytest.raises(RequestError, match="an earlier load stored"):
        Retrieve(target_of(80), names)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (ok(b"[]"), web.UNNAMED),
        (ok(b"[{}]"), web.UNNAMED),
        (ok(b'{"0020000D": "1.2.3"}'), web.UNNAMED),
        (ok(b'[{"0020000D": {"Value": ["1.2.3"]}}]'), 0),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "HTTP 204"),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "HTTP 401"),
    ],
)
def test_a_query_for_what_is_there_must_find_it(answer: bytes, status: int | str) -> None:
    with answering(answer) as port:
        link = WebLink(target_of(port))
        search = Search(target_of(port), "studies?StudyInstanceUID=1.2.3", named="1.2.3")
        assert link.perform(search, 0) == status
        link.close()


def test_the_address_that_was_permitted_is_used_whatever_the_name_resolves_to(
    archive: Archive,
) -> None:
    url = f"http://archive.invalid:{archive.server_port}/dicom-web"
    link = WebLink(Target(host="127.0.0.1", port=0, web=url, web_host="127.0.0.1"))
    link.open()
    assert link.connections == 1
    link.close()
