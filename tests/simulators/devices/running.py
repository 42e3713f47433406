"""Device processes for the tests; each one ends with its ``with`` block, whatever happens."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

READY_S = 15.0
ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


@dataclass
class Running:
    """A device that listens."""

    process: subprocess.Popen[bytes]
    port: int = 0
    tls_port: int = 0
    web_port: int = 0
    storage: Path = field(default_factory=Path)

    @property
    def log(self) -> str:
        return (self.storage.parent / "device.log").read_text()

    def peak_mib(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmHWM")

    def alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def device(module: str, *arguments: str, storage: Path | None = None) -> Iterator[Running]:
    """Run ``python -m module`` until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stderr=subprocess.PIPE,
        env=ENV,
        # A device that dies leaves its core file, if any, beside its storage.
        cwd=storage.parent if storage else None,
    )
    try:
        running = Running(process, storage=storage or Path())
        words = _ready_line(process).split()[1:]
        ports = dict(word.split("=") for word in words if "=" in word)
        running.port = int(ports["plain"].rpartition(":")[2]) if "plain" in ports else 0
        running.tls_port = int(ports["tls"].rpartition(":")[2]) if "tls" in ports else 0
        running.web_port = int(ports["web"].rpartition(":")[2]) if "web" in ports else 0
        yield running
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stderr is not None
        process.stderr.close()


@contextmanager
def reference(
    folder: Path, *arguments: str, artim: float = 0.4, idle: float = 0.6
) -> Iterator[Running]:
    """Run the acceptor with short timers."""
    storage = folder / "storage"
    fixed = ("scp", "--port", "0", "--storage", str(storage), "--log", str(folder / "device.log"))
    timers = ("--artim", str(artim), "--idle", str(idle))
    with device("simulators.devices.reference", *fixed, *timers, *arguments, storage=storage) as it:
        yield it


def scu(*arguments: str, timeout: float = 15.0) -> subprocess.CompletedProcess[str]:
    """Run the requestor to its end."""
    return subprocess.run(
        [sys.executable, "-m", "simulators.devices.reference", "scu", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=ENV,
        check=False,
    )


def _ready_line(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    end = time.monotonic() + READY_S
    line = b""
    while not line.endswith(b"\n") and time.monotonic() < end:
        if select.select([process.stderr], [], [], 0.2)[0]:
            more = os.read(process.stderr.fileno(), 4096)
            if not more:
                break
            line += more
    assert line.startswith(b"listening"), line
    return line.decode()
