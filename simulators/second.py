"""A second instance of the device: own ports, own folders, own files, so that these can be spoilt.

Only for a device that the harness starts; what is started here is always stopped here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import BenchError, PreconditionUnmetError
from harness.profile import AcceptorSection, ProcessSection
from simulators.lab import Lab
from simulators.process import DeviceProcess, DeviceStartError, free_port

_TLS_FILES = ("key", "cert", "ca")


class SecondInstance:
    """A copy of the device's configuration that may be spoilt before it is started.

    Args:
        lab: Of the first instance.
        name: Makes its folders and its log differ from those of others.

    Raises:
        PreconditionUnmetError: The device is not started by us, or has no TLS port.
    """

    def __init__(self, lab: Lab, name: str) -> None:
        acceptor, process = lab.profile.acceptor, lab.profile.process
        if acceptor is None or acceptor.tls_port is None or process is None:
            raise PreconditionUnmetError("the device is not started by us, or has no TLS port")
        self._lab = lab
        self._acceptor: AcceptorSection = acceptor
        self._process: ProcessSection = process
        self._name = name
        self._folder = lab.sandbox / "second" / name
        self._port, self._tls_port = free_port(), free_port()
        work = self._folder / "up" / "up" / "work"
        work.mkdir(parents=True, exist_ok=True)
        self._work = work
        self._values = {"port": str(self._port), "tls_port": str(self._tls_port)}
        more = [name for name in ("web_port", "hl7_port") if name in lab.values]
        self._values |= {name: str(free_port()) for name in more}
        self._values |= {"work": str(work), "storage": str(work / "storage")}
        for kind in _TLS_FILES:
            copy = self._folder / Path(lab.values[kind]).name
            shutil.copy(lab.values[kind], copy)
            self._values[kind] = str(copy)

    @property
    def tls_address(self) -> tuple[str, int]:
        """Where its TLS port is, or would be."""
        return self._acceptor.host, self._tls_port

    def file(self, kind: str) -> Path:
        """Its file of that kind: "key", "cert" or "ca"."""
        return Path(self._values[kind])

    @contextmanager
    def running(self) -> Iterator[bool]:
        """Starts it, says whether its TLS port is open, and stops it.

        Raises:
            BenchError: Its files cannot be written, or its program cannot be run.
        """
        (self._work / "storage").mkdir(exist_ok=True)
        self._write_files()
        process = self._process
        command = [self._lab.filled(part, self._values) for part in process.start]
        env = {name: self._lab.filled(text, self._values) for name, text in process.env.items()}
        log = self._lab.run_folder / "device" / f"second-{self._name}.log"
        device = DeviceProcess(command, env, self._work, log)
        try:
            device.start()
        except DeviceStartError as error:
            raise BenchError(f"the second instance: {error}") from error
        try:
            yield self._listens(device)
        finally:
            device.stop()

    def _listens(self, device: DeviceProcess) -> bool:
        try:
            device.wait_until_listening([self._tls_port], self._process.ready_s)
        except DeviceStartError:
            # It ended, or its TLS port stays closed: either is an answer to spoilt files.
            return False
        return True

    def _write_files(self) -> None:
        for file in self._process.files:
            path = Path(self._lab.filled(file.path, self._values))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self._lab.filled(file.text, self._values), "utf-8")
            except OSError as error:
                raise BenchError(f"'process.files': {path}: {error.strerror}") from error
