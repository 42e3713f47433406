"""The capture: one pcapng file per play, with its TLS key log beside and inside it.

Packets are held in memory while a play goes on, which costs next to nothing, and written when it
is finished: under another name first, then renamed, so that a file is whole or not there at all
and ``kill -9`` loses no finished play. Only what is shown is bounded: the digest of every message
stands in the record.
"""

from __future__ import annotations

import re
import struct
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from pcapng import FileWriter, blocks

from harness.errors import RecordError
from harness.frames import Flow
from harness.stage import Packet

MAX_BYTES = 8 * 2**20
"""How many payload bytes of one play are kept."""

MAX_PACKETS = 65_536
"""How many packets of one play are kept: single bytes must not fill the memory either."""

MAX_KEYS = 4_096
"""How many key log lines of one play are kept."""

FOLDER = "wire"
"""Where the captures lie in a run folder."""

_LINKTYPE_RAW = 101
_DECRYPTION_SECRETS = 0x0000000A
_TLS_KEY_LOG = 0x544C534B
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_NAME = 120
_REBUILT = (
    "Frames rebuilt by dicom-assay from what its own socket sent and received: addresses, ports, "
    "times and payloads are real; sequence numbers and segment borders are not."
)
_HINT = (
    "Wireshark recognises DICOM on any port by an association request. To have everything on these "
    "ports dissected as DICOM, hostile bytes too: tshark -r FILE "
)
_MAX_PORTS = 8


@dataclass(slots=True, frozen=True)
class _Kept:
    """A packet, and how many bytes of its connection were left out before it."""

    packet: Packet
    ours_missing: int = 0
    theirs_missing: int = 0


@dataclass(slots=True)
class _Play:
    """What is held of a play that goes on."""

    kept: list[_Kept] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    held_bytes: int = 0
    cut_bytes: int = 0
    _gaps: Counter[tuple[int, bool]] = field(default_factory=Counter)

    def add(self, packet: Packet) -> None:
        """Keeps the packet, or as much of it as there is room for."""
        room = MAX_BYTES - self.held_bytes if len(self.kept) < MAX_PACKETS else 0
        data = packet.data[:room]
        lost = len(packet.data) - len(data)
        if data or not packet.data:
            self._keep(packet if not lost else replace(packet, data=data))
        self.held_bytes += len(data)
        self.cut_bytes += lost
        if lost:
            self._gaps[packet.connection, packet.sent] += lost

    def _keep(self, packet: Packet) -> None:
        if len(self.kept) >= 2 * MAX_PACKETS:
            return
        ours = self._gaps.pop((packet.connection, True), 0) if self._gaps else 0
        theirs = self._gaps.pop((packet.connection, False), 0) if self._gaps else 0
        self.kept.append(_Kept(packet, ours, theirs))


class CaptureWriter:
    """Writes ``wire/<play>.pcapng`` and ``wire/<play>.keylog`` in a run folder; thread-safe.

    Args:
        folder: The run folder; ``wire`` is made in it when the first play with packets finishes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._plays: dict[str, _Play] = {}
        self._finished: dict[str, list[str]] = {}
        self._names: set[str] = set()

    def packet(self, play: str, packet: Packet) -> None:
        """Keeps one packet; one that comes after the play was finished is no evidence of it."""
        with self._lock:
            if play not in self._finished:
                self._plays.setdefault(play, _Play()).add(packet)

    def keylog(self, play: str, line: str) -> None:
        """Keeps one line of a TLS key log (NSS format), without its line break."""
        with self._lock:
            if play in self._finished:
                return
            held = self._plays.setdefault(play, _Play())
            if len(held.keys) < MAX_KEYS:
                held.keys.append(line.strip())

    def finish(self, play: str) -> list[str]:
        """Writes what the play left; returns the paths, relative to the run folder.

        A second call returns the same paths; a play without packets and keys has none.

        Raises:
            RecordError: A file cannot be written.
        """
        with self._lock:
            if play in self._finished:
                return list(self._finished[play])
            held = self._plays.pop(play, _Play())
            name = self._safe_name(play)
            paths = self._finished[play] = _paths(name, held)
        for path in paths:
            _write(self._folder / path, held, play)
        return list(paths)

    def close(self) -> None:
        """Writes the plays that were never finished (Ctrl-C)."""
        with self._lock:
            unfinished = list(self._plays)
        for play in unfinished:
            self.finish(play)

    def _safe_name(self, play: str) -> str:
        """A file name that no other play of this run has, on any file system."""
        name = _UNSAFE.sub("_", play).lstrip(".")[:_MAX_NAME] or "play"
        while name.casefold() in self._names:
            name += "_"
        self._names.add(name.casefold())
        return name


def _paths(name: str, held: _Play) -> list[str]:
    packets = [f"{FOLDER}/{name}.pcapng"] if held.kept else []
    return packets + ([f"{FOLDER}/{name}.keylog"] if held.keys else [])


def _write(path: Path, held: _Play, play: str) -> None:
    """Writes a file under another name, then renames it."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            if path.suffix == ".keylog":
                stream.write(_key_log(held.keys))
            else:
                _write_packets(stream, held, play)
        part.replace(path)
    except OSError as error:
        raise RecordError(f"{path}: cannot write the capture: {error.strerror}") from error


