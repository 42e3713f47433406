"""Runs one load, in processes of its own, because Locust patches the process that imports it.

``python -m simulators.load.worker PLAN.json RESULT.json`` runs all of it; with ``"workers"`` in
the plan it starts that many worker processes and leads them. ``--bind`` and ``--expect`` wait for
workers on other machines, which are started with ``--join`` and need no file.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import locust  # before anything that it patches  # noqa: F401  # isort: skip
import gevent
from locust.env import Environment
from pydantic import ValidationError

from harness.errors import HarnessError
from simulators.load import leash, within
from simulators.load.arrivals import Arrivals
from simulators.load.conductor import Conductor, Ensemble, Outputs
from simulators.load.ensembles import (
    Follower,
    Orchestra,
    alone,
    environment_of,
    start_workers,
)
from simulators.load.pace import workers_of
from simulators.load.plan import Plan
from simulators.load.receiver import Receiver, here, room_for
from simulators.load.tally import Tally
from simulators.load.users import PlanShape

UNUSABLE = 2
"""Exit code when the load could not begin."""

STRAGGLERS_S = 2.0
"""How long objects may be on their way after the device has said that they were sent."""

_END_S = 5.0


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a load, or a part of it; returns the exit code."""
    given = _arguments(argv)
    if given.leash:
        leash.hold()
    _allow_descriptors()
    try:
        if given.join:
            _join(given.join)
        else:
            _run(given)
    except (HarnessError, OSError, ValidationError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.load.worker", description=__doc__)
    parser.add_argument("plan", nargs="?", type=Path, help="what is to be loaded, and how")
    parser.add_argument("result", nargs="?", type=Path, help="where the measurement goes")
    parser.add_argument("--acknowledged", type=Path, help="file of what the device took")
    parser.add_argument("--progress", action="store_true", help="a JSON line per second")
    parser.add_argument("--leash", action="store_true", help="end when standard input ends")
    parser.add_argument("--ui", type=int, metavar="PORT", help="Locust's page on 127.0.0.1")
    parser.add_argument("--bind", default="", metavar="HOST:PORT", help="where workers call us")
    parser.add_argument("--expect", type=int, default=0, help="how many workers call from outside")
    parser.add_argument("--join", default="", metavar="HOST:PORT", help="be a worker of a master")
    given = parser.parse_args(argv)
    if not given.join and given.result is None:
        parser.error("give PLAN and RESULT, or --join HOST:PORT")
    if bool(given.bind) != bool(given.expect):
        parser.error("--bind and --expect belong together")
    return given


def _run(given: argparse.Namespace) -> None:
    plan = Plan.model_validate_json(given.plan.read_bytes())
    within.require(plan)
    workers = given.expect or workers_of(plan)
    environment = environment_of(plan)
    arrivals = Arrivals(plan.fetch) if _receives(plan) else None
    tally = Tally(plan, workers, arrivals)
    outputs = Outputs(given.result, given.acknowledged, given.progress)
    conductor = Conductor(plan, tally, outputs)
    environment.shape_class = PlanShape(plan, lambda: conductor.elapsed_s)
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, conductor.interrupt)
    with contextlib.ExitStack() as stack:
        if arrivals is not None:
            receiver = stack.enter_context(_receiver(plan, arrivals, conductor))
            conductor.settle = lambda: receiver.settle(lambda: not tally.awaits, STRAGGLERS_S)
        stack.enter_context(_page(environment, given.ui))
        conductor.lead(stack.enter_context(_ensemble(given, environment, plan, conductor)))


def _receives(plan: Plan) -> bool:
    """Whether we are the destination of its moves."""
    return plan.operation == "move" and plan.target.move_port > 0


def _receiver(plan: Plan, arrivals: Arrivals, conductor: Conductor) -> Receiver:
    """Our destination, with room for all that the device may send at a time."""
    room = room_for(plan)
    full = f"scope.max_bytes = {room.octets}: as many octets have arrived; raise it"
    address = here(plan.target.host, plan.target.port)
    return Receiver(
        address, plan.target.move_port, arrivals, room, lambda: conductor.interrupt(full)
    )


@contextlib.contextmanager
def _ensemble(
    given: argparse.Namespace, environment: Environment, plan: Plan, conductor: Conductor
) -> Iterator[Ensemble]:
    """Those who do the work; afterwards none of them is left."""
    if not given.expect and workers_of(plan) == 1:
        yield alone(environment, plan, conductor)
        _quit(environment)
        return
    host, port = _place(given.bind) if given.bind else ("127.0.0.1", 0)
    master = environment.create_master_runner(host, port)
    workers = given.expect or workers_of(plan)
    processes = [] if given.expect else start_workers(master.server.port, workers)
    try:
        orchestra = Orchestra(master, plan, conductor, processes, workers)
        orchestra.assemble()
        master.start_shape()
        yield orchestra
    finally:
        _quit(environment)
        for process in processes:
            _end(process)


def _quit(environment: Environment) -> None:
    """Has Locust end all that it runs."""
    environment.stop_timeout = 0.0
    if environment.runner is not None:
        environment.runner.quit()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Waits for a worker that was told to quit; one that does not is killed."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_END_S)
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _join(place: str) -> None:
    """Works for a master until it says quit."""
    host, port = _place(place)
    environment = environment_of(None)
    follower = Follower(environment, environment.create_worker_runner(host, port))
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, follower.end)
    follower.follow()


@contextlib.contextmanager
def _page(environment: Environment, port: int | None) -> Iterator[None]:
    """Locust's own page, for as long as the load lasts."""
    if port is None:
        yield
        return
    page = environment.create_web_ui("127.0.0.1", port)
    try:
        yield
    finally:
        page.stop()  # type: ignore[no-untyped-call]  # Locust leaves it untyped


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise HarnessError(f"'{text}': write HOST:PORT")
    return host, int(port)


def _allow_descriptors() -> None:
    """A thousand associations need more descriptors than a shell allows at first."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
