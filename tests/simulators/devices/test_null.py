"""The null devices do one senseless thing each, to everybody."""

import socket
import ssl
from collections.abc import Callable

import pytest

from simulators import wire
from simulators.devices.null import main
from simulators.tls import HelloOffer, client_hello, parse_server_flight
from simulators.wire import uids
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.peer import UID, Peer, connected, dataset, echoes, request
from tests.simulators.devices.running import device
from tests.simulators.devices.test_tls_hello_flaws import answer

NULL = "simulators.devices.null"


def test_dead_port_listens_nowhere() -> None:
    with device(NULL, "dead-port", "--port", "0") as it:
        assert it.port == 0
        assert it.alive()


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        ("close-all", "CLOSED"),
        ("hang-all", "SILENT"),
        ("accept-all", "AC"),
        ("reject-all", "RJ 1/1/1"),
        ("garbage", "BYTES"),
        ("plain-on-tls", "AC"),
    ],
)
def test_answer_to_an_association_request(kind: str, heard: str) -> None:
    more = ("--tls-port", "0") if kind == "plain-on-tls" else ()
    with device(NULL, kind, "--port", "0", *more) as it:
        with connected(it.port) as peer:
            assert _sent(peer, lambda: peer.send(request())) == heard
        if kind == "plain-on-tls":
            with connected(it.tls_port) as peer:
                peer.send(request())
                assert peer.hear() == "AC"


def _sent(peer: Peer, send: Callable[[], None]) -> str:
    try:
        send()
    except OSError:
        return "CLOSED"
    return peer.hear(0.5)


def test_echo_sends_bytes_back() -> None:
    with device(NULL, "echo", "--port", "0") as it, connected(it.port) as peer:
        peer.send(b"hello")
        assert peer.sock.recv(5, socket.MSG_WAITALL) == b"hello"


def test_accept_all_says_yes_to_nonsense() -> None:
    with device(NULL, "accept-all", "--port", "0") as it:
        assert echoes(it.port)
        with connected(it.port) as peer:
            peer.send(b"GET / HTTP/1.1\r\n\r\n")
            assert peer.hear() == "AC"
            peer.send(b"\x04")
            assert peer.hear() == "RESPONDED 0000"
        with connected(it.port) as peer:
            peer.send(wire.RawPDU(type=1, length=0xFFFFFFFF))
            assert peer.hear() == "AC"
        with connected(it.port) as peer:
            peer.associate()
            assert peer.store(dataset("../x"), "../x") == "RESPONDED 0000"
            assert peer.store(dataset(UID), UID, context_id=3) == "RESPONDED 0000"
            assert peer.ask(9, wire.c_find_rq(uids.STUDY_ROOT_FIND), b"") == "RESPONDED 0000"


@pytest.mark.parametrize(("kind", "heard"), [("accept-all", "AC"), ("reject-all", "RJ 1/1/1")])
@pytest.mark.parametrize("identity", [None, "self_signed"])
def test_tls_with_any_certificate(kind: str, heard: str, identity: str | None, lab: Lab) -> None:
    context = ssl.create_default_context(cafile=str(lab.ca))
    if identity:
        context.load_cert_chain(lab.files[identity].cert, lab.files[identity].key)
    with (
        device(NULL, kind, "--port", "0", "--tls-port", "0", *lab.arguments("device")[:4]) as it,
        socket.create_connection(("127.0.0.1", it.tls_port)) as sock,
        context.wrap_socket(sock, server_hostname="127.0.0.1") as wrapped,
    ):
        peer = Peer(wrapped)
        peer.send(request())
        assert peer.hear() == heard


@pytest.mark.parametrize(
    ("offer", "seen"),
    [
        (HelloOffer(versions=(0x0303,), suites=(0xC02F, 0x5600)), ("TLS 1.2", 0x18, None)),
        (HelloOffer(versions=(0x0303,), groups=("secp192r1",)), ("TLS 1.2", 0x13, None)),
        (HelloOffer(versions=(0x0303,), suites=(0x9E,), groups=()), ("TLS 1.2", None, 1024)),
        (HelloOffer(versions=(0x0304,), without=(51,)), ("TLS 1.3", 0x1D, None)),
        (HelloOffer(record_size=60), ("TLS 1.3", 0x1D, None)),
    ],
)
def test_accept_all_goes_along_with_every_hello(
    offer: HelloOffer, seen: tuple[str, int | None, int | None], lab: Lab
) -> None:
    arguments = ("--port", "0", "--tls-port", "0", *lab.arguments("device")[:4])
    with device(NULL, "accept-all", *arguments) as it:
        flight = parse_server_flight(answer(it.tls_port, client_hello(offer)))
    assert flight.accepted
    assert (str(flight.version), flight.key_exchange_group, flight.dh_bits) == seen


def test_tls_kinds_need_a_certificate() -> None:
    assert main(["accept-all", "--port", "0", "--tls-port", "0"]) == 2
    assert main(["no-such-kind", "--port", "0"]) == 2
