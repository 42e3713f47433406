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


class Archive(ThreadingHTTPServer):
    """Keeps what is stored; the flags make it do what servers do."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, bytes] = {}
        self.connections = 0
        self.closes = False
        self.knows_offset = True


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
        boundary = b"--" + str(self.headers.get_param("boundary")).encode()
        part = body.split(boundary)[1].partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        dataset = dcmread(io.BytesIO(part))
        assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
        self.archive.kept[dataset.SOPInstanceUID] = part
        item = {"00081155": {"vr": "UI", "Value": [dataset.SOPInstanceUID]}}
        self.answer(200, json.dumps({"00081199": {"vr": "SQ", "Value": [item]}}).encode())

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        name = url.path.rpartition("/")[2]
        if name == "instances":
            asked = parse_qs(url.query)
            first = int(asked["offset"][0]) if self.archive.knows_offset else 0
            names = sorted(self.archive.kept)[first : first + int(asked["limit"][0])]
            rows = [{"00080018": {"vr": "UI", "Value": [uid]}} for uid in names]
            self.answer(200, json.dumps(rows).encode()) if rows else self.answer(204, b"")
        elif name in self.archive.kept:
            part = b"--X\r\nContent-Type: application/dicom\r\n\r\n" + self.archive.kept[name]
            self.answer(200, part + b"\r\n--X--\r\n", 'multipart/related; boundary="X"')
        else:
            self.answer(404, b"no such object")

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
