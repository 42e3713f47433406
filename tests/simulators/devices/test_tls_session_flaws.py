"""Flaws of records, sessions and time: each shows its defect, and serves honest peers as before."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from simulators.connection import Connection
from simulators.devices.reference.tls_mender import mended
from simulators.devices.reference.tls_stream import HandshakeError, require_current
from simulators.handshakes.tampering import Line
from simulators.pki import Authority
from simulators.tls import TlsPolicy, TlsVersion, open_channel
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.running import Running, reference
from tests.simulators.devices.test_tls import V, asked, context

IDENTITY = Authority.new("records").issue()
FLAWS = [
    "ignores_broken_records",
    "no_handshake_timeout",
    "renegotiates_without_limit",
    "resumes_expired_identity",
    "accepts_any_ticket",
    "accepts_early_data",
    "reuses_ephemeral_key",
    "refuses_pqc_offer",
]


@contextlib.contextmanager
def flawed(lab: Lab, folder: Path, *flaws: str) -> Iterator[Running]:
    named = [part for flaw in flaws for part in ("--flaw", flaw)]
    with reference(folder, "--tls-port", "0", *lab.arguments("device"), *named) as running:
        yield running


@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("version", [V.TLSv1_2, V.TLSv1_3])
def test_honest_clients_are_served_as_before(
    flaw: str, version: ssl.TLSVersion, lab: Lab, tmp_path: Path
) -> None:
    using = context(lab)
    using.maximum_version = version
    with flawed(lab, tmp_path, flaw) as it:
        assert asked(it.tls_port, using) == version.name.replace("_", ".")
        assert asked(it.tls_port, context(lab, "expired")) == "refused"


class Ending:
    """A socket dressed as the connection that a line needs."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send(self, data: bytes, _timeout_s: float = 0.0) -> int:
        self._sock.sendall(data)
        return len(data)

    def receive(self, timeout_s: float) -> bytes:
        self._sock.settimeout(timeout_s)
        return self._sock.recv(65536)


@pytest.mark.parametrize("version", [TlsVersion.TLS1_2, TlsVersion.TLS1_3])
@pytest.mark.parametrize("device_listens", [True, False])
@pytest.mark.parametrize("suite", ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"])
def test_an_altered_record_is_mended_and_arrives_altered(
    version: TlsVersion, device_listens: bool, suite: str, tmp_path: Path
) -> None:
    protocol = ssl.PROTOCOL_TLS_SERVER if device_listens else ssl.PROTOCOL_TLS_CLIENT
    using = ssl.SSLContext(protocol)
    using.check_hostname = False
    using.verify_mode = ssl.CERT_NONE
    files = IDENTITY.write(tmp_path, "identity")
    using.load_cert_chain(files.cert, files.key)
    using.set_ciphers(suite)
    here, there = socket.socketpair()
    got: list[bytes] = []

    def device() -> None:
        host = None if device_listens else "device"
        stream = mended(there, using, time.monotonic() + 5.0, host=host)
        got.append(stream.recv(100))
        stream.sendall(b"heard")

    with here, there:
        line = Line(cast(Connection, Ending(here)))
        policy = TlsPolicy(identity=IDENTITY, maximum=version)
        channel = open_channel(line, policy, not device_listens)
        thread = threading.Thread(target=device)
        thread.start()
        assert channel.handshake(5.0).version is version
        line.flip(5 + (8 if version is TlsVersion.TLS1_2 else 0) + 1)
        channel.send(b"abc")
        assert channel.receive(5.0) == b"heard"
        thread.join(5.0)
    assert got == [b"acc"]
    assert line.left == len(line.altered)


def test_half_a_record_passes_a_line_that_is_cut() -> None:
    here, there = socket.socketpair()
    with here, there:
        line = Line(cast(Connection, Ending(here)))
        line.cut()
        line.send(b"12345678")
        line.send(b"whole")
        assert there.recv(100) == b"1234whole"


def test_a_stalled_handshake_is_ended_unless_nobody_looks(lab: Lab, tmp_path: Path) -> None:
    arguments = ("--tls-port", "0", *lab.arguments("device"), "--artim", "0.3")
    (tmp_path / "sound").mkdir()
    (tmp_path / "flawed").mkdir()
    sound = reference(tmp_path / "sound", *arguments)
    with sound as it, socket.create_connection(("127.0.0.1", it.tls_port), 5) as sock:
        assert sock.recv(1) == b""
    careless = reference(tmp_path / "flawed", *arguments, "--flaw", "no_handshake_timeout")
    with (
        careless as it,
        socket.create_connection(("127.0.0.1", it.tls_port), 1.0) as sock,
        pytest.raises(TimeoutError),
    ):
        sock.recv(1)


class Resumed:
    """What the check of a resumed session looks at."""

    def __init__(self, not_after: str, *, session_reused: bool) -> None:
        self.session_reused = session_reused
        self._not_after = not_after

    def getpeercert(self) -> dict[str, str]:
        return {"notAfter": self._not_after}


@pytest.mark.parametrize("resumed", [True, False])
def test_a_resumed_session_is_looked_at_again(resumed: bool) -> None:
    past, future = "Jan  1 00:00:00 2020 GMT", "Jan  1 00:00:00 2090 GMT"
    require_current(cast("ssl.SSLSocket", Resumed(future, session_reused=resumed)))
    expired = cast("ssl.SSLSocket", Resumed(past, session_reused=resumed))
    with pytest.raises(HandshakeError) if resumed else contextlib.nullcontext():
        require_current(expired)
