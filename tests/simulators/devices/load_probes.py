"""One probe per flaw that shows under load: what peers see of a sound and of a flawed device."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from simulators import wire
from simulators.wire import uids
from simulators.wire.messages import c_echo_rq, c_get_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.keeping import (
    STUDY,
    after_space_was_made,
    cancelled_query,
    committed,
    five_where_three_are_listed,
    kept_of_a_hundred,
    listed_of_fifty,
    store,
    under_their_own_names,
    when_full,
)
from tests.simulators.devices.peer import (
    Peer,
    associated,
    connected,
    echoes,
    request,
)
from tests.simulators.devices.probes import Expectation, Probe
from tests.simulators.devices.running import Running

ROOMY = ("--max-associations", "16", "--idle", "8")
PATIENT = ("--idle", "8")


def beside(others: int, act: Callable[[Running], str]) -> Probe:
    """Do something while other associations are open."""

    def probe(it: Running) -> str:
        with ExitStack() as stack:
            for _ in range(others):
                stack.enter_context(associated(it.port))
            return act(it)

    return probe


def afterwards(others: int, act: Callable[[Running], str]) -> Probe:
    """Do something after other associations were open."""

    def probe(it: Running) -> str:
        with ExitStack() as stack:
            for _ in range(others):
                peer = stack.enter_context(associated(it.port))
                stack.callback(peer.release)
        return act(it)

    return probe


def an_echo_within(seconds: float) -> Callable[[Running], str]:
    def act(it: Running) -> str:
        with associated(it.port) as peer:
            peer.send(*p_data(1, c_echo_rq()))
            return peer.hear(seconds)

    return act


def twenty_echoes(it: Running) -> str:
    with associated(it.port) as peer:
        heard = []
        for _ in range(20):
            peer.send(*p_data(1, c_echo_rq()))
            heard.append(peer.hear(0.4))
    return f"{heard.count('RESPONDED 0000')} answered"


def beside_a_busy_ae(it: Running) -> str:
    """Echo as one AE while another one, with two associations, never pauses."""
    begun, done = threading.Event(), threading.Event()

    def busy() -> None:
        with associated(it.port, request(calling="BUSY")) as peer:
            while not done.is_set():
                assert peer.echo() == "RESPONDED 0000"
                begun.set()

    with associated(it.port, request(calling="BUSY")), associated(it.port) as polite:
        thread = threading.Thread(target=busy)
        thread.start()
        try:
            assert begun.wait(5)
            polite.send(*p_data(1, c_echo_rq()))
            served = polite.hear(0.5)
        finally:
            done.set()
            thread.join()
        return served if served != "SILENT" else f"SILENT, then {polite.hear()}"


def beyond_the_limit(it: Running) -> str:
    with connected(it.port) as peer:
        peer.send(request())
        return peer.hear()


def peak(it: Running) -> str:
    with ExitStack() as stack:
        for number in range(13):
            peer = stack.enter_context(connected(it.port))
            peer.send(request())
            if peer.hear() != "AC":
                return f"number {number + 1} has none"
        try:
            return f"died {it.process.wait(0.5)}"
        except subprocess.TimeoutExpired:
            return "lives"


def memory(it: Running) -> int:
    fields = Path(f"/proc/{it.process.pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors(it: Running) -> int:
    return len(list(Path(f"/proc/{it.process.pid}/fd").iterdir()))


def threads(it: Running) -> int:
    return len(list(Path(f"/proc/{it.process.pid}/task").iterdir()))


def holds_more(
    measured: Callable[[Running], int], act: Callable[[Running, int], object], bound: int
) -> Probe:
    """Tell whether the device holds more for long after it did something, warm, sixty times."""

    def probe(it: Running) -> str:
        act(it, 0)
        before = measured(it)
        act(it, 60)
        end = time.monotonic() + 1
        while measured(it) > before + bound and time.monotonic() < end:
            threading.Event().wait(0.02)
        return "grows" if measured(it) > before + bound else "stays"

    return probe


def store_sixty(it: Running, first: int) -> None:
    assert len(store(it, 60, first)) == 60


def refused_sixty(it: Running, _first: int) -> None:
    for _ in range(60):
        with connected(it.port) as peer:
            peer.send(request(called="NOBODY"))
            assert peer.hear() == "RJ 1/1/7"


def echo_sixty(it: Running, _first: int) -> None:
    assert all(echoes(it.port) for _ in range(60))


def beside_one_who_does_not_read(it: Running) -> str:
    """Echo while a peer asks for a large object and reads nothing of it."""
    assert store(it, 1, size=12 << 20) == ["RESPONDED 0000"]
    keys = [
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x0020000D, vr="UI", value=STUDY),
    ]
    role = wire.RoleSelection(uid=uids.CT_IMAGE_STORAGE, scu=1, scp=1)
    both = (
        wire.Context(1, uids.STUDY_ROOT_GET),
        wire.Context(3, uids.CT_IMAGE_STORAGE, (uids.EXPLICIT_LE,)),
    )
    asked = wire.associate_rq("REFERENCE", "ASSAY", both, user_items=(role,))
    with socket.socket() as sock, associated(it.port) as polite:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", it.port))
        slow = Peer(sock)
        slow.associate(asked)
        slow.send(*p_data(1, c_get_rq(), wire.encode_dataset(keys)))
        sock.recv(1)
        polite.send(*p_data(1, c_echo_rq()))
        return polite.hear(0.7)


def after_an_error(it: Running) -> str:
    with associated(it.port) as peer:
        with associated(it.port) as wrong:
            assert wrong.ask(1, b"\1\2\3") == "ABORT 0/0"
        peer.send(*p_data(1, c_echo_rq()))
        return peer.hear(0.6)


def five_at_once(it: Running) -> str:
    """Ask for five associations at the same moment; how many are there after 0.8 s?"""
    with ExitStack() as stack:
        peers = [stack.enter_context(connected(it.port)) for _ in range(5)]
        for peer in peers:
            peer.send(request())
        end = time.monotonic() + 0.8
        heard = [peer.hear(max(0.01, end - time.monotonic())) for peer in peers]
    return "all" if heard.count("AC") == 5 else "some"


def after_many(it: Running) -> str:
    assert all(echoes(it.port) for _ in range(60))
    with connected(it.port) as peer:
        peer.send(request())
        return peer.hear(0.2)


def fourth_of_one_ae(it: Running) -> str:
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(associated(it.port))
        with associated(it.port, request(calling="OTHER")) as other:
            assert other.echo() == "RESPONDED 0000"
        return beyond_the_limit(it)


LOAD_PROBES: dict[str, Expectation] = {
    "loses_one_in_many": Expectation(kept_of_a_hundred, "100", "99", PATIENT),
    "mixes_up_objects": Expectation(under_their_own_names, "50", "49", PATIENT),
    "stores_twice": Expectation(
        listed_of_fifty, "50 then RESPONDED 0000", "51 then RESPONDED 0000", PATIENT
    ),
    "answers_late_under_load": Expectation(
        beside(3, an_echo_within(0.3)), "RESPONDED 0000", "SILENT", PATIENT
    ),
    "forgets_answers_under_load": Expectation(
        beside(8, twenty_echoes), "20 answered", "19 answered", ROOMY
    ),
    "serves_one_ae": Expectation(
        beside_a_busy_ae, "RESPONDED 0000", "SILENT, then RESPONDED 0000", PATIENT
    ),
    "hangs_up_at_limit": Expectation(beside(8, beyond_the_limit), "RJ 2/3/2", "CLOSED", PATIENT),
    "dies_at_peak": Expectation(peak, "lives", "died -11", ROOMY),
    "leaks_per_object": Expectation(holds_more(memory, store_sixty, 2 << 20), "stays", "grows"),
    "leaks_per_refused": Expectation(holds_more(memory, refused_sixty, 2 << 20), "stays", "grows"),
    "leaks_threads": Expectation(holds_more(threads, echo_sixty, 30), "stays", "grows"),
    "leaks_descriptors": Expectation(holds_more(descriptors, echo_sixty, 30), "stays", "grows"),
    "stays_slow_after_load": Expectation(
        afterwards(4, an_echo_within(1.5)), "RESPONDED 0000", "SILENT", PATIENT
    ),
    "starved_by_slow_readers": Expectation(
        beside_one_who_does_not_read, "RESPONDED 0000", "SILENT", PATIENT
    ),
    "stalls_on_error": Expectation(after_an_error, "RESPONDED 0000", "SILENT", PATIENT),
    "accepts_slowly": Expectation(five_at_once, "all", "some", PATIENT),
    "slows_with_churn": Expectation(after_many, "AC", "SILENT", PATIENT),
    "no_limit_per_ae": Expectation(fourth_of_one_ae, "RJ 2/3/2", "AC", ("--max-per-ae", "3")),
    "full_disk_says_success": Expectation(
        when_full,
        "RESPONDED A700, 8 listed, 8 files",
        "RESPONDED 0000, 8 listed, 8 files",
        ("--quota", "22000"),
    ),
    "keeps_partial_when_full": Expectation(
        when_full,
        "RESPONDED A700, 8 listed, 8 files",
        "RESPONDED A700, 12 listed, 12 files",
        ("--quota", "22000"),
    ),
    "stays_full": Expectation(
        after_space_was_made, "RESPONDED 0000", "RESPONDED A700", ("--quota", "22000")
    ),
    "find_unbounded": Expectation(
        five_where_three_are_listed,
        "3 then RESPONDED A700",
        "5 then RESPONDED 0000",
        ("--max-results", "3"),
    ),
    "ignores_cancel": Expectation(cancelled_query, "FE00", "0000"),
    "queues_without_limit": Expectation(committed(0), "REQUEST 1", "SILENT", PATIENT),
    "commits_what_it_lacks": Expectation(committed(0, 1), "REQUEST 2", "REQUEST 1", PATIENT),
}
"""By flaw; ``loses_on_restart`` needs a restart and is probed in test_restart.py."""
