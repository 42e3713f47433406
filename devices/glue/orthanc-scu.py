"""Orthanc as a client, driven by its REST interface.

``orthanc-scu.py start CONFIGURATION STORAGE``     becomes Orthanc, its REST port a free one
``orthanc-scu.py echo STORAGE HOST PORT CALLED CALLING``
``orthanc-scu.py store STORAGE HOST PORT CALLED CALLING FILE``
``orthanc-scu.py find STORAGE HOST PORT CALLED CALLING``
``orthanc-scu.py move STORAGE HOST PORT CALLED CALLING``   to Orthanc itself, whose title is CALLING

It calls with TLS, and in clear where ``--plain`` stands first. The exit code is 0 if Orthanc says
that the peer answered with success.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_S = 25.0
ANSWER_S = 120.0
"""More than any call may take: Orthanc itself is to give up on its peer, not we on Orthanc."""

SCU_TIMEOUT_S = 8


def start(configuration: str, storage: str) -> None:
    """Chooses the REST port, tells it beside the storage, and becomes Orthanc."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    made = {**json.loads(Path(configuration).read_text("utf-8")), "HttpPort": port}
    settled = Path(storage) / "orthanc.json"
    settled.write_text(json.dumps(made), "utf-8")
    _port_file(storage).write_text(str(port), "ascii")
    os.execvp("Orthanc", ["Orthanc", "--verbose-dicom", str(settled)])


def call(
    action: str, storage: str, host: str, port: str, called: str, *more: str, secure: bool
) -> None:
    """Makes Orthanc call the peer.

    Raises:
        OSError: Orthanc does not answer, or says that the peer did not serve it.
    """
    calling, *files = more
    modality = {
        "AET": called, "Host": host, "Port": int(port), "UseDicomTls": secure, "LocalAet": calling,
        "Timeout": SCU_TIMEOUT_S, "AllowTranscoding": False,
    }  # fmt: skip
    address = f"http://127.0.0.1:{_rest_port(storage)}/modalities/{called}"
    _ask("PUT", address, json.dumps(modality).encode())
    try:
        if action == "store":
            _ask("POST", f"{address}/store-straight", Path(files[0]).read_bytes())
        else:
            path, body = _operation(action, calling)
            _ask("POST", f"{address}/{path}", json.dumps(body).encode())
    finally:
        _ask("DELETE", address)


def _operation(action: str, calling: str) -> tuple[str, dict[str, object]]:
    """Path and body of what is asked by JSON."""
    study = {"StudyInstanceUID": "2.25.1"}
    move = {"Level": "Study", "Resources": [study], "TargetAet": calling, "Synchronous": True}
    find = {"Level": "Study", "Query": {"PatientName": "", "StudyInstanceUID": ""}}
    return {"echo": ("echo", {}), "find": ("query", find), "move": ("move", move)}[action]


def _rest_port(storage: str) -> int:
    """The REST port, once Orthanc listens there."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            port = int(_port_file(storage).read_text("ascii"))
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except (OSError, ValueError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # there is no event to wait for
        else:
            return port


def _port_file(storage: str) -> Path:
    return Path(storage) / "rest-port"


def _ask(method: str, address: str, body: bytes | None = None) -> None:
    request = urllib.request.Request(address, data=body, method=method)
    with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
        answer.read()


def main(argv: list[str]) -> int:
    """Does one of the things above."""
    plain = argv[0] == "--plain"
    action, *given = argv[plain:]
    if action == "start":
        start(*given)
    try:
        call(action, *given, secure=not plain)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        if isinstance(error, urllib.error.HTTPError):
            sys.stderr.write(error.read(2000).decode("utf-8", "replace"))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
