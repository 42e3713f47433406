"""A repository that is not ours takes the reference device's audit trail, and keeps it whole."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators.audit import markup
from simulators.process import free_port
from simulators.process.sockets import listening_inodes
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.keeping import listed, store
from tests.simulators.devices.peer import connected, request
from tests.simulators.devices.running import reference

pytestmark = pytest.mark.interop

CONFIGURATION = """
global(workDirectory="{folder}" defaultNetstreamDriverCAFile="{ca}"
  defaultNetstreamDriverCertFile="{cert}" defaultNetstreamDriverKeyFile="{key}")
module(load="imudp")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1"
  StreamDriver.AuthMode="x509/certvalid")
template(name="whole" type="string" string="%pri% %app-name% %msgid% %msg%\\n")
input(type="imudp" address="127.0.0.1" port="{udp}")
input(type="imtcp" address="127.0.0.1" port="{tls}")
action(type="omfile" file="{folder}/kept" template="whole")
"""


class Rsyslog:
    """The daemon, in a folder of its own."""

    def __init__(self, folder: Path, lab: Lab) -> None:
        self.folder = folder
        self.ports = {"udp": free_port(), "tls": free_port()}
        files = lab.files["device"]
        (folder / "conf").write_text(
            CONFIGURATION.format(
                folder=folder, ca=lab.ca, cert=files.cert, key=files.key, **self.ports
            )
        )

    def kept(self, count: int) -> list[str]:
        """What it has kept, once it is as much."""
        until, lines = time.monotonic() + 10.0, list[str]()
        while len(lines) < count and time.monotonic() < until:
            path = self.folder / "kept"
            lines = path.read_text("utf-8").splitlines() if path.exists() else []
            time.sleep(0.05)
        return lines


@contextmanager
def rsyslog(folder: Path, lab: Lab) -> Iterator[Rsyslog]:
    program = shutil.which("rsyslogd") or "/usr/sbin/rsyslogd"
    assert Path(program).exists(), "rsyslog is missing: scripts/install-real-devices"
    daemon = Rsyslog(folder, lab)
    command = [program, "-n", "-f", str(folder / "conf"), "-i", str(folder / "pid")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield daemon
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_messages_are_kept_whole(transport: str, tmp_path: Path, lab: Lab) -> None:
    device, kept = tmp_path / "device", tmp_path / "rsyslog"
    device.mkdir()
    kept.mkdir()
    with rsyslog(kept, lab) as daemon:
        _wait_until_it_listens(daemon)
        secure = ("--tls-port", "0", *lab.arguments("device"))
        address = ("--audit", f"{transport}:127.0.0.1:{daemon.ports[transport]}")
        with reference(device, *secure, *address) as it:
            assert store(it, 2) == ["RESPONDED 0000"] * 2
            assert listed(it) == "2 then RESPONDED 0000"
            with connected(it.port) as peer:
                peer.send(request(called="A<&\"'>B"))
                assert peer.hear() == "RJ 1/1/7"
        lines = daemon.kept(6)
    heads = {" ".join(line.split(" ")[:3]) for line in lines}
    assert heads == {"85 reference DICOM+RFC3881"}
    codes = [_code(line.split(" ", 3)[3]) for line in lines]
    assert codes == ["110100", "110104", "110104", "110112", "110113", "110100"]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("pki"))


def _wait_until_it_listens(daemon: Rsyslog) -> None:
    until = time.monotonic() + 10.0
    while not listening_inodes(daemon.ports["tls"]) and time.monotonic() < until:
        time.sleep(0.05)
    assert listening_inodes(daemon.ports["tls"])


def _code(text: str) -> object:
    event = markup.values(markup.read(text.encode()))["event"]
    assert isinstance(event, dict)
    return event["code"]
