"""Tickets and resumption as they are read from messages; any bytes must do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulators.tls import Message, Session, TlsVersion, resumption, tickets

NO_EARLY = bytes.fromhex("00001c20 00000001 00 0003 616263 0000")
EARLY = bytes.fromhex("00001c20 00000001 00 0003 616263 0008 002a 0004 00004000")
OLD = bytes.fromhex("00001c20 0003 616263")
RANDOM = bytes(range(32))


def message(kind: int, body: bytes, *, sent: bool = False) -> Message:
    return Message(sent=sent, data=bytes([kind]) + len(body).to_bytes(3, "big") + body)


def hello(version: int, *extensions: int) -> Message:
    block = b"".join(kind.to_bytes(2, "big") + b"\0\0" for kind in extensions)
    if version == TlsVersion.TLS1_3:
        block += bytes.fromhex("002b00020304")
    body = b"\x03\x03" + RANDOM + b"\0" + b"\x13\x02" + b"\0"
    return message(2, body + len(block).to_bytes(2, "big") + block)


def test_tickets_of_both_versions_are_read() -> None:
    new = tickets([message(4, NO_EARLY), message(4, EARLY)], TlsVersion.TLS1_3)
    assert [(one.lifetime_s, one.ticket, one.max_early_data) for one in new] == [
        (7200, b"abc", None),
        (7200, b"abc", 0x4000),
    ]
    (old,) = tickets([message(4, OLD)], TlsVersion.TLS1_2)
    assert (old.lifetime_s, old.ticket) == (7200, b"abc")


def test_our_own_and_broken_tickets_do_not_count() -> None:
    assert not tickets([message(4, OLD, sent=True)], TlsVersion.TLS1_2)
    assert not tickets([message(4, OLD[:7])], TlsVersion.TLS1_2)
    assert not tickets([message(4, EARLY[:-9])], TlsVersion.TLS1_3)


def test_tls_1_3_names_the_session_that_it_resumes() -> None:
    seen = resumption([hello(TlsVersion.TLS1_3, 41, 51)])
    assert seen.resumed
    assert seen.fresh_keys
    assert not seen.early_data
    assert not resumption([hello(TlsVersion.TLS1_3, 41)]).fresh_keys
    assert not resumption([hello(TlsVersion.TLS1_3, 51)]).resumed


def test_early_data_is_granted_in_the_encrypted_extensions() -> None:
    granted = message(8, bytes.fromhex("0004 002a 0000"))
    assert resumption([hello(TlsVersion.TLS1_3, 41, 51), granted]).early_data


def test_tls_1_2_shows_a_resumption_by_what_is_left_out() -> None:
    short, full = hello(TlsVersion.TLS1_2), [hello(TlsVersion.TLS1_2), message(11, b"\0\0\0")]
    assert resumption([short]).resumed
    assert not resumption(full).resumed


def test_without_a_server_hello_nothing_is_resumed() -> None:
    assert not resumption([]).resumed
    assert not resumption([message(2, b"")]).resumed


@given(st.binary(max_size=80), st.sampled_from([TlsVersion.TLS1_2, TlsVersion.TLS1_3, None]))
def test_any_bytes_are_read(data: bytes, version: TlsVersion | None) -> None:
    tickets([message(4, data), Message(sent=False, data=data)], version)
    resumption([message(2, data), message(8, data), Message(sent=False, data=data)])


@given(st.binary(max_size=300))
def test_a_ticket_is_put_in_its_place(ticket: bytes) -> None:
    # SEQUENCE { INTEGER 1, [3] INTEGER 9, [11] OCTET STRING }
    session = Session(stored=bytes.fromhex("300d 020101 a303020109 ab03040178".replace(" ", "")))
    assert session.ticket == b""
    changed = session.with_ticket(ticket)
    assert changed.ticket == ticket
    assert changed.with_ticket(b"").allowing_early_data(0x8000).ticket == b""
    assert changed.stored.index(b"\xa3\x03\x02\x01\x09") < changed.stored.index(b"\xab\x03")
