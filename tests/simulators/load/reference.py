"""The reference device, started for tests of loads, and a load's plan for it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.profile import ScopeSection
from simulators.load import naming
from simulators.load.drive import Driven
from simulators.load.plan import Bounds, Operation, Plan, Shape, Target
from simulators.load.threads import run_threads
from simulators.process import DeviceProcess, free_port
from simulators.scope import Guard
from tests.simulators.load.support import NEVER

AE = "REFERENCE"
_READY_S = 20.0


class Device:
    """A running reference device.

    Attributes:
        port: Where it listens.
        storage: Where it stores.
        guard: The scope of whoever loads it.
    """

    def __init__(self, port: int, storage: Path) -> None:
        self.port = port
        self.storage = storage
        self.guard = Guard(ScopeSection())
        self._loads = 0

    def target(self, *calling: str) -> Target:
        return Target(
            host="127.0.0.1", port=self.port, called_ae=AE, calling_aes=calling or ("ASSAY",)
        )

    def plan(
        self,
        operation: Operation,
        *,
        count: int | None = None,
        associations: int = 2,
        calling: tuple[str, ...] = (),
        rate: float | None = None,
        duration_s: float | None = None,
        shape: Shape | None = None,
        bounds: Bounds | None = None,
        timeout_s: float = 10.0,
    ) -> Plan:
        self._loads += 1
        return Plan(
            operation=operation,
            target=self.target(*calling),
            bounds=bounds or Bounds(),
            shape=shape or Shape(),
            size_bytes=4096,
            associations=associations,
            count=count,
            rate=rate,
            duration_s=duration_s,
            timeout_s=timeout_s,
            uid_root=naming.uid_root(2**100 + self._loads),
        )

    def load(self, plan: Plan) -> Driven:
        return run_threads(plan, self.guard, NEVER)


@contextlib.contextmanager
def running(folder: Path, *more: str) -> Iterator[Device]:
    """The device with further arguments, such as ``--flaw NAME``."""
    port = free_port()
    storage = folder / "storage"
    command = [sys.executable, "-m", "simulators.devices.reference", "scp", "--port", str(port)]
    command += ["--storage", str(storage), "--ae-title", AE, *more]
    home = str(Path(__file__).resolve().parents[3])
    with DeviceProcess(command, {"PYTHONPATH": home}, folder / "cwd", folder / "log") as device:
        device.wait_until_listening([port], _READY_S)
        yield Device(port, storage)
