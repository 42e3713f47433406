"""Our load generator beside the field's clients, in turns, against the same server in the same run.

Against the sink all are timed by the sink's own clock, from the first answer to the last, so that
nobody's word on itself counts and nobody's start is measured. Against a real device ours says how
long it took, and a peer is timed by its marginal time: a run with many less one with a single
operation. Processor time is marginal for all, and the kernel's word (getrusage).
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.measurement import Measurement
from simulators.load import naming
from simulators.load.plan import Bounds, Operation, Plan, Target
from tests.bench import peers
from tests.bench.peers import Build, Command
from tests.bench.sink import Counts, Sink

KIB = 1024
MIB = 1024 * KIB
ROUNDS = 3
ASSOCIATIONS = 50
ONE = 1
BOUNDS = Bounds(rate=1e6, connections=4096, octets=2**44, seconds=600)
"""Far above what any client reaches: no bound of ours may be what is measured."""

TRIES = 20
"""How often a client is run that loses answers by an accident of its own."""

RECEIVE = 256 * KIB
"""The raw copy is received in pieces as long as the sink's own."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is done again and again, by ours and by the peers.

    Attributes:
        octets: About the length of each data set.
    """

    operation: Operation
    octets: int = 0


STORE_10K = Work("store", 10 * KIB)
STORE_512K = Work("store", 512 * KIB)
STORE_20M = Work("store", 20 * MIB)
ECHO = Work("echo")
ASSOCIATE = Work("associate")


@dataclass(frozen=True, slots=True)
class Client:
    """A client at one work.

    Attributes:
        build: Its command line.
        count: How many operations against the sink: a second or more of them.
        counts: The same against real devices, by `Server.key`; it is not tried where it is missing.
        ours: Its last argument is a file that holds a measurement afterwards.
        costed: Its processor time is asked for.
    """

    work: Work
    build: Build
    count: int
    counts: Mapping[str, int] = field(default_factory=dict)
    ours: bool = False
    costed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """What a client did: operations a second, and processor time for each (0: not asked for)."""

    per_s: float
    cpu_us: float = 0.0


def plan(port: int, work: Work, associations: int, workers: int) -> Plan:
    """A load as fast as answers come, without an end yet."""
    return Plan(
        operation=work.operation,
        target=Target(host=peers.HOST, port=port),
        bounds=BOUNDS,
        size_bytes=work.octets or 256,
        associations=associations,
        workers=workers,
        uid_root=naming.uid_root(random.getrandbits(128)),
    )


def worker(folder: Path, given: Plan) -> Command:
    """The command line of our generator; its last argument is the file with the measurement."""
    name = f"{random.getrandbits(64):016x}"
    path, result = folder / f"{name}.plan.json", folder / f"{name}.json"
    path.write_text(given.model_dump_json(), "utf-8")
    return [sys.executable, "-m", "simulators.load.worker", str(path), str(result)]


def measured(command: Command) -> Measurement:
    """What our generator measured."""
    return Measurement.model_validate_json(Path(command[-1]).read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class _Ours:
    """Our generator, whose plans and measurements go into a folder."""

    folder: Path

    def at(self, work: Work, count: int, workers: int = 1, **counts: int) -> Client:
        """It at one work; `counts` are for the real devices, by the name of the program."""
        associations = ONE if work in (STORE_512K, STORE_20M, ECHO) else ASSOCIATIONS

        def build(port: int, number: int) -> Command:
            given = plan(port, work, associations, workers)
            return worker(self.folder, given.model_copy(update={"count": number}))

        costed = work is STORE_10K and workers == 1
        return Client(work, build, count, counts, ours=True, costed=costed)


def clients(folder: Path) -> dict[str, Client]:
    """All clients by name; their files are written below the folder."""
    small, large, huge = (
        peers.files(folder / f"{octets}", octets, count, random.getrandbits(128))
        for octets, count in ((10 * KIB, 3000), (512 * KIB, 200), (20 * MIB, 1))
    )
    ours = _Ours(folder)
    return {
        "store-10k": ours.at(STORE_10K, 120_000, storescp=20_000, orthanc=1500),
        "storescu": Client(STORE_10K, peers.storescu(small * 2), 6000, _at(3000, 800), costed=True),
        "store-10k-two": ours.at(STORE_10K, 160_000, 2, storescp=20_000, orthanc=1500),
        "pynetdicom-10k": Client(STORE_10K, peers.pynetdicom("store", small[0]), 50),
        "store-512k": ours.at(STORE_512K, 15_000, storescp=4000, orthanc=300),
        "dcmsend": Client(STORE_512K, peers.dcmsend(large * 20), 4000, _at(1000, 200)),
        "pynetdicom-512k": Client(STORE_512K, peers.pynetdicom("store", large[0]), 50),
        "store-20m": ours.at(STORE_20M, 300, storescp=100, orthanc=15),
        "pynetdicom-20m": Client(STORE_20M, peers.pynetdicom("store", huge[0]), 30),
        "echo": ours.at(ECHO, 40_000, storescp=20_000, orthanc=15_000),
        "echoscu": Client(ECHO, peers.echoscu, 13_000, _at(8000, 8000)),
        "pynetdicom-echo": Client(ECHO, peers.pynetdicom("echo"), 50),
        "associate": ours.at(ASSOCIATE, 10_000, storescp=600, orthanc=4000),
        "dicom-echo": Client(ASSOCIATE, peers.dicom_echo, 7000, _at(600, 3000)),
        "associate-two": ours.at(ASSOCIATE, 16_000, 2, storescp=600, orthanc=4000),
        "pynetdicom-associate": Client(ASSOCIATE, peers.pynetdicom("associate"), 50),
    }


def _at(storescp: int, orthanc: int) -> Mapping[str, int]:
    return {"storescp": storescp, "orthanc": orthanc}


def against_sink(client: Client, sink: Sink, idle_cpu_s: float) -> Figure:
    """One run of a client against the sink.

    Args:
        client: Who.
        sink: Whom.
        idle_cpu_s: Processor time of its run with a single operation.

    Raises:
        AssertionError: The sink did not see exactly what the client was told to do.
    """
    command = client.build(sink.port, client.count)
    for _ in range(TRIES):
        before = sink.counts()
        with contextlib.suppress(peers.TryAgainError), _placed(client, sink):
            spent = peers.spend(command)
            break
    else:
        raise RuntimeError(f"{command[2]} failed {TRIES} times")
    after = sink.counts()
    _check(client, before, after)
    if client.ours:
        found = measured(command)
        assert (found.count, found.errors, found.complete) == (client.count, 0, True), found.why
    cpu_us = (spent.cpu_s - idle_cpu_s) / (client.count - 1) * 1e6 if client.costed else 0.0
    return Figure((client.count - 1) / (after.last_s - after.first_s), cpu_us)


def _placed(client: Client, sink: Sink) -> contextlib.AbstractContextManager[None]:
    if client.work is ECHO:
        return _on_one_processor(sink.pid)
    return contextlib.nullcontext()


@contextlib.contextmanager
def _on_one_processor(pid: int) -> Iterator[None]:
    """Binds a process, and all that this thread starts, to one processor until the block ends.

    With one request in flight only one side ever has something to do. Left alone the kernel puts
    them on one processor or on two, which makes a factor of three, and another one in each run.
    """
    before = os.sched_getaffinity(0)
    for one in (pid, 0):
        os.sched_setaffinity(one, {min(before)})
    try:
        yield
    finally:
        for one in (pid, 0):
            os.sched_setaffinity(one, before)


def _check(client: Client, before: Counts, after: Counts) -> None:
    stores, echoes = after.stores - before.stores, after.echoes - before.echoes
    wanted = (client.count, 0) if client.work.operation == "store" else (0, client.count)
    assert (stores, echoes) == wanted, (client.work, wanted, stores, echoes)
    if client.work.operation == "associate":
        assert after.associations - before.associations == client.count
    assert (after.others, after.lost) == (before.others, before.lost)


def against_device(client: Client, port: int, count: int) -> Figure:
    """One run of a client against a real device, and one with a single operation.

    Raises:
        AssertionError: Ours was not answered with success each time.
    """
    single = peers.spend(client.build(port, 1))
    command = client.build(port, count)
    spent = peers.spend(command)
    cpu_us = (spent.cpu_s - single.cpu_s) / (count - 1) * 1e6 if client.costed else 0.0
    if not client.ours:
        return Figure((count - 1) / (spent.wall_s - single.wall_s), cpu_us)
    found = measured(command)
    assert (found.count, found.errors, found.complete) == (count, 0, True), found
    return Figure(found.objects_per_s, cpu_us)


def raw_copy(octets: int, count: int) -> Figure:
    """One Python process sends to another, no DICOM; timed by the one that receives."""
    with socket.create_server((peers.HOST, 0)) as listener:
        seconds: list[float] = []
        port = listener.getsockname()[1]
        peers.spend(
            peers.raw_copy(octets)(port, count),
            lambda _pid: seconds.append(_received(listener, octets * count)),
        )
    return Figure(count / seconds[0])


def _received(listener: socket.socket, octets: int) -> float:
    buffer = bytearray(RECEIVE)
    listener.settimeout(peers.PATIENCE_S)
    with listener.accept()[0] as peer:
        left = octets - peer.recv_into(buffer)
        began = time.perf_counter()
        while left > 0:
            more = peer.recv_into(buffer)
            assert more, f"{left} octets are missing"
            left -= more
        return time.perf_counter() - began


RAW = "raw copy"
RAW_COUNT = 300


def measure(folder: Path, sink: Sink, say: Callable[[str], None]) -> dict[str, list[Figure]]:
    """All clients against the sink, in turns, :data:`ROUNDS` times; figures by client."""
    known = clients(folder)
    idle = {
        name: peers.spend(client.build(sink.port, 1)).cpu_s
        for name, client in known.items()
        if client.costed
    }
    found: dict[str, list[Figure]] = {name: [] for name in (*known, RAW)}
    for turn in range(ROUNDS):
        for name, client in known.items():
            found[name].append(against_sink(client, sink, idle.get(name, 0.0)))
            say(f"round {turn + 1}, {name}: {found[name][-1].per_s:,.0f}/s")
        found[RAW].append(raw_copy(20 * MIB, RAW_COUNT))
    return found


def beside(
    folder: Path, server: peers.Server, say: Callable[[str], None]
) -> Iterator[tuple[str, Figure]]:
    """Each client that has a count for a real device, once, with its name."""
    folder.mkdir(parents=True, exist_ok=True)
    with peers.serving(server, folder / "device") as port:
        for name, client in clients(folder).items():
            if server.key in client.counts:
                figure = against_device(client, port, client.counts[server.key])
                say(f"{server.name}, {name}: {figure.per_s:,.0f}/s")
                yield name, figure


def middle(figures: Sequence[Figure]) -> Figure:
    """The medians."""
    return Figure(
        statistics.median(each.per_s for each in figures),
        statistics.median(each.cpu_us for each in figures),
    )
