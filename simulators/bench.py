"""The bench: device, laboratory, triggers, sentinel and observers of one run, behind one door."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from contextlib import AbstractContextManager
from pathlib import Path

from harness import programs
from harness.bench import Announce
from harness.errors import BenchError
from harness.model import JSON, Health, Role
from harness.profile import ProcessSection, Profile
from harness.profile_agent import AgentService
from harness.stage import Stage
from simulators import observers, sentinel
from simulators.agents import Agents
from simulators.audit.repository import Repository
from simulators.deidentification.desk import honest_deidentification
from simulators.exporting import honest_export
from simulators.honest import HonestAcceptor, offered_datasets
from simulators.lab import Lab
from simulators.objects import part10
from simulators.origin import asking
from simulators.process import (
    DeviceProcess,
    DeviceStartError,
    FileWatch,
    LogSlice,
    empty,
    run_trigger,
    shorten,
    warm,
)
from simulators.readers import Readers
from simulators.reading import honest_look
from simulators.triggering import Triggers

_ORDER = ("verification", "storage", "retrieve", "query")
"""Which service the sentinel of a requestor prefers: the cheapest first."""

_AGENT_ORDER: tuple[AgentService, ...] = ("search", "retrieve", "store")
"""Likewise for a client of DICOMweb."""

_DYING_S = 0.5
"""How long the end of a process may be seen after an honest peer was dropped: dumps take time."""

_QUICK_S = 1.0
"""What took longer than this has given a dying process time enough."""


class LabBench:
    """Implements :class:`harness.bench.Bench` on this machine."""

    def __init__(self, profile: Profile, folder: Path, announce: Announce) -> None:
        self.lab = Lab.equip(profile, folder, announce)
        requestor = self.lab.profile.requestor
        self.triggers = Triggers(self.lab, requestor) if requestor else None
        reader = self.lab.profile.reader
        self.readers = Readers(self.lab, reader) if reader else None
        exporter = self.lab.profile.exporter
        self.exporters = Readers(self.lab, exporter, "exporter") if exporter else None
        deidentifier = self.lab.profile.deidentifier
        self.deidentifiers = (
            Readers(self.lab, deidentifier, "deidentifier") if deidentifier else None
        )
        agent = self.lab.profile.user_agent
        self.agents = Agents(self.lab, agent, lambda: self._device) if agent else None
        self.repository = _repository(self.lab)
        self._device: DeviceProcess | None = None
        self._honest: HonestAcceptor | None = None
        self._cores = FileWatch([self.lab.sandbox], [self.lab.sandbox])
        self._bystander = sentinel.Bystander(self)
        self._log_mark = 0
        self._stopping = False
        self._lock = threading.Lock()
        self._opening = threading.Lock()

    @property
    def profile(self) -> Profile:
        """The profile with the real ports."""
        return self.lab.profile

    @property
    def device(self) -> DeviceProcess | None:
        """The device's processes, where the harness started them."""
        return self._device

    @property
    def can_restart(self) -> bool:
        """True when the harness starts the device itself."""
        process = self.profile.process
        return process is not None and bool(process.start)

    def start(self) -> None:
        """Starts the device, if it is ours."""
        process = self.profile.process
        for section in (self.profile.acceptor, self.profile.web):
            if section is not None:
                self.lab.guard.permit(section.host)
        if self.repository is not None:
            self.repository.open()  # before the device, which reports that it starts
        if process is not None:
            self._require_tools(process)
            self._write_files(process)
            if process.start:
                self._start_process(process)
        self._cores.start()

    def stop(self) -> None:
        """Ends everything but the helpers; leaves nothing else behind."""
        self._stopping = True
        if self._honest is not None:
            self._honest.close()
            self._honest = None
        if self._device is not None:
            self._device.stop()
        if self.repository is not None:
            self.repository.close()
        self.lab.close()

    @property
    def helpers(self) -> frozenset[int]:
        """The processes from which the reference device is forked."""
        return warm.processes()

    def restart(self) -> None:
        """Starts the device anew on the same ports, as it was at the beginning.

        What it stored goes, if that lies in a folder of ours: a damaged index would outlive the
        restart, and whoever plays next would be blamed for it.
        """
        process = self.profile.process
        if process is None or self._device is None:
            raise BenchError("the device is not ours to restart: add [process] to the profile")
        self._device.stop()
        empty(self.lab.storage, within=self.lab.sandbox)
        self._write_files(process)
        self._start_anew(process)

    def _start_anew(self, process: ProcessSection) -> None:
        self._start_process(process)
        self._cores.start()

    def start_again(self) -> None:
        """Ends the device in order and starts it anew, with what it stored.

        Raises:
            BenchError: It is not ours, or does not come back.
        """
        self._with_what_it_stored()

    def break_off(self) -> None:
        """Ends the device as a power failure would, without a word to it, and starts it anew.

        Raises:
            BenchError: It is not ours, or does not come back.
        """
        if self._device is None:
            raise BenchError("the device is not ours to end: add [process] to the profile")
        for pid in self._device.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._with_what_it_stored()

    def take_effect(self) -> None:
        """Makes the device use its changed files: by its own way to reload, else by a restart.

        Raises:
            BenchError: It does not come back, or is not ours.
        """
        process = self.profile.process
        if process is None or not process.reload or self._device is None:
            self._with_what_it_stored()
            return
        told = {"pid": str(self._device.pid)}
        command = [self.lab.filled(part, told) for part in process.reload]
        log = self.lab.run_folder / "device" / "reload.log"
        try:
            done = run_trigger(command, self.lab.work, {}, process.ready_s, log)
        except DeviceStartError as error:
            raise BenchError(f"'process.reload' = {command[0]}: {error}") from error
        if done.exit_status != 0:
            raise BenchError(f"'process.reload' = {command[0]} failed: {done.output[-300:]}")

    def _with_what_it_stored(self) -> None:
        process = self.profile.process
        if process is None or self._device is None:
            raise BenchError("the device is not ours to restart: add [process] to the profile")
        self._device.stop()
        self._start_anew(process)

    def health(self, role: Role) -> Health:
        """Asks the device for an honest exchange and looks for evidence of a crash."""
        if role is Role.READER and self.readers is None:
            look = honest_export if self.exporters else honest_deidentification
            return look(sentinel.sentinel_stage(self, self.profile))
        if role is Role.READER:
            return honest_look(sentinel.sentinel_stage(self, self.profile))
        if self._device is not None:
            shorten(self._device.log_path)
        evidence = self._crash_evidence()
        if evidence:
            detail = ", ".join(f"{key}: {value}" for key, value in evidence.items())
            return Health(ok=False, alive=False, detail=detail, evidence=evidence)
        alive = self._device.alive() if self._device is not None else None
        if role is Role.ACCEPTOR:
            stage = sentinel.sentinel_stage(self, self.profile)
            ok, detail, latency = sentinel.echo(stage)
        elif role is Role.USER_AGENT:
            ok, detail, latency = self._ask_us()
        else:
            ok, detail, latency = self._call_home()
        dropped = not ok and latency < _QUICK_S and "rejected" not in detail
        late = self._crash_evidence(dying=dropped)
        if late:
            detail = ", ".join(f"{key}: {value}" for key, value in late.items())
        return Health(
            ok=ok and not late,
            alive=alive,
            detail=detail,
            latency_s=latency,
            evidence=late,
            lost_worker=self._lost_worker(),
        )

    def bystander(self, stage: Stage) -> AbstractContextManager[None]:
        """A second, honest association during the play."""
        return self._bystander.beside(stage)

    def watch(self, stage: Stage) -> AbstractContextManager[None]:
        """Observes the device during the play."""
        return observers.watch(self.lab, self._device, stage)

    def _lost_worker(self) -> str:
        """The first log line since the last look that reveals a lost worker, or nothing."""
        process = self.profile.process
        if process is None or not process.crash_patterns or self._device is None:
            return ""
        with self._lock:
            log = LogSlice(self._device.log_path)
            text = log.since(self._log_mark).decode("utf-8", "replace")
            self._log_mark = log.mark()
        for line in text.splitlines():
            if any(pattern in line for pattern in process.crash_patterns):
                return line.strip()[:300]
        return ""

    def _crash_evidence(self, *, dying: bool = False) -> dict[str, JSON]:
        """What shows that the device crashed; one that may be dying gets a moment to end."""
        found: dict[str, JSON] = {}
        device = self._device
        if device is not None and not self._stopping and device.ended(_DYING_S if dying else 0.0):
            found["process ended with"] = device.exit_status()
        with self._lock:
            cores = self._cores.cores()
            if cores:
                found["core file"] = cores[0]
                self._cores.start()
        return found

    def _require_tools(self, process: ProcessSection) -> None:
        needed = [self.lab.filled(name) for name in process.requires]
        missing = [name for name in needed if not programs.is_installed(name)]
        if missing:
            how = f": {process.install}" if process.install else ""
            raise BenchError(f"missing tool {', '.join(missing)}{how}")

    def _write_files(self, process: ProcessSection) -> None:
        for file in process.files:
            path = Path(self.lab.filled(file.path))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self.lab.filled(file.text), "utf-8")
            except OSError as error:
                raise BenchError(f"'process.files': {path}: {error.strerror}") from error

    def _start_process(self, process: ProcessSection) -> None:
        command = [self.lab.filled(part) for part in process.start]
        log = self.lab.run_folder / "device" / "device.log"
        env = {name: self.lab.filled(value) for name, value in process.env.items()}
        device = DeviceProcess(command, env, self.lab.work, log)
        self._device = device
        try:
            device.start()
            device.wait_until_listening(self.lab.ports, process.ready_s)
        except DeviceStartError as error:
            device.stop()
            how = f" ({process.install})" if process.install else ""
            told = " ".join(str(error).split())
            raise BenchError(f"'process.start' = {command[0]}: {told}{how}") from error

    def _honest_acceptor(self) -> HonestAcceptor:
        """The peer that a device calls; opened by the first call, for most plays need none."""
        with self._opening:
            if self._honest is None:
                self._honest = self._open_honest_acceptor()
            return self._honest

    def _open_honest_acceptor(self) -> HonestAcceptor:
        folder = self.lab.sandbox / "pki" / "offered"
        folder.mkdir(parents=True, exist_ok=True)
        stage = sentinel.sentinel_stage(self, self.profile)
        (folder / "one.dcm").write_bytes(part10(stage))
        requestor = self.profile.requestor
        policy = self.lab.trust.server if requestor is not None and requestor.tls else None
        return HonestAcceptor(policy, offered_datasets(folder))

    def _ask_us(self) -> tuple[bool, str, float]:
        """Has the device ask an honest server of ours, by the cheapest service that it has."""
        if self.agents is None:
            return False, "no way to make the device ask", 0.0
        commands = self.agents.section.commands
        service = min(commands, key=_AGENT_ORDER.index)
        seen = asking.honest_look(sentinel.sentinel_stage(self, self.profile), service)
        return seen.ok, seen.detail, seen.latency_s

    def _call_home(self) -> tuple[bool, str, float]:
        """Has the device call the honest acceptor: in service when it was served and ended."""
        if self.triggers is None:
            return False, "no way to make the device call", 0.0
        services = self.profile.requestor.services if self.profile.requestor else ()
        service = next((name for name in _ORDER if name in services), "verification")
        honest = self._honest_acceptor()
        called = f"H{int.from_bytes(os.urandom(6), 'big'):014d}"[:16]
        source = self.lab.sandbox / "pki" / "offered" / "one.dcm"
        call = self.triggers.call(
            service,
            {
                "host": "127.0.0.1",
                "port": str(honest.port),
                "called_ae": called,
                "calling_ae": "DEVICE",
                "file": str(source),
            },
        )
        ended = call.wait(self.triggers.patience_s) or call.stop()
        served = honest.served(called, self.triggers.patience_s if ended.by_hand else 0.0)
        ended_well = not ended.timed_out and ended.signal is None
        detail = f"exit {ended.signal or ended.exit}, {served} request(s) served"
        return bool(served and ended_well), detail, ended.duration_s


def _repository(lab: Lab) -> Repository | None:
    section = lab.profile.audit
    if section is None:
        return None
    return Repository(section.transport, int(lab.values["audit_port"]), lab.trust.server)


def open_bench(profile: Profile, folder: Path, seed: int, announce: Announce) -> LabBench:
    """Opens the bench (entry point ``dicom_assay.bench``)."""
    return LabBench(profile, folder, announce)