def _key_log(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("ascii", "replace")


def _write_packets(stream: BinaryIO, held: _Play, play: str) -> None:
    section = blocks.SectionHeader(
        options={"opt_comment": _comments(held, play), "shb_userappl": "dicom-assay"}
    )
    interface = section.new_member(
        blocks.InterfaceDescription,
        link_type=_LINKTYPE_RAW,
        options={"if_name": "socket", "if_description": _REBUILT},
    )
    writer = FileWriter(stream, section)
    if held.keys:
        # Before the packets: a reader that goes through the file once decrypts by itself.
        stream.write(_secrets(_key_log(held.keys)))
    # One block for all packets: making it costs the library more than writing it.
    block = section.new_member(blocks.EnhancedPacket, interface_id=interface.interface_id)
    for at, frame in _frames(held.kept):
        block.timestamp_high, block.timestamp_low = divmod(round(at * 1_000_000), 1 << 32)
        block.packet_data = frame
        writer.write_block(block)


def _frames(kept: Iterable[_Kept]) -> Iterator[tuple[float, bytes]]:
    """(UTC seconds, raw IP packet) of every packet in order."""
    flows: dict[int, Flow] = {}
    for entry in kept:
        packet = entry.packet
        flow = flows.get(packet.connection)
        if flow is None:
            flow = flows[packet.connection] = Flow(packet.local, packet.peer)
        flow.skip(sent=True, count=entry.ours_missing)
        flow.skip(sent=False, count=entry.theirs_missing)
        for frame in flow.frames(packet):
            yield packet.at, frame


def _secrets(keys: bytes) -> bytes:
    """A Decryption Secrets Block (pcapng 4.7), which the library cannot write."""
    padded = keys + bytes(-len(keys) % 4)
    length = struct.pack("<I", 20 + len(padded))
    head = struct.pack("<I", _DECRYPTION_SECRETS) + length
    return head + struct.pack("<II", _TLS_KEY_LOG, len(keys)) + padded + length


def _comments(held: _Play, play: str) -> list[str]:
    """What a reader of the file has to know."""
    ports = _called_ports(entry.packet for entry in held.kept)
    comments = [f"{play}. {_REBUILT}", _HINT + _options(ports, encrypted=bool(held.keys))]
    if held.cut_bytes:
        comments.append(
            f"Cut: {held.cut_bytes} payload bytes after the first {held.held_bytes} are not in "
            "here; the record holds the digests of whole messages."
        )
    return comments


def _options(ports: Iterable[int], *, encrypted: bool) -> str:
    """Options of tshark that dissect these ports as DICOM, above TCP or above TLS.

    Wireshark 4.0 knows no DICOM above TLS, so that ``-d`` cannot name it; one line of Lua can.
    """
    if not encrypted:
        return " ".join(f"-d tcp.port=={port},dicom" for port in ports)
    named = ",".join(map(str, ports))
    line = f'DissectorTable.get("tls.port"):add("{named}", Dissector.get("dicom"))'
    return f"-X lua_script:FILE.lua, where FILE.lua is the line {line}"


def _called_ports(packets: Iterable[Packet]) -> list[int]:
    """Ports of the ends that were called: "open" comes from the end that calls."""
    opened = (packet for packet in packets if packet.event == "open")
    ports = {packet.peer[1] if packet.sent else packet.local[1] for packet in opened}
    return sorted(ports)[:_MAX_PORTS]
