"""sslyze and testssl.sh beside our own scan: each looks at a real device, in a process of its own.

They are a second opinion for measurements and for ``docs/tls-comparison.md``; no verdict rests on
them. sslyze is called as a program and never imported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from harness import profile as profiles
from harness import registry
from simulators.bench import LabBench, open_bench

ROOT = Path(__file__).parents[2]
SSLYZE = ROOT / ".real-devices" / "sslyze" / "bin" / "sslyze"
OURS = ("TLS-0*", "TLS-2*", "TLS-90*")
"""What of our catalogue looks at a server as those two do, and at more."""

_WAITING = frozenset({"TLS-012", "TLS-021", "TLS-022", "TLS-033"})


def scan_and_trials() -> list[str]:
    """The same without the plays that wait for a time-out of the device or of a certificate."""
    return [
        name
        for name in registry.load()
        if name not in _WAITING and any(fnmatch(name, glob) for glob in OURS)
    ]


PATIENCE_S = 1500.0
"""Longest time for one tool; testssl.sh takes minutes with a slow server."""


@dataclass(frozen=True, slots=True)
class Target:
    """A started device, and the client's certificate that it trusts (PEM files)."""

    host: str
    port: int
    key: Path
    cert: Path

    @property
    def address(self) -> str:
        """By name: both tools would send an address as server name, which RFC 6066 3 forbids."""
        return f"localhost:{self.port}"


@contextmanager
def started(recipe: str, folder: Path) -> Iterator[Target]:
    """The device of ``devices/<recipe>.toml``, running until the block ends."""
    bench: LabBench = open_bench(
        profiles.load(ROOT / "devices" / f"{recipe}.toml"), folder / "device", 0, _silent
    )
    bench.start()
    try:
        ours = bench.lab.trust.ours
        key, cert = folder / "client-key.pem", folder / "client.pem"
        key.write_bytes(ours.key_pem)
        cert.write_bytes(ours.certificate_pem)
        yield Target(*bench.lab.address(secure=True), key, cert)
    finally:
        bench.stop()


def sslyze(target: Target, result: Path) -> float:
    """A full scan into a JSON file; returns the seconds that it took."""
    options = ["--json_out", str(result), "--cert", str(target.cert), "--key", str(target.key)]
    return _timed([str(SSLYZE), *options, f"{target.address}{{{target.host}}}"], result)


def testssl(target: Target, result: Path) -> float:
    """A full scan into a flat JSON file; returns the seconds that it took."""
    options = ["--quiet", "--warnings", "off", "--color", "0", "--ip", target.host]
    return _timed(["testssl", *options, "--jsonfile", str(result), target.address], result)


def ours(recipe: str, folder: Path, chosen: Sequence[str] = OURS) -> float:
    """Our catalogue for servers, device started and stopped; returns the seconds that it took.

    Args:
        recipe: Name of the recipe.
        folder: The result is ``run.json`` in it.
        chosen: What to play, ids or globs.
    """
    assay = str(Path(sys.executable).with_name("assay"))
    select = [part for glob in chosen for part in ("--select", glob)]
    device = str(ROOT / "devices" / f"{recipe}.toml")
    return _timed([assay, "run", device, "--out", str(folder), *select], folder / "run.json")


def stored(result: Path) -> object:
    """What a tool wrote."""
    found: object = json.loads(result.read_text("utf-8"))
    return found


def _timed(command: Sequence[str], result: Path) -> float:
    """Runs a tool to its end; that it found something is told by its exit code, so none is wrong.

    Raises:
        RuntimeError: It left no result.
    """
    result.parent.mkdir(parents=True, exist_ok=True)
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    began = time.monotonic()
    ended = subprocess.run(
        command, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_S, check=False,
        env={**clean, "NO_COLOR": "1"},
    )  # fmt: skip
    took = time.monotonic() - began
    if not result.exists():
        said = (ended.stdout + ended.stderr)[-1000:].decode("utf-8", "replace")
        raise RuntimeError(f"{command[0]} left no result: {said}")
    return took


def _silent(_text: str) -> None:
    """Where the bench says what it does."""
