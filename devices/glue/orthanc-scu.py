"""Orthanc as a client over TLS, driven by its REST interface.

``orthanc-scu.py start CONFIGURATION STORAGE``     becomes Orthanc, its REST port a free one
``orthanc-scu.py echo STORAGE HOST PORT CALLED CALLING``
``orthanc-scu.py store STORAGE HOST PORT CALLED CALLING FILE``

The exit code is 0 if Orthanc says that the peer answered with success.
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


def call(action: str, storage: str, host: str, port: str, called: str, *more: str) -> None:
    """Makes Orthanc call the peer.

    Raises:
        OSError: Orthanc does not answer, or says that the peer did not serve it.
    """
    calling, *files = more
    modality = {
        "AET": called, "Host": host, "Port": int(port), "UseDicomTls": True, "LocalAet": calling,
        "Timeout": SCU_TIMEOUT_S, "AllowTranscoding": False,
    }  # fmt: skip
    address = f"http://127.0.0.1:{_rest_port(storage)}/modalities/{called}"
    _ask("PUT", address, json.dumps(modality).encode())
    try:
        if action == "echo":
            _ask("POST", f"{address}/echo", b"{}")
        else:
            _ask("POST", f"{address}/store-straight", Path(files[0]).read_bytes())
    finally:
        _ask("DELETE", address)


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
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        answer.read()


def main(argv: list[str]) -> int:
    """Does one of the three things."""
    action, *given = argv
    if action == "start":
        start(*given)
    try:
        call(action, *given)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        if isinstance(error, urllib.error.HTTPError):
            sys.stderr.write(error.read(2000).decode("utf-8", "replace"))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
