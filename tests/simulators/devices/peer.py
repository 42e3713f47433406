"""A raw requestor for the tests: sends any bytes and says what came back."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from simulators import wire
from simulators.wire import uids
from simulators.wire.dimse import Command
from simulators.wire.messages import c_echo_rq, c_store_rq
from simulators.wire.transfer import Message, Reassembler, p_data

CONTEXTS = (
    wire.Context(1, uids.VERIFICATION),
    wire.Context(3, uids.CT_IMAGE_STORAGE, (uids.EXPLICIT_LE,)),
    wire.Context(5, uids.STUDY_ROOT_FIND, (uids.EXPLICIT_LE,)),
    wire.Context(7, uids.CT_IMAGE_STORAGE, (uids.DEFLATED_LE,)),
)
UID = "1.2.826.0.1.3680043.9.7777"
KINDS = {2: "AC", 3: "RJ", 5: "RELEASE-RQ", 6: "RELEASE-RP"}


def request(called: str = "REFERENCE", calling: str = "ASSAY", **more: object) -> wire.AssociateRQ:
    return wire.associate_rq(called, calling, CONTEXTS, **more)  # type: ignore[arg-type]


class Peer:
    """One connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = b""
        self._reassembler = Reassembler()
        self.last: Message | None = None
        self.accepted = wire.AssociateAC()

    def send(self, *things: object) -> None:
        """Send PDUs and bytes in one call."""
        raw = b"".join(x if isinstance(x, bytes) else wire.encode(x) for x in things)  # type: ignore[arg-type]
        self.sock.sendall(raw)

    def hear(self, seconds: float = 1.5) -> str:
        """Return what came: AC, RJ r/s/r, ABORT s/r, RESPONDED hhhh, CLOSED, SILENT, BYTES."""
        end = time.monotonic() + seconds
        while True:
            while len(self._buffer) >= 6:
                size = 6 + int.from_bytes(self._buffer[2:6], "big")
                if self._buffer[0] > 7:
                    return "BYTES"
                if len(self._buffer) < size:
                    break
                raw, self._buffer = self._buffer[:size], self._buffer[size:]
                if told := self._tell(wire.decode(raw)):
                    return told
            left = end - time.monotonic()
            if left <= 0:
                return "SILENT"
            self.sock.settimeout(left)
            try:
                data = self.sock.recv(65536)
            except TimeoutError:
                return "SILENT"
            except OSError:
                return "CLOSED"
            if not data:
                return "CLOSED"
            self._buffer += data

    def _tell(self, pdu: object) -> str:
        if isinstance(pdu, wire.AssociateAC):
            self.accepted = pdu
        if isinstance(pdu, wire.AssociateRJ):
            return f"RJ {pdu.result}/{pdu.source}/{pdu.reason}"
        if isinstance(pdu, wire.Abort):
            return f"ABORT {pdu.source}/{pdu.reason}"
        if isinstance(pdu, wire.PDataTF):
            messages = self._reassembler.feed(pdu)
            if not messages:
                return ""
            self.last = messages[0]
            status = messages[0].command.integer("Status")
            return "REQUEST" if status is None else f"RESPONDED {status:04X}"
        return KINDS[pdu.type]  # type: ignore[attr-defined]

    def read_request(self) -> wire.AssociateRQ:
        """Return the A-ASSOCIATE-RQ that must come first."""
        while len(self._buffer) < 6 or len(self._buffer) < 6 + self._length():
            data = self.sock.recv(65536)
            if not data:
                raise ConnectionError("no A-ASSOCIATE-RQ")
            self._buffer += data
        size = 6 + self._length()
        raw, self._buffer = self._buffer[:size], self._buffer[size:]
        decoded = wire.decode(raw)
        if not isinstance(decoded, wire.AssociateRQ):
            raise ConnectionError("no A-ASSOCIATE-RQ")
        return decoded

    def _length(self) -> int:
        return int.from_bytes(self._buffer[2:6], "big")

    def associate(self, rq: wire.AssociateRQ | None = None) -> None:
        self.send(rq or request())
        heard = self.hear()
        assert heard == "AC", heard

    def ask(self, context_id: int, command: Command | bytes, data: bytes | None = None) -> str:
        self.send(*p_data(context_id, command, data))
        return self.hear()

    def echo(self) -> str:
        return self.ask(1, c_echo_rq(1))

    def store(self, data: bytes, uid: str = UID, context_id: int = 3) -> str:
        return self.ask(context_id, c_store_rq(uids.CT_IMAGE_STORAGE, uid), data)

    def release(self) -> str:
        self.send(wire.ReleaseRQ())
        return self.hear()


@contextmanager
def connected(port: int, source: str = "127.0.0.1") -> Iterator[Peer]:
    with socket.create_connection(("127.0.0.1", port), 5, (source, 0)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Peer(sock)


@contextmanager
def associated(port: int, rq: wire.AssociateRQ | None = None) -> Iterator[Peer]:
    with connected(port) as peer:
        peer.associate(rq)
        yield peer


def echoes(port: int) -> bool:
    """Tell whether an honest C-ECHO works."""
    with connected(port) as peer:
        peer.send(request())
        return (
            peer.hear() == "AC"
            and peer.echo() == "RESPONDED 0000"
            and (peer.release() == "RELEASE-RP")
        )


def dataset(
    uid: str = UID,
    *,
    study: str = "1.2.3.4",
    sop_class: str = uids.CT_IMAGE_STORAGE,
    more: tuple[wire.Element, ...] = (),
    syntax: str = "explicit",
) -> bytes:
    elements = [
        wire.Element(tag=0x00080016, vr="UI", value=sop_class),
        wire.Element(tag=0x00080018, vr="UI", value=uid),
        wire.Element(tag=0x00080060, vr="CS", value="CT"),
        wire.Element(tag=0x00100010, vr="PN", value="TEST^PATIENT"),
        wire.Element(tag=0x00100020, vr="LO", value="ID1"),
        wire.Element(tag=0x0020000D, vr="UI", value=study),
        wire.Element(tag=0x0020000E, vr="UI", value="1.2.3.4.5"),
        *more,
    ]
    return wire.encode_dataset(elements, syntax)
