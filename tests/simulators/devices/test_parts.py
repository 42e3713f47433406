"""The parts of the device that need no socket."""

import ssl
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators import wire
from simulators.devices.reference.associate import ae_title, read_associate, read_proposals
from simulators.devices.reference.errors import ProtocolError
from simulators.devices.reference.file_format import safe_name
from simulators.devices.reference.log import Log, escaped
from simulators.devices.reference.query import wildcard
from simulators.devices.reference.scanner import (
    Bounds,
    DataSetError,
    TooLargeError,
    inflate,
    scan,
)
from simulators.devices.reference.tls_hello import parse_offer
from simulators.devices.reference.uids import EXPLICIT_LE, IMPLICIT_LE, is_uid
from tests.simulators.devices.peer import CONTEXTS, dataset, request

SOP_INSTANCE = 0x00080018


@pytest.mark.parametrize("syntax", ["explicit", "implicit"])
def test_scan_finds_top_level_values(syntax: str) -> None:
    nested = wire.nested(3, leaf=(wire.Element(tag=0x00080018, vr="UI", value="9.9"),))
    data = dataset("1.2.3", more=(nested,), syntax=syntax)
    uid = EXPLICIT_LE if syntax == "explicit" else IMPLICIT_LE
    assert scan(data, uid, Bounds()).values[SOP_INSTANCE].rstrip(b"\0") == b"1.2.3"


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_scan_never_fails_otherwise(noise: bytes) -> None:
    for data in (noise, dataset("1.2.3") + noise):
        for syntax in (EXPLICIT_LE, IMPLICIT_LE):
            try:
                scan(data, syntax, Bounds())
            except DataSetError:
                continue


@given(st.integers(min_value=1, max_value=200))
@settings(max_examples=60)
def test_every_cut_inside_an_object_is_seen(cut: int) -> None:
    data = dataset("1.2.3", more=(wire.nested(2),))
    whole = scan(data, EXPLICIT_LE, Bounds()).values
    try:
        found = scan(data[:-cut], EXPLICIT_LE, Bounds()).values
    except DataSetError:
        return
    # A cut between two elements leaves a shorter data set that is sound in itself.
    assert found.items() <= whole.items()


def test_inflation_stops_at_the_ceiling() -> None:
    bomb = wire.deflate(bytes(1 << 20))
    assert len(inflate(bomb, 1 << 20)) == 1 << 20
    with pytest.raises(TooLargeError):
        inflate(bomb, (1 << 20) - 1)
    with pytest.raises(DataSetError):
        inflate(bomb + b"more", 1 << 20)


def test_honest_request_is_read() -> None:
    body = wire.encode(request())[6:]
    read = read_associate(1, body)
    assert ae_title(read.called) == "REFERENCE"
    assert [p.id for p in read_proposals(read.contexts)] == [c.id for c in CONTEXTS]


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=4))
@settings(max_examples=300)
def test_damaged_request_is_read_or_refused(at: int, noise: bytes) -> None:
    body = bytearray(wire.encode(request())[6:])
    at %= len(body)
    body[at : at + len(noise)] = noise
    try:
        read_proposals(read_associate(1, bytes(body)).contexts)
    except ProtocolError:
        return


@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        (b"A*", b"ABC", True),
        (b"*C", b"ABC", True),
        (b"A?C", b"ABC", True),
        (b"A?C", b"AC", False),
        (b"*B*", b"ABC", True),
        (b"", b"A", False),
        (b"***", b"", True),
    ],
)
def test_wildcards(pattern: bytes, value: bytes, matches: bool) -> None:
    assert wildcard(pattern, value) is matches


def test_hostile_pattern_is_matched_in_no_time() -> None:
    before = time.monotonic()
    assert not wildcard(b"*a" * 500 + b"b", b"a" * 1024)
    assert time.monotonic() - before < 2


@pytest.mark.parametrize("uid", [b"..", b"1.", b".1", b"1..2", b"", b"1" * 65, b"1\n", b"x"])
def test_names_hold_nothing_of_an_illegal_uid(uid: bytes) -> None:
    assert not is_uid(uid)
    assert safe_name(uid).replace("-", "").isalnum()


def test_log_lines_cannot_be_forged(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = Log(path)
    log.event("AE\nFORGED \x1b[31m \\n")
    log.close()
    assert len(path.read_text().splitlines()) == 1
    assert escaped("\n\\") == "\\n\\\\"


@pytest.mark.parametrize(
    ("lowest", "highest", "offered"),
    [
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, {0x0303, 0x0304}),
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, {0x0303}),
        (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, {0x0304}),
    ],
)
def test_client_hello_versions(
    lowest: ssl.TLSVersion, highest: ssl.TLSVersion, offered: set[int]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version, context.maximum_version = lowest, highest
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    assert parse_offer(outgoing.read()[5:]).versions == offered


@given(st.binary(max_size=120))
def test_any_bytes_are_no_client_hello_or_one(data: bytes) -> None:
    assert isinstance(parse_offer(b"\x01" + data).versions, frozenset)
