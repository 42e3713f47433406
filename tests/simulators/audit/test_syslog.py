"""Syslog from whoever sends it: frames and headers, broken ones too."""

import pytest

from simulators.audit.syslog import LONGEST, Frames, parsed

HEADED = b"<85>1 2026-01-02T03:04:05Z host app 7 DICOM+RFC3881 - "


def test_a_message_is_read() -> None:
    read = parsed(HEADED + b"\xef\xbb\xbf<AuditMessage/>")
    assert (read.problem, read.priority, read.version) == ("", 85, 1)
    assert (read.application, read.name, read.structured) == ("app", "DICOM+RFC3881", "-")
    assert read.message == b"<AuditMessage/>"


@pytest.mark.parametrize(
    ("octets", "rest"),
    [
        (b"", b""),
        (b"\xff\x00nothing", b"\xff\x00nothing"),
        (b"<13>Jan  2 03:04:05 host app: <AuditMessage/>", b"<AuditMessage/>"),
        (b"<85>1 - -", b"<85>1 - -"),
    ],
)
def test_what_is_no_message_says_so_and_is_kept(octets: bytes, rest: bytes) -> None:
    read = parsed(octets)
    assert read.problem
    assert read.message == rest


def test_frames_are_cut_by_their_length_wherever_the_stream_breaks() -> None:
    stream = b"5 <1>\n<12 <2>123456789"
    for size in range(1, len(stream)):
        frames = Frames()
        found = [
            one for at in range(0, len(stream), size) for one in frames.feed(stream[at : at + size])
        ]
        assert found == [b"<1>\n<", b"<2>123456789"]
        assert not frames.broken


def test_lines_are_taken_too() -> None:
    frames = Frames()
    assert frames.feed(b"<1>one\n<2>tw") == [b"<1>one"]
    assert frames.feed(b"o\n") == [b"<2>two"]


@pytest.mark.parametrize(
    "octets",
    [b"GET / HTTP/1.1", b" 5", b"99999999999", b"%d <" % (LONGEST + 1), b"<" * (LONGEST + 1)],
)
def test_a_stream_that_is_none_ends(octets: bytes) -> None:
    frames = Frames()
    assert frames.feed(octets) == []
    assert frames.broken
    assert frames.feed(b"5 <1>ab") == []
