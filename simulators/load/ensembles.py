"""Those who do the work of a load: one crew in this process, or Locust workers under its master.

Plan, beginning, end and reports travel as messages of Locust's own protocol, so that a worker may
be on another machine and needs nothing but its master's address.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import gevent
from gevent.event import Event
from locust import runners
from locust.env import Environment
from locust.event import EventHook
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from harness.errors import BenchError
from simulators.load.conductor import Conductor
from simulators.load.plan import Plan
from simulators.load.player import Player
from simulators.load.tally import Report
from simulators.load.users import DicomUser
from simulators.load.worker_stats import REPORT_S

HELLO: Final = "assay-hello"
PLAN: Final = "assay-plan"
READY: Final = "assay-ready"
GO: Final = "assay-go"
STOP: Final = "assay-stop"
REPORT: Final = "assay"
"""Key of our report in what Locust's workers tell their master anyway."""

_LOOK_S: Final = 0.1
CALL_S: Final = 0.5
"""How often a worker calls until it has the plan."""

JOIN_S: Final = 60.0
"""How long workers may take to call their master."""


class Message(Protocol):
    """A message of Locust's protocol."""

    data: dict[str, str]
    node_id: str


class Alone:
    """One crew, in this process."""

    def __init__(self, environment: Environment, plan: Plan, conductor: Conductor) -> None:
        self._player = Player(environment, plan, 0, 1)
        self._player.crew.on_ready = conductor.ready
        self._conductor = conductor
        self._last = gevent.spawn(self._tell_last)

    def go(self) -> None:
        """See :class:`Ensemble`."""
        self._player.crew.start()

    def stop(self, why: str) -> None:
        """See :class:`Ensemble`."""
        self._player.stop(why)

    def collect(self) -> None:
        """See :class:`Ensemble`."""
        self._conductor.heard(self._player.report())

    def _tell_last(self) -> None:
        self._player.wait()
        self._conductor.heard(self._player.report(last=True))


class Orchestra:
    """Locust's workers, here or on other machines; this process is their master.

    Args:
        runner: Locust's master.
        plan: The load.
        conductor: Who leads.
        processes: The workers that we started ourselves.
        workers: How many there are in all.
    """

    def __init__(
        self,
        runner: MasterRunner,
        plan: Plan,
        conductor: Conductor,
        processes: Sequence[subprocess.Popen[bytes]],
        workers: int,
    ) -> None:
        self._runner, self._plan, self._conductor = runner, plan, conductor
        self._processes, self._workers = processes, workers
        self._indices: dict[str, int] = {}
        self._pids: dict[int, int] = {}
        self._called = Event()
        runner.register_message(HELLO, self._on_hello)
        runner.register_message(READY, self._on_ready)
        listen(runner.environment.events.worker_report, self._on_report)

    def assemble(self) -> None:
        """Waits until all workers have called, and gives each its part.

        Raises:
            BenchError: Some did not call in time.
        """
        with gevent.Timeout(JOIN_S, BenchError(self._absent())):
            while len(self._indices) < self._workers:
                if any(process.poll() is not None for process in self._processes):
                    raise BenchError("a load worker ended before it began")
                self._called.wait(_LOOK_S)
                self._called.clear()
        for name, index in self._indices.items():
            part = {"plan": self._plan.model_dump_json(), "index": index, "workers": self._workers}
            self._runner.send_message(PLAN, part, name)

    def go(self) -> None:
        """See :class:`Ensemble`."""
        self._runner.send_message(GO)

    def stop(self, why: str) -> None:
        """See :class:`Ensemble`."""
        self._runner.send_message(STOP, {"why": why})

    def collect(self) -> None:
        """Workers tell by themselves; here we look who is gone."""
        missing = {client.id for client in self._runner.clients.missing}
        for process in self._processes:
            if process.poll() is not None and process.pid in self._pids:
                index = self._pids[process.pid]
                self._conductor.lost(index, f"load worker {index + 1} was lost")
        for name, index in self._indices.items():
            if name in missing or name not in self._runner.clients:
                self._conductor.lost(index, f"load worker {index + 1} was lost")

    def _absent(self) -> str:
        return f"not all of {self._workers} load workers called within {JOIN_S:g} s"

    def _on_hello(self, environment: Environment, msg: Message) -> None:
        del environment
        if msg.node_id not in self._indices and len(self._indices) < self._workers:
            index = self._indices[msg.node_id] = len(self._indices)
            self._pids[int(msg.data["pid"])] = index
        self._called.set()

    def _on_ready(self, environment: Environment, msg: Message) -> None:
        del environment, msg
        self._conductor.ready()

    def _on_report(self, client_id: str, data: dict[str, str]) -> None:
        if client_id in self._indices and REPORT in data:
            self._conductor.heard(Report.model_validate_json(data.pop(REPORT)))


