"""A small DICOMweb server for tests, on loopback, that reads what it is sent by pydicom."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from pydicom import dcmread

from harness.model import JSON
from simulators.load import naming


class Archive(ThreadingHTTPServer):
    """Keeps what is stored; the flags make it do what servers do.

    Attributes:
        kept: The Part 10 files by SOP Instance UID.
        loses: Which of the objects that come, counted from 0, are acknowledged and dropped.
        refuses: Which are answered with 200 and stand in the Failed SOP Sequence.
        mixes_up: Every object comes back with the pixels of the one that was stored first.
        status: Of every answer to a POST; other ones than 200 and 202 have no body.
        asked: How many POSTs came.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, bytes] = {}
        self.connections = 0
        self.closes = False
        self.knows_offset = True
        self.loses: frozenset[int] = frozenset()
        self.refuses: frozenset[int] = frozenset()
        self.mixes_up = False
        self.status = 200
        self.asked = 0


class Handler(BaseHTTPRequestHandler):
    """STOW-RS, QIDO-RS for instances, WADO-RS for one object."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.archive.connections += 1

    @property
    def archive(self) -> Archive:
        assert isinstance(self.server, Archive)
        return self.server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        number, self.archive.asked = self.archive.asked, self.archive.asked + 1
        if self.archive.status not in (200, 202):
            self.answer(self.archive.status, b"")
            return
        boundary = b"--" + str(self.headers.get_param("boundary")).encode()
        part = body.split(boundary)[1].partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        dataset = dcmread(io.BytesIO(part))
        assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
        refused = number in self.archive.refuses
        if not refused and number not in self.archive.loses:
            self.archive.kept[dataset.SOPInstanceUID] = part
        item: dict[str, JSON] = {"00081155": {"vr": "UI", "Value": [dataset.SOPInstanceUID]}}
        if refused:
            item["00081197"] = {"vr": "US", "Value": [0xA700]}
        if self.archive.status == 202:
            item["00081196"] = {"vr": "US", "Value": [0xB007]}
        tag = "00081198" if refused else "00081199"
        answer = json.dumps({tag: {"vr": "SQ", "Value": [item]}})
        self.answer(self.archive.status, answer.encode())

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        name = url.path.rpartition("/")[2]
        if name == "instances":
            asked = parse_qs(url.query)
            first = int(asked["offset"][0]) if self.archive.knows_offset else 0
            series = url.path.rpartition("/")[0].rpartition("/")[2]
            kept = [uid for uid in self.archive.kept if len(series) < 2 or _series(uid) == series]
            names = sorted(kept)[first : first + int(asked["limit"][0])]
            rows = [{"00080018": {"vr": "UI", "Value": [uid]}} for uid in names]
            self.answer(200, json.dumps(rows).encode()) if rows else self.answer(204, b"")
        elif name in self.archive.kept:
            part = b"--X\r\nContent-Type: application/dicom\r\n\r\n" + self.brought(name)
            self.answer(200, part + b"\r\n--X--\r\n", 'multipart/related; boundary="X"')
        elif name == "studies":
            study = parse_qs(url.query)["StudyInstanceUID"][0]
            known = any(uid.startswith(f"{study}.") for uid in self.archive.kept)
            row = {"0020000D": {"vr": "UI", "Value": [study]}}
            self.answer(200, json.dumps([row]).encode()) if known else self.answer(204, b"")
        else:
            self.answer(404, b"no such object")

    def brought(self, name: str) -> bytes:
        """The object of that name, or one under its name with somebody else's pixels."""
        part = self.archive.kept[name]
        if self.archive.mixes_up:
            first = naming.mark_of(next(iter(self.archive.kept)))
            part = part.replace(naming.mark_of(name), first)
        return part

    def answer(self, status: int, body: bytes, kind: str = "application/dicom+json") -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        if self.archive.closes:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def running(server: Archive) -> Iterator[Archive]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _series(sop_instance: str) -> str:
    """The series of an object of a load."""
    return f"{sop_instance.rpartition('.')[0]}.1"
