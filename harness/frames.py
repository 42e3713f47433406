"""TCP/IP frames rebuilt from what a socket sent and received.

A socket does not show the frames that carried its bytes, and capturing them needs privileges that
a test bench should not ask for. So the frames are rebuilt: addresses, ports, times and payloads are
the real ones; sequence numbers (from 0), segment borders and the lack of pure acknowledgements are
ours. Layouts: RFC 791, RFC 8200, RFC 9293.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.stage import Packet

SEGMENT_BYTES = 32 * 1024
"""Largest payload of one frame: an IP packet holds less than 64 KiB."""

_FIN, _SYN, _RST, _PSH, _ACK = 0x01, 0x02, 0x04, 0x08, 0x10
_WINDOW = 0xFFFF
_SYN_OPTIONS = bytes([2, 4, 0xFF, 0xD7, 3, 3, 14, 0])
"""Segments of a loopback (65495) and window scale 14: an analyser must not see limits that the
kernel's connection did not have."""

_TCP = struct.Struct("!HHIIBBHHH")
_IPV4 = struct.Struct("!BBHHHBBH4s4s")
_IPV6 = struct.Struct("!IHBB16s16s")
_PROTOCOL_TCP = 6
_HOPS = 64
_SEQUENCES = 1 << 32


@dataclass(slots=True)
class _Side:
    """One end of the connection."""

    address: bytes
    port: int
    sequence: int = 0
    finished: bool = False


@dataclass(slots=True)
class Flow:
    """One connection, turned into raw IP packets (link type 101, no invented MAC addresses).

    Args:
        ours: (host, port) of our end.
        theirs: (host, port) of the device's end.
    """

    ours: tuple[str, int]
    theirs: tuple[str, int]
    _our_side: _Side = field(init=False)
    _their_side: _Side = field(init=False)
    _reset: bool = False

    def __post_init__(self) -> None:
        ours, theirs = _packed(self.ours[0]), _packed(self.theirs[0])
        if len(ours) != len(theirs):
            ours, theirs = ours.rjust(16, b"\0"), theirs.rjust(16, b"\0")
        self._our_side = _Side(ours, self.ours[1])
        self._their_side = _Side(theirs, self.theirs[1])

    def skip(self, *, sent: bool, count: int) -> None:
        """Notes bytes that crossed the wire but were not kept: the sequence numbers jump."""
        sender, _ = self._ends(sent)
        sender.sequence += count

    def frames(self, packet: Packet) -> Iterator[bytes]:
        """The frames of one packet; none for what TCP would not send (anything after a reset)."""
        sender, receiver = self._ends(packet.sent)
        if self._reset:
            return
        if packet.event == "open":
            yield from _handshake(sender, receiver)
        elif packet.event == "fin":
            yield from _goodbye(sender, receiver)
        elif packet.event == "rst":
            self._reset = True
            yield _segment(sender, receiver, _RST | _ACK)
        else:
            yield from _payload(sender, receiver, packet.data)

    def _ends(self, sent: bool) -> tuple[_Side, _Side]:
        both = (self._our_side, self._their_side)
        return both if sent else (both[1], both[0])


def checksum(data: bytes) -> int:
    """Internet checksum (RFC 1071) of an even or odd number of bytes.

    The ones' complement sum of 16-bit words is the number modulo 65535, which Python computes on
    a whole segment at once.
    """
    padded = data if len(data) % 2 == 0 else data + b"\0"
    rest = int.from_bytes(padded, "big") % 0xFFFF
    return 0xFFFF - rest if rest else 0


def _handshake(caller: _Side, called: _Side) -> Iterator[bytes]:
    yield _segment(caller, called, _SYN, options=_SYN_OPTIONS)
    caller.sequence += 1
    yield _segment(called, caller, _SYN | _ACK, options=_SYN_OPTIONS)
    called.sequence += 1
    yield _segment(caller, called, _ACK)


def _payload(sender: _Side, receiver: _Side, data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), SEGMENT_BYTES):
        part = data[start : start + SEGMENT_BYTES]
        yield _segment(sender, receiver, _PSH | _ACK, part)
        sender.sequence += len(part)


def _goodbye(sender: _Side, receiver: _Side) -> Iterator[bytes]:
    if sender.finished:
        return
    sender.finished = True
    yield _segment(sender, receiver, _FIN | _ACK)
    sender.sequence += 1
    yield _segment(receiver, sender, _ACK)


def _segment(
    sender: _Side, receiver: _Side, flags: int, data: bytes = b"", options: bytes = b""
) -> bytes:
    """One IP packet with one TCP segment, checksums included."""
    words = (_TCP.size + len(options)) // 4
    header = _TCP.pack(
        sender.port,
        receiver.port,
        sender.sequence % _SEQUENCES,
        receiver.sequence % _SEQUENCES if flags & _ACK else 0,
        words << 4,
        flags,
        _WINDOW,
        0,
        0,
    )
    bare = header + options + data
    pseudo = sender.address + receiver.address + struct.pack("!II", len(bare), _PROTOCOL_TCP)
    sealed = bare[:16] + struct.pack("!H", checksum(pseudo + bare)) + bare[18:]
    return _ip_header(sender.address, receiver.address, len(sealed)) + sealed


def _ip_header(source: bytes, target: bytes, length: int) -> bytes:
    if len(source) == 16:
        return _IPV6.pack(6 << 28, length, _PROTOCOL_TCP, _HOPS, source, target)
    total, dont_fragment = _IPV4.size + length, 0x4000
    bare = _IPV4.pack(0x45, 0, total, 0, dont_fragment, _HOPS, _PROTOCOL_TCP, 0, source, target)
    return bare[:10] + struct.pack("!H", checksum(bare)) + bare[12:]


def _packed(host: str) -> bytes:
    """The address in network order; a name that is no address becomes the unspecified one."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).packed
    except ValueError:
        return bytes(4)
