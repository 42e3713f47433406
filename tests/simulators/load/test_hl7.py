"""HL7 orders for load, against a listener of its own, listeners that lie, and real ones."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from unittest.mock import patch

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import RequestError
from simulators.load import hl7, naming
from simulators.load.hl7 import END, KINDS, START, Ack, Hl7Link, Kind, Order, parse_ack
from simulators.load.plan import Plan, Target
from simulators.load.waiting import CLOSED, INVALID, REFUSED, TIMEOUT, LinkError
from simulators.load.web_errands import WebErrand
from tests.simulators.load.peers import Scripted, serving, unused_port

LANE = 6
GLUE = Path(__file__).with_name("listeners")
MODULES = Path(__file__).parents[3] / ".real-devices" / "node_modules"


def target_of(port: int) -> Target:
    return Target(host="127.0.0.1", port=0, hl7_port=port)


def message_of(order: Order, number: int) -> list[list[str]]:
    """Segments and fields, read by nothing but split."""
    raw = b"".join(order.patch(number))
    assert raw.startswith(START)
    assert raw.endswith(END)
    return [segment.split("|") for segment in raw[1:-2].decode("ascii").split("\r")[:-1]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_in_a_message_is_its_own(kind: Kind) -> None:
    order = Order(kind, LANE)
    for number in (0, 8_999_999_999, 42):
        by_name = {fields[0]: fields for fields in message_of(order, number)}
        mark = naming.content_mark(LANE, number).decode()
        assert order.control_id(number) == mark
        assert by_name["MSH"][8:12] == [kind, mark, "P", "2.3.1"]
        assert by_name["ORC"][2] == by_name["ORC"][3] == f"{mark}^ASSAY"
        assert by_name["OBR"][2] == by_name["OBR"][3] == f"{mark}^ASSAY"
        assert by_name["OBR"][18] == mark


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_marked_as_synthetic(kind: Kind) -> None:
    patient = {fields[0]: fields for fields in message_of(Order(kind, LANE), 0)}["PID"]
    assert patient[3].startswith("SYNTHETIC")
    assert patient[5].startswith("SYNTHETIC^")


@pytest.mark.parametrize("size", [1_000, 10_240, 100_000])
def test_it_is_about_as_long_as_asked(size: int) -> None:
    order = Order("ORU^R01", LANE, size_bytes=size)
    assert size - 72 <= order.octets <= size
    assert order.octets == len(b"".join(order.patch(1))) - len(START + END)


def acknowledge(connection: socket.socket, code: str, *, size: int = 2**20) -> None:
    """Answers each message, in pieces of that size, as long as they come."""
    stream = connection.makefile("rb")
    while raw := _read(stream):
        control_id = raw.split(b"\r")[0].split(b"|")[9].decode()
        answer = START + ack(code, control_id) + END
        for at in range(0, len(answer), size):
            connection.sendall(answer[at : at + size])


def _read(stream: BinaryIO) -> bytes:
    raw = b""
    while not raw.endswith(END):
        octet = stream.read(1)
        if not octet:
            return b""
        raw += octet
    return raw


def ack(code: str, control_id: str) -> bytes:
    return f"MSH|^~\\&|D|S|ASSAY|S|2020||ACK|1|P|2.3.1\rMSA|{code}|{control_id}|text\r".encode()


@contextmanager
def listening(code: str = "AA", size: int = 2**20) -> Iterator[int]:
    with serving(lambda connection: acknowledge(connection, code, size=size)) as port:
        yield port


@pytest.mark.parametrize("size", [1, 2**20])
@pytest.mark.parametrize("kind", KINDS)
def test_messages_are_acknowledged_on_one_connection(kind: Kind, size: int) -> None:
    with listening(size=size) as port:
        link, order = Hl7Link(target_of(port)), Order(kind, LANE)
        link.open()
        assert [link.perform(order, number) for number in range(20)] == [0] * 20
        link.close()
        link.close()
        assert not link.is_open


@pytest.mark.parametrize(
    ("code", "status"), [("AE", "AE"), ("AR", "AR"), ("CA", 0), ("CE", "CE"), ("CR", "CR")]
)
def test_a_refusal_is_a_status_and_the_link_stays(code: str, status: int | str) -> None:
    with listening(code) as port:
        link, order = Hl7Link(target_of(port)), Order("ORM^O01", LANE)
        link.open()
        assert [link.perform(order, number) for number in range(2)] == [status] * 2
        link.close()


def test_an_errand_sends_orders_and_results_in_turn() -> None:
    with listening() as port:
        errand = WebErrand(Plan(operation="hl7", target=target_of(port)), LANE, None)
        errand.open()
        choices = [errand.choose() for _ in range(4)]
        assert [choice.name for choice in choices] == [*KINDS, *KINDS]
        assert [choice.perform(number) for number, choice in enumerate(choices)] == [0] * 4
        assert all(9_000 < choice.octets <= 10_240 for choice in choices)
        errand.release()


MARK = naming.content_mark(LANE, 0).decode()
GOOD = START + ack("AA", MARK) + END


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (b"", CLOSED),
        (GOOD[:-1], CLOSED),
        (b"hello", INVALID),
        (START + ack("AA", "1") + END, INVALID),
        (START + ack("XX", MARK) + END, INVALID),
        (START + b"MSA|AA|" + MARK.encode() + END, INVALID),
        (START + END, INVALID),
        (START + b"MSH" + END, INVALID),
        (GOOD + GOOD, INVALID),
        (START + b"x" * 2**21 + END, INVALID),
    ],
)
def test_what_acknowledges_nothing_is_an_ending(answer: bytes, ending: str) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(2**16)
        connection.sendall(answer)

    with serving(serve) as port:
        link = Hl7Link(target_of(port))
        link.open()
        with pytest.raises(LinkError) as caught:
            link.perform(Order("ORM^O01", LANE), 0)
    assert (caught.value.ending, link.is_open) == (ending, False)


@given(
    st.lists(
        st.binary(max_size=20)
        | st.sampled_from([GOOD, START, END, ack("AA", MARK), ack("AE", MARK), b"\r\n", b"MSH|"]),
        max_size=5,
    )
)
@settings(deadline=None)
def test_any_answer_is_a_status_or_an_ending(said: list[bytes]) -> None:
    with patch.object(hl7, "Stream", lambda *_: Scripted(said)):
        link = Hl7Link(target_of(1))
    status: int | str
    try:
        status = link.perform(Order("ORM^O01", LANE), 0)
    except LinkError as error:
        status = error.ending
    assert status in (0, "AE", CLOSED, INVALID)
    if status == 0:
        assert MARK.encode() in b"".join(said)


def test_tls_is_spoken_where_it_is_asked_for(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            acknowledge(secure, "AA")

    with serving(serve) as port:
        trusting = target_of(port).model_copy(update={"ca": str(path)})
        link = Hl7Link(trusting, tls=True)
        link.open()
        assert [link.perform(Order("ORM^O01", LANE), number) for number in range(3)] == [0] * 3
        link.close()


def test_silence_is_a_timeout() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(2**16)
        connection.sendall(START)
        connection.recv(1)

    with serving(serve) as port:
        link = Hl7Link(target_of(port), timeout_s=0.2)
        link.open()
        with pytest.raises(LinkError) as caught:
            link.perform(Order("ORM^O01", LANE), 0)
        assert caught.value.ending == TIMEOUT


def test_nobody_there_is_refused() -> None:
    with pytest.raises(LinkError) as caught:
        Hl7Link(target_of(unused_port())).open()
    assert caught.value.ending == REFUSED


def test_a_target_without_a_listener_is_named_with_the_way_out() -> None:
    with pytest.raises(RequestError, match="hl7_port"):
        Hl7Link(target_of(0))


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"MSH|^~\\&|\rMSA|AE|7|no such patient\r", Ack("AE", "7", "no such patient")),
        (b"MSH#^~\\&#\r\nMSA#AR#7\r\n", Ack("AR", "7", "")),
        (b"MSH|^~\\&|\nMSA|AA", Ack("AA", "", "")),
        (b"MSH|^~\\&|\rERR|1", None),
        (b"MSA|AA|7", None),
        (b"", None),
    ],
)
def test_an_acknowledgement_is_read_whatever_its_separators(raw: bytes, found: Ack | None) -> None:
    assert parse_ack(raw) == found


@given(
    st.binary(max_size=60) | st.lists(st.sampled_from([b"MSH|", b"MSA|AA|", b"\r"])).map(b"".join)
)
@settings(deadline=None)
def test_reading_is_total(raw: bytes) -> None:
    found = parse_ack(raw)
    assert found is None or raw.startswith(b"MSH")


@contextmanager
def real(script: str) -> Iterator[int]:
    """A listener that others wrote; the glue says its port on its first line."""
    node, package = shutil.which("node"), script.removesuffix(".js")
    assert node is not None, "node is missing: scripts/install-real-devices"
    assert (MODULES / package).is_dir(), f"{package} is missing: scripts/install-real-devices"
    process = subprocess.Popen(
        [node, GLUE / script],
        env={**os.environ, "NODE_PATH": str(MODULES)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        port = re.fullmatch(r"listening on (\d+)\n", process.stdout.readline())
        assert port is not None
        yield int(port[1])
    finally:
        process.kill()
        process.wait(10)
        with contextlib.suppress(OSError):
            process.stdout.close()


@pytest.mark.interop
@pytest.mark.parametrize("kind", KINDS)
def test_a_real_listener_takes_message_after_message(kind: Kind) -> None:
    with real("simple-hl7.js") as port:
        link, order = Hl7Link(target_of(port)), Order(kind, LANE)
        link.open()
        assert [link.perform(order, number) for number in range(50)] == [0] * 50
        link.close()


@pytest.mark.interop
@pytest.mark.parametrize("kind", KINDS)
def test_another_real_listener_takes_a_message_a_connection(kind: Kind) -> None:
    """It answers an earlier message again when another follows on the same connection."""
    with real("node-hl7-server.js") as port:
        link, order = Hl7Link(target_of(port)), Order(kind, LANE)
        for number in range(5):
            link.open()
            assert link.perform(order, number) == 0
            link.close()
