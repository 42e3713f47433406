"""The web port of the reference device by TLS: sound by default, and wrong in one way each."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from simulators.process.sockets import listening_ports
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.running import Running, reference
from tests.simulators.devices.web_tls_flaws import WEB_TLS_FLAWS

REQUEST = b"GET /dicom-web/studies HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


def said(sock: socket.socket) -> bytes:
    with sock:
        sock.settimeout(5)
        try:
            sock.sendall(REQUEST)
            heard = b""
            while more := sock.recv(1 << 16):
                heard += more
            return heard
        except ConnectionError:
            return b""


def plain(port: int) -> bytes:
    return said(socket.create_connection(("127.0.0.1", port), timeout=5))


def secure(it: Running, lab: Lab, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> bytes:
    context = ssl.create_default_context(cafile=lab.ca)
    context.check_hostname = False
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = min(newest, ssl.TLSVersion.TLSv1_2)
    context.maximum_version = newest
    sock = socket.create_connection(("127.0.0.1", it.web_port), timeout=5)
    try:
        return said(context.wrap_socket(sock))
    except (ssl.SSLError, ConnectionError) as error:
        sock.close()
        return type(error).__name__.encode()


def probes(it: Running, lab: Lab) -> dict[str, bool]:
    """Which of the flaws the device shows."""
    others = [
        port for port in listening_ports([it.process.pid]) if port not in (it.port, it.web_port)
    ]
    return {
        "web_plain_on_tls": plain(it.web_port).startswith(b"HTTP/"),
        "web_plain_beside": any(plain(port).startswith(b"HTTP/") for port in others),
        "web_tls_min_1_0": secure(it, lab, ssl.TLSVersion.TLSv1_1).startswith(b"HTTP/"),
        "web_no_hsts": b"Strict-Transport-Security: max-age=31536000" not in secure(it, lab),
    }


@pytest.mark.parametrize("flaw", [None, *WEB_TLS_FLAWS])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_it_is_wrong_in_that_way_only(flaw: str | None, lab: Lab, tmp_path: Path) -> None:
    switched = () if flaw is None else ("--flaw", flaw)
    device = ("--web-port", "0", "--web-tls", *lab.arguments("device"), *switched)
    with reference(tmp_path, *device) as it:
        assert secure(it, lab).startswith(b"HTTP/1.1 200")
        assert probes(it, lab) == {name: name == flaw for name in WEB_TLS_FLAWS}