class Follower:
    """A worker under a master; lives until its master says quit, or is gone."""

    def __init__(self, environment: Environment, runner: WorkerRunner) -> None:
        runners.WORKER_REPORT_INTERVAL = REPORT_S
        self._player: Player | None = None
        self._last: str | None = None
        self._over = False
        self._runner = runner
        self._runner.register_message(PLAN, self._on_plan)
        self._runner.register_message(GO, self._on_go)
        self._runner.register_message(STOP, self._on_stop)
        listen(environment.events.report_to_master, self._on_report)
        gevent.spawn(self._call)

    def follow(self) -> None:
        """Returns when the master says quit."""
        self._runner.greenlet.join()

    def end(self) -> None:
        """Ends this worker's part soon; the master hears why."""
        if self._player is not None:
            self._player.stop("a load worker was told to end")

    def _call(self) -> None:
        """Calls until the master sends the plan: it may not listen yet."""
        while self._player is None and not self._over:
            self._runner.send_message(HELLO, {"pid": str(os.getpid())})
            gevent.sleep(CALL_S)

    def _on_plan(self, environment: Environment, msg: Message) -> None:
        plan = Plan.model_validate_json(msg.data["plan"])
        environment.stop_timeout = plan.timeout_s
        self._player = Player(environment, plan, int(msg.data["index"]), int(msg.data["workers"]))
        self._player.crew.on_ready = lambda: self._runner.send_message(READY)
        gevent.spawn(self._tell_last, self._player)

    def _on_go(self, environment: Environment, msg: Message) -> None:
        del environment, msg
        if self._player is not None:
            self._player.crew.start()

    def _on_stop(self, environment: Environment, msg: Message) -> None:
        del environment
        if self._player is not None:
            self._player.stop(msg.data["why"])

    def _on_report(self, client_id: str, data: dict[str, str]) -> None:
        """Our report goes with Locust's own, so that both tell of the same requests at the end."""
        del client_id
        if self._last is not None:
            data[REPORT], self._last, self._player = self._last, None, None
        elif self._player is not None and not self._over:
            data[REPORT] = self._player.report().model_dump_json()

    def _tell_last(self, player: Player) -> None:
        player.wait()
        self._over = True
        self._last = player.report(last=True).model_dump_json()


def listen(hook: EventHook, listener: Callable[..., None]) -> None:
    """Has Locust call a listener at an event."""
    hook.add_listener(listener)  # type: ignore[no-untyped-call]  # Locust leaves it untyped


def environment_of(plan: Plan | None) -> Environment:
    """Locust's environment for a load."""
    patience = plan.timeout_s if plan is not None else 0.0
    return Environment(user_classes=[DicomUser], stop_timeout=patience)


def start_workers(port: int, count: int) -> list[subprocess.Popen[bytes]]:
    """Starts workers on this machine; they end with this process, however it ends."""
    command = [sys.executable, "-m", "simulators.load.worker", "--join", f"127.0.0.1:{port}"]
    return [
        subprocess.Popen([*command, "--leash"], stdin=subprocess.PIPE, start_new_session=True)
        for _ in range(count)
    ]


def alone(environment: Environment, plan: Plan, conductor: Conductor) -> Alone:
    """One crew under a runner of its own."""
    runner: LocalRunner = environment.create_local_runner()
    ensemble = Alone(environment, plan, conductor)
    runner.start_shape()
    return ensemble
