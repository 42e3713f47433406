"""Orthanc's DICOMweb plug-in as a client, driven by its REST interface.

``orthanc-web-client.py start CONFIGURATION STORAGE``    becomes Orthanc, its REST port a free one
``orthanc-web-client.py search STORAGE URL TOKEN``
``orthanc-web-client.py retrieve STORAGE URL TOKEN STUDY SERIES INSTANCE``
``orthanc-web-client.py store STORAGE URL TOKEN FILE``

The exit code is 0 if Orthanc reports success, and 1 if it reports an error or cannot be asked.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

PATIENCE_S = 25.0
ANSWER_S = 120.0
"""More than any call may take: Orthanc itself is to give up on the server, not we on Orthanc."""


def start(configuration: str, storage: str) -> None:
    """Chooses the REST port, tells it beside the storage, and becomes Orthanc."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    made = {**json.loads(Path(configuration).read_text("utf-8")), "HttpPort": port}
    settled = Path(storage) / "orthanc.json"
    settled.write_text(json.dumps(made), "utf-8")
    (Path(storage) / "rest-port").write_text(str(port), "ascii")
    os.execvp("Orthanc", ["Orthanc", str(settled)])


def call(action: str, storage: str, url: str, token: str, *more: str) -> None:
    """Makes Orthanc ask the server.

    Raises:
        OSError: Orthanc does not answer, or says that it has no good answer.
    """
    rest = f"http://127.0.0.1:{_rest_port(storage)}"
    server = f"{rest}/dicom-web/servers/{uuid.uuid4().hex}"
    _ask("PUT", server, {"Url": url, "HttpHeaders": {"Authorization": f"Bearer {token}"}})
    try:
        if action == "search":
            sys.stdout.buffer.write(_ask("POST", f"{server}/qido", {"Uri": "/studies"}))
        elif action == "retrieve":
            wanted = dict(zip(("Study", "Series", "Instance"), more, strict=True))
            _ask("POST", f"{server}/retrieve", {"Resources": [wanted], "Synchronous": True})
        else:
            kept = json.loads(_ask("POST", f"{rest}/instances", Path(more[0]).read_bytes()))
            _ask("POST", f"{server}/stow", {"Resources": [kept["ID"]], "Synchronous": True})
    finally:
        _ask("DELETE", server, None)


def _rest_port(storage: str) -> int:
    """Where Orthanc answers, once it does."""
    told = Path(storage) / "rest-port"
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            port = int(told.read_text("ascii"))
            with socket.create_connection(("127.0.0.1", port), 1.0):
                return port
        except (OSError, ValueError):
            time.sleep(0.1)
    raise OSError("Orthanc does not answer")


def _ask(method: str, address: str, content: object) -> bytes:
    data = (
        content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
    )
    request = urllib.request.Request(address, data=data, method=method)
    with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
        return answer.read()


if __name__ == "__main__":
    if sys.argv[1] == "start":
        start(*sys.argv[2:])
    try:
        call(*sys.argv[1:])
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"failed: {error}")
