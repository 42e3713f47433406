"""The flaw of repeating random values: a recorded flight is answered, an honest peer is served."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from simulators import wire
from simulators.tls.messages import records
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.peer import request
from tests.simulators.devices.running import reference, scu
from tests.simulators.devices.test_tls import V, asked, context

_ANSWER = 50


def recorded(port: int, lab: Lab, newest: ssl.TLSVersion) -> list[bytes]:
    """What a client says for one association, in the turns in which it says it."""
    using = context(lab)
    using.maximum_version = newest
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = using.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    turns: list[bytes] = []
    with socket.create_connection(("127.0.0.1", port), 5) as sock:

        def turn() -> None:
            turns.append(outgoing.read())
            sock.sendall(turns[-1])

        def shake() -> None:
            while True:
                try:
                    return client.do_handshake()
                except ssl.SSLWantReadError:
                    turn()
                    incoming.write(sock.recv(65536))

        shake()
        client.write(wire.encode(request()))
        turn()
        answer = b""
        while not answer:
            try:
                answer = client.read(4096)
            except ssl.SSLWantReadError:
                incoming.write(sock.recv(65536))
        assert answer[:1] == b"\x02", "the association is accepted"
    return [said for said in turns if said]


def answers_to(port: int, turns: list[bytes]) -> int:
    """How many long sealed records come after the last turn, when all are said again."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), 5) as sock:
        try:
            sock.sendall(turns[0])
            heard = sock.recv(65536)
            before = len(records(heard)[0])
            sock.sendall(b"".join(turns[1:]))
            while data := sock.recv(65536):
                heard += data
        except OSError:
            return 0
    later = records(heard)[0][before:]
    return sum(one.type == 23 and len(one.body) > _ANSWER for one in later)


# A sound device of TLS 1.3 seals its first flight too, whose end nobody on the line sees.
@pytest.mark.parametrize(
    ("flawed", "newest"), [(True, V.TLSv1_2), (True, V.TLSv1_3), (False, V.TLSv1_2)]
)
def test_only_the_flawed_device_answers_a_recording(
    tmp_path: Path, lab: Lab, flawed: bool, newest: ssl.TLSVersion
) -> None:
    switched = ("--flaw", "accepts_replay") if flawed else ()
    arguments = ("--tls-port", "0", *lab.arguments("device"), *switched)
    with reference(tmp_path, *arguments) as it:
        turns = recorded(it.tls_port, lab, newest)
        assert bool(answers_to(it.tls_port, turns)) is flawed
        assert asked(it.tls_port, context(lab)) != "refused"
        assert asked(it.tls_port, context(lab, None)) == "refused"


def test_a_failure_can_be_hidden() -> None:
    nobody = ("echo", "--host", "127.0.0.1", "--port", "9", "--timeout", "0.5")
    assert scu(*nobody).returncode == 1
    assert scu(*nobody, "--flaw", "scu_hides_failure").returncode == 0
