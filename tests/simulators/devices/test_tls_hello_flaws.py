"""Flaws that show in the answer to one hello: each on its own, and honest clients are served."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.tls import HelloOffer, ServerFlight, TlsVersion, parse_server_flight
from simulators.tls.codes import ContentType, Extension
from simulators.tls.hello import named_hello_parts
from simulators.tls.strange import heartbeat_request, malformed_hello
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.running import Running, reference
from tests.simulators.devices.test_tls import asked, context

V12, V13 = (TlsVersion.TLS1_2,), (TlsVersion.TLS1_3,)
OLD_AND_GOOD = (0x002F, 0xC013, 0xC02B, 0xC02F)
Parts = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent, and what tells the flawed device from a sound one."""

    parts: Parts
    flawed: Callable[[ServerFlight], object]


def offered(flawed: Callable[[ServerFlight], object], offer: HelloOffer) -> Case:
    return Case(named_hello_parts(offer), flawed)


def taken(flight: ServerFlight) -> bool:
    return flight.accepted


def refused(flight: ServerFlight) -> bool:
    return flight.alert is not None


CASES: dict[str, Case] = {
    "small_groups": offered(
        lambda seen: seen.dh_bits == 1024, HelloOffer(versions=V12, suites=(0x9E,), groups=())
    ),
    "ignores_fallback_scsv": offered(taken, HelloOffer(versions=V12, suites=(0xC02F, 0x5600))),
    "no_downgrade_sentinel": offered(
        lambda seen: seen.accepted and seen.random[-8:-1] != b"DOWNGRD", HelloOffer(versions=V12)
    ),
    "chooses_compression": offered(
        lambda seen: seen.compression == 1, HelloOffer(versions=V12, compression=(1, 0))
    ),
    "no_secure_renegotiation": offered(
        lambda seen: seen.accepted and Extension.RENEGOTIATION_INFO not in seen.extensions,
        HelloOffer(versions=V12),
    ),
    "no_extended_master_secret": offered(
        lambda seen: seen.accepted and Extension.EXTENDED_MASTER_SECRET not in seen.extensions,
        HelloOffer(versions=V12),
    ),
    "signs_with_sha1": offered(
        lambda seen: seen.signature_scheme == 0x0201,
        HelloOffer(versions=V12, signature_algorithms=("rsa_pkcs1_sha1",)),
    ),
    "lenient_tls13_hello": offered(taken, HelloOffer(versions=V13, without=(51,))),
    "ignores_invalid_point": offered(
        taken, HelloOffer(versions=V13, key_shares=((0x1D, bytes(32)),))
    ),
    "tolerates_malformed_records": Case(malformed_hello("a fatal alert first")[0], taken),
    "intolerant_of_unknown": offered(refused, HelloOffer(extra_extensions=((0xFADE, b""),))),
    "selects_any_protocol": offered(
        lambda seen: seen.alpn == "h2", HelloOffer(versions=V12, alpn=("h2",))
    ),
    "refuses_server_name": offered(refused, HelloOffer(server_name="localhost")),
    "follows_client_order": offered(
        lambda seen: seen.suite == 0x002F, HelloOffer(versions=V12, suites=OLD_AND_GOOD)
    ),
    "lacks_mandatory_group": offered(refused, HelloOffer(groups=("secp256r1",))),
}


def answer(port: int, data: bytes) -> bytes:
    """What a port says to these bytes, or until it ends."""
    with socket.create_connection(("127.0.0.1", port), 5) as sock:
        sock.sendall(data)
        return heard(sock)


def heard(sock: socket.socket) -> bytes:
    sock.settimeout(10)
    data = b""
    try:
        while not _whole(data):
            more = sock.recv(1 << 16)
            if not more:
                break
            data += more
    except (TimeoutError, ConnectionError):
        pass
    return data


def _whole(data: bytes) -> bool:
    flight = parse_server_flight(data)
    told = flight.done or flight.alert is not None or flight.encrypted > 200
    return told or data[:1] == bytes([ContentType.HEARTBEAT])


def joined(parts: Parts) -> bytes:
    return b"".join(part for _, part in parts)


def arguments(lab: Lab, *flaws: str) -> tuple[str, ...]:
    switched = (part for flaw in flaws for part in ("--flaw", flaw))
    return ("--tls-port", "0", *lab.arguments("device"), *switched)


@pytest.fixture(scope="module")
def sound(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with reference(tmp_path_factory.mktemp("tls"), *arguments(lab)) as running:
        yield running


@pytest.mark.parametrize("flaw", list(CASES))
def test_a_flaw_shows_and_honest_clients_are_served(flaw: str, lab: Lab, tmp_path: Path) -> None:
    only12 = context(lab)
    only12.maximum_version = ssl.TLSVersion.TLSv1_2
    with reference(tmp_path, *arguments(lab, flaw)) as it:
        flight = parse_server_flight(answer(it.tls_port, joined(CASES[flaw].parts)))
        assert CASES[flaw].flawed(flight), flight
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"
        assert asked(it.tls_port, only12) == "TLSv1.2"


@pytest.mark.parametrize("flaw", list(CASES))
def test_a_sound_device_does_not_show_it(flaw: str, sound: Running) -> None:
    flight = parse_server_flight(answer(sound.tls_port, joined(CASES[flaw].parts)))
    assert not CASES[flaw].flawed(flight), flight


@pytest.mark.parametrize("flawed", [True, False])
def test_a_heartbeat_is_answered_by_the_flawed_device_only(
    flawed: bool, lab: Lab, tmp_path: Path
) -> None:
    offer = HelloOffer(versions=V12, extra_extensions=((Extension.HEARTBEAT, b"\x01"),))
    with (
        reference(tmp_path, *arguments(lab, *["answers_heartbeat"] * flawed)) as it,
        socket.create_connection(("127.0.0.1", it.tls_port), 5) as sock,
    ):
        sock.sendall(joined(named_hello_parts(offer)))
        flight = parse_server_flight(heard(sock))
        assert (Extension.HEARTBEAT in flight.extensions) is flawed
        sock.sendall(joined(heartbeat_request(b"secret", more=16)))
        reply = heard(sock)
    assert (reply[:1] == b"\x18") is flawed
    # Type and length, the payload that was announced, and 16 octets of padding.
    assert len(reply) == (5 + 3 + 6 + 16 + 16 if flawed else 7)


@pytest.mark.parametrize("flawed", [True, False])
def test_the_plain_port_speaks_tls_on_the_flawed_device_only(
    flawed: bool, lab: Lab, tmp_path: Path
) -> None:
    with reference(tmp_path, *arguments(lab, *["tls_on_plain_port"] * flawed)) as it:
        flight = parse_server_flight(answer(it.port, joined(named_hello_parts(HelloOffer()))))
        assert flight.accepted is flawed
        assert asked(it.port, None) == "plain"
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"
