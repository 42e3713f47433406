"""What boofuzz plays in the benchmark; run by the Python of its own environment, never imported.

    .real-devices/boofuzz/bin/python tests/bench/boofuzz_dicom.py PORT CALLED CALLING CASES

Association, C-ECHO and release as blocks with size fields, an honest C-ECHO as the health check
after each case, no pause between cases. Prints one line of JSON: cases, seconds, failures.
"""

from __future__ import annotations

import importlib
import json
import socket
import struct
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
PATIENCE_S = 0.2
WINDOWS = 10
IMPLICIT = b"1.2.840.10008.1.2"
VERIFICATION = b"1.2.840.10008.1.1"
CONTEXT_NAME = b"1.2.840.10008.3.1.1.1"
IMPLEMENTATION = b"2.25.278317613287226604929362297406512381301"
RELEASE = bytes.fromhex("05000000000400000000")


def item(kind: int, body: bytes) -> bytes:
    """An item of an association PDU."""
    return struct.pack(">BBH", kind, 0, len(body)) + body


def association(called: bytes, calling: bytes) -> bytes:
    """An honest A-ASSOCIATE-RQ."""
    context = b"\1\0\0\0" + item(0x30, VERIFICATION) + item(0x40, IMPLICIT)
    user = item(0x51, struct.pack(">I", 16384)) + item(0x52, IMPLEMENTATION)
    body = b"\0\1\0\0" + called.ljust(16) + calling.ljust(16) + bytes(32)
    body += item(0x10, CONTEXT_NAME) + item(0x20, context) + item(0x50, user)
    return struct.pack(">BBI", 1, 0, len(body)) + body


def echo() -> bytes:
    """An honest C-ECHO-RQ in one PDV."""
    uid = VERIFICATION + b"\0"
    elements = struct.pack("<HHI", 0, 2, len(uid)) + uid
    for number, value in ((0x100, 0x30), (0x110, 1), (0x800, 0x101)):
        elements += struct.pack("<HHIH", 0, number, 2, value)
    command = struct.pack("<HHII", 0, 0, 4, len(elements)) + elements
    return struct.pack(">BBIIBB", 4, 0, len(command) + 6, len(command) + 2, 1, 3) + command


def answer(peer: socket.socket) -> int:
    """The type of the next whole PDU; 0 when there is none."""
    data = b""
    while len(data) < 6 or len(data) < 6 + int.from_bytes(data[2:6], "big"):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        more = peer.recv(65536)
        if not more:
            return 0
        data += more
    return data[0]


def is_well(port: int, called: bytes, calling: bytes) -> bool:
    """An honest C-ECHO from association to release."""
    try:
        with socket.create_connection((HOST, port), 5) as peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            seen = []
            for pdu in (association(called, calling), echo(), RELEASE):
                peer.sendall(pdu)
                seen.append(answer(peer))
            return seen == [2, 4, 6]
    except OSError:
        return False


def requests(boo: Any, called: bytes, calling: bytes) -> list[Any]:
    """The exchange in boofuzz's words; every length is a size field."""

    def sized(name: str, *children: Any, head: int) -> Any:
        body = boo.Block(f"{name} body", children=children)
        return boo.Block(
            name,
            children=(
                boo.Byte(f"{name} type", head), boo.Byte(f"{name} reserved", 0),
                boo.Size(f"{name} length", f"{name} body", length=2, endian=">", fuzzable=True),
                body,
            ),
        )  # fmt: skip

    def text(name: str, value: bytes) -> Any:
        return boo.Bytes(name, value, max_len=128)

    context = sized(
        "context", boo.Byte("context id", 1), boo.Static("context reserved", b"\0\0\0"),
        sized("abstract", text("abstract uid", VERIFICATION), head=0x30),
        sized("transfer", text("transfer uid", IMPLICIT), head=0x40), head=0x20,
    )  # fmt: skip
    user = sized(
        "user", sized("maximum", boo.DWord("maximum value", 16384, endian=">"), head=0x51),
        sized("implementation", text("implementation uid", IMPLEMENTATION), head=0x52), head=0x50,
    )  # fmt: skip
    body = boo.Block(
        "rq body",
        children=(
            boo.Word("version", 1, endian=">"), boo.Static("rq reserved", b"\0\0"),
            text("called", called.ljust(16)), text("calling", calling.ljust(16)),
            boo.Static("rq zeros", bytes(32)),
            sized("application", text("application name", CONTEXT_NAME), head=0x10), context, user,
        ),
    )  # fmt: skip
    rq = boo.Request(
        "associate",
        children=(
            boo.Byte("rq type", 1), boo.Static("rq pad", b"\0"),
            boo.Size("rq length", "rq body", length=4, endian=">", fuzzable=True), body,
        ),
    )  # fmt: skip
    pdv = boo.Block(
        "pdv body",
        children=(
            boo.Byte("pdv context", 1), boo.Byte("pdv control", 3), text("command", echo()[12:]),
        ),
    )  # fmt: skip
    data = boo.Block(
        "data body",
        children=(boo.Size("pdv length", "pdv body", length=4, endian=">", fuzzable=True), pdv),
    )
    ask = boo.Request(
        "echo",
        children=(
            boo.Byte("data type", 4), boo.Static("data pad", b"\0"),
            boo.Size("data length", "data body", length=4, endian=">", fuzzable=True), data,
        ),
    )  # fmt: skip
    end = boo.Request("release", children=(text("release pdu", RELEASE),))
    return [rq, ask, end]


def main(port: int, called: bytes, calling: bytes, cases: int) -> None:
    """Fuzzes and prints what it came to."""
    boo: Any = importlib.import_module("boofuzz")

    failures = 0
    counted = 0

    def check(*_args: object, **_more: object) -> None:
        nonlocal failures, counted
        counted += 1
        failures += not is_well(port, called, calling)

    def opened(folder: str, first: int, last: int) -> Any:
        connection = boo.TCPSocketConnection(HOST, port, send_timeout=5.0, recv_timeout=PATIENCE_S)
        session = boo.Session(
            target=boo.Target(connection=connection), index_start=first, index_end=last,
            sleep_time=0.0, web_port=None, keep_web_open=False, fuzz_loggers=[],
            post_test_case_callbacks=[check], ignore_connection_reset=True,
            ignore_connection_aborted=True, check_data_received_each_request=False,
            receive_data_after_fuzz=True, db_filename=str(Path(folder) / f"{first}.db"),
        )  # fmt: skip
        rq, ask, end = requests(boo, called, calling)
        session.connect(rq)
        session.connect(rq, ask)
        session.connect(ask, end)
        return session

    seconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        total = opened(folder, 1, 1).num_mutations(max_depth=1)
        for window in range(WINDOWS):
            # Its order is by field: a stretch of each part is played, not the first field alone.
            first = 1 + window * total // WINDOWS
            session = opened(folder, first, first + cases // WINDOWS - 1)
            began = time.monotonic()
            session.fuzz(max_depth=1)
            seconds += time.monotonic() - began
    sys.stdout.write(json.dumps({"cases": counted, "seconds": seconds, "failures": failures}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].encode(), int(sys.argv[4]))
