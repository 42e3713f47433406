"""Waiting under gevent, in a process of its own, as workers do."""

import json
import socket
import subprocess
import sys
import threading
from collections import Counter

from tests.simulators.load.peers import serving
from tests.simulators.load.test_encoded import dataset
from tests.simulators.load.test_link_hostile import Device, answer

WORKER = """
import json, sys
import gevent
from simulators import wire
from simulators.load import naming
from simulators.load.encoded import prepare_echo, prepare_store
from simulators.load.green import GreenWaiter
from simulators.load.link import Link
from simulators.load.plan import Target
from simulators.load.waiting import LinkError
from simulators.wire import uids

port, callers, requests, timeout_s = json.loads(sys.argv[1])
CONTEXTS = (wire.Context(1, uids.VERIFICATION), wire.Context(3, "1.2", (uids.EXPLICIT_LE,)))
RAW = sys.stdin.buffer.read()
answers, others = [], []

def work(lane):
    link = Link(
        Target(host="127.0.0.1", port=port), "ASSAY", CONTEXTS, timeout_s=timeout_s,
        waiter=GreenWaiter,
    )
    try:
        link.open()
        store = prepare_store(3, "1.2", RAW, uid_root="2.25.1", lane=lane, max_pdu=link.max_pdu)
        for number in range(requests):
            answers.append(link.perform(store, number))
            if number == 1:
                gevent.sleep(0.01)
        link.release()
    except LinkError as error:
        answers.append(error.ending)

def breathe():
    while True:
        others.append(1)
        gevent.sleep(0.02)

meanwhile = gevent.spawn(breathe)
gevent.joinall([gevent.spawn(work, lane) for lane in range(callers)], raise_error=True)
meanwhile.kill()
print(json.dumps([answers, len(others)]))
"""


def worked(
    port: int, callers: int, requests: int, pixels: int = 300, timeout_s: float = 20.0
) -> tuple[Counter[int | str], int]:
    """What the greenlets of a worker were answered, and how often another one had its turn."""
    arguments = json.dumps([port, callers, requests, timeout_s])
    done = subprocess.run(
        [sys.executable, "-c", WORKER, arguments],
        input=dataset(pixels),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    answers, others = json.loads(done.stdout)
    return Counter(answers), others


def concurrently(connection: socket.socket) -> None:
    threading.Thread(target=_serve, args=(connection.dup(),), daemon=True).start()


def _serve(connection: socket.socket) -> None:
    with connection:
        peer = Device(connection)
        peer.accept()
        while (message := peer.message()) is not None:
            raw = answer(message)
            connection.sendall(raw[:50])
            connection.sendall(raw[50:])


def test_greenlets_share_a_process() -> None:
    with serving(concurrently) as port:
        answers, _ = worked(port, callers=8, requests=5)
    assert answers == {0: 40}


def test_what_does_not_fit_into_the_socket_is_sent_in_turns() -> None:
    with serving(concurrently) as port:
        answers, _ = worked(port, callers=2, requests=1, pixels=10_000_000)
    assert answers == {0: 2}


def test_silence_is_a_timeout_and_others_go_on() -> None:
    def silent(connection: socket.socket) -> None:
        threading.Thread(target=_keep, args=(connection.dup(),), daemon=True).start()

    def _keep(connection: socket.socket) -> None:
        with connection:
            Device(connection).accept()
            done.wait(30)

    done = threading.Event()
    with serving(silent) as port:
        answers, others = worked(port, callers=4, requests=1, timeout_s=0.5)
    done.set()
    assert answers == {"TIMEOUT": 4}
    assert others >= 5


def test_nobody_there_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert worked(port, callers=2, requests=1)[0] == {"REFUSED": 2}
