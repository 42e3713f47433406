"""Flaws of the requestor that no TLS library has: fooled by the lie of their name, by no other."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulators import tls
from simulators.devices.reference.flaws import choose
from simulators.devices.reference.tls_gullible_requestor import FOOLED
from simulators.devices.reference.tls_handshake import GULLIBLE
from simulators.devices.reference.tls_server_flight import SERVER_HELLO_DONE, read_flight
from simulators.pki import Identity
from simulators.tls import ServerOffer
from simulators.tls.messages import records
from tests.simulators.devices import hostile
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.hostile import acceptor
from tests.simulators.devices.running import scu
from tests.simulators.devices.test_requestor import server

HEARTBEAT, HANDSHAKE, ALERT = 24, 22, 21
PATIENCE_S = "3"
LIES = {
    "scu_small_groups": ServerOffer(group="secp192r1"),
    "scu_ignores_sentinel": ServerOffer(mark=tls.TLS12_MARK),
    "scu_ignores_unsolicited_extension": ServerOffer(extra_extensions=((1, b"\x01"),)),
    "scu_takes_compression": ServerOffer(compression=1),
    "scu_ignores_foreign_protocol": ServerOffer(alpn="h2"),
    "scu_accepts_weak_signature": ServerOffer(spoiled_signature=True),
    "scu_tolerates_malformed_flight": ServerOffer(copies=24, record_size=0xFFFF),
    "scu_ignores_missing_renegotiation_info": ServerOffer(secure_renegotiation=False),
}


def call(lab: Lab, port: int, *more: str, timeout_s: str = PATIENCE_S) -> tuple[str, ...]:
    address = ("--host", "127.0.0.1", "--port", str(port), "--timeout", timeout_s)
    return ("echo", *address, "--tls", *lab.arguments("client"), *more)


def device(lab: Lab) -> Identity:
    files = lab.files["device"]
    pem = files.cert.read_bytes()
    der = ssl.PEM_cert_to_DER_cert(pem.decode("ascii"))
    return Identity(
        certificate_pem=pem, key_pem=files.key.read_bytes(), leaf_der=der, description="device"
    )


@contextmanager
def answering(
    identity: Identity, *offers: ServerOffer, heartbeat: bool = False
) -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers each connection by one flight; what came back is listed."""
    heard: list[bytes] = []

    def serve() -> None:
        for offer in offers:
            sock, _ = listener.accept()
            with sock:
                sock.settimeout(10)
                data = b""
                while tls.parse_client_hello(data).problem:
                    data += sock.recv(1 << 16)
                parts = tls.server_flight(tls.parse_client_hello(data), offer, identity)
                if heartbeat:
                    parts = [*tls.heartbeat_request(16, b"a"), *parts]
                sock.sendall(b"".join(one for _, one in parts))
                heard.append(sock.recv(1 << 16))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join(10)


def reaction(lab: Lab, offer: ServerOffer, flaw: str = "", *, heartbeat: bool = False) -> list[int]:
    """Types of the records that the requestor answers with."""
    more = ("--flaw", flaw) if flaw else ()
    with answering(device(lab), offer, heartbeat=heartbeat) as (port, heard):
        assert scu(*call(lab, port, *more)).returncode == 1
    return [one.type for one in records(heard[0])[0]]


@pytest.mark.parametrize("flaw", list(LIES))
def test_the_flaw_goes_along_and_the_sound_device_does_not(flaw: str, lab: Lab) -> None:
    assert reaction(lab, LIES[flaw]) == [ALERT]
    assert reaction(lab, LIES[flaw], flaw)[0] == HANDSHAKE


@pytest.mark.parametrize("flaw", list(FOOLED))
def test_an_honest_server_is_served_by_openssl(flaw: str, lab: Lab) -> None:
    for maximum in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = server(lab, "device")
        context.maximum_version = maximum
        with acceptor(hostile.serve_echo, context) as peer:
            assert scu(*call(lab, peer.port, "--flaw", flaw)).returncode == 0


def test_a_heartbeat_is_answered_by_the_flaw_only(lab: Lab) -> None:
    flaw = "scu_answers_heartbeat"
    assert reaction(lab, ServerOffer(), heartbeat=True) == [ALERT]
    assert reaction(lab, ServerOffer(), flaw, heartbeat=True)[0] == HEARTBEAT


def test_small_primes_are_taken_by_openssl_itself(lab: Lab) -> None:
    offer = ServerOffer(suite=0x009E, dh_bits=1024)
    assert reaction(lab, offer) == [ALERT]
    assert reaction(lab, offer, "scu_small_groups")[0] == HANDSHAKE


def test_the_flaw_tries_an_older_version_again(lab: Lab) -> None:
    refusal = ServerOffer(compression=1)
    more = ("--flaw", "scu_falls_back_in_version")
    with answering(device(lab), refusal, refusal) as (port, heard):
        assert scu(*call(lab, port, *more)).returncode == 1
    assert len(heard) == 2


def test_without_extended_master_secret(lab: Lab) -> None:
    assert _offers_ems(lab)
    assert not _offers_ems(lab, "--flaw", "scu_hello_lacks_ems")


def test_a_server_with_one_group(lab: Lab) -> None:
    context = server(lab, "device")
    context.set_ecdh_curve("prime256v1")
    for more, code in (((), 0), (("--flaw", "scu_offers_one_group"), 1)):
        with acceptor(hostile.serve_echo, context) as peer:
            assert scu(*call(lab, peer.port, *more)).returncode == code


def test_a_silent_server_is_given_up_on_but_for_the_flaw(lab: Lab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        arguments = call(lab, silent.getsockname()[1], timeout_s="0.5")
        assert scu(*arguments).returncode == 1
        with pytest.raises(subprocess.TimeoutExpired):
            scu(*arguments, "--flaw", "scu_waits_forever_in_tls", timeout=4)


def test_every_gullible_flaw_is_a_flaw() -> None:
    assert choose(FOOLED).names == set(FOOLED) == set(GULLIBLE)


def test_reading_a_flight_is_total(lab: Lab) -> None:
    hello = tls.parse_client_hello(tls.client_hello(tls.HelloOffer()))
    parts = tls.server_flight(hello, ServerOffer(), device(lab))
    whole = b"".join(data for _, data in parts)
    for end in range(0, len(whole), 7):
        read_flight(whole[:end])
        read_flight(whole[end:])
    assert SERVER_HELLO_DONE in read_flight(whole).messages


def _offers_ems(lab: Lab, *more: str) -> bool:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hellos: list[tls.ClientHello] = []

        def hear() -> None:
            sock, _ = listener.accept()
            with sock:
                data = b""
                while tls.parse_client_hello(data).problem:
                    data += sock.recv(1 << 16)
                hellos.append(tls.parse_client_hello(data))

        thread = threading.Thread(target=hear, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        scu(*call(lab, port, *more))
        thread.join(10)
    return 23 in hellos[0].extensions
