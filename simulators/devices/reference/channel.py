"""A transport connection read by deadlines.

Memory follows what has arrived, never what was promised: :meth:`Channel.take` grows its buffer
with the bytes that came in.
"""

import select
import socket
import struct
import time
from contextlib import suppress
from typing import Protocol

from simulators.devices.reference.errors import ExpiredError, PeerGoneError

FOREVER = float("inf")
_CHUNK = 1 << 16
_HEADER = struct.Struct(">BxI")
_PAGE = 4096


class Stream(Protocol):
    """What a plain socket, an ``ssl`` socket and the OpenSSL stream have in common."""

    def recv(self, size: int, /) -> bytes:
        """Return what has arrived, at most ``size`` bytes; empty at the end."""
        ...

    def sendall(self, data: bytes, /) -> None:
        """Send everything."""
        ...

    def settimeout(self, seconds: float | None, /) -> None:
        """Limit each later call; None waits for ever."""
        ...

    def fileno(self) -> int:
        """Return the descriptor to poll, or -1 once closed."""
        ...

    def pending(self) -> int:
        """Return the number of decrypted bytes that wait."""
        ...

    def peer_certificate(self) -> bytes:
        """Return the certificate (DER) that the peer has shown; nothing without TLS or one."""
        ...

    def interrupt(self) -> None:
        """Wake up whoever reads, and end the connection."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class PlainStream:
    """A TCP socket as a :class:`Stream`."""

    def __init__(self, sock: socket.socket) -> None:
        self.recv = sock.recv
        self.sendall = sock.sendall
        self.settimeout = sock.settimeout
        self.fileno = sock.fileno
        self.close = sock.close
        self._sock = sock

    def interrupt(self) -> None:
        """End both directions at once."""
        self._sock.shutdown(socket.SHUT_RDWR)

    def pending(self) -> int:
        """Return 0: a plain socket decrypts nothing."""
        return 0

    def peer_certificate(self) -> bytes:
        """Return nothing: a plain peer shows none."""
        return b""


class Channel:
    """PDU framing over a stream; every read has a deadline in monotonic seconds.

    Attributes:
        spins: Ask again and again whether the peer takes more, instead of waiting (a flaw).
    """

    def __init__(self, stream: Stream) -> None:
        self.spins = False
        self._stream = stream
        self._buffer = bytearray()

    @property
    def peer_certificate(self) -> bytes:
        """The certificate (DER) that the peer has shown, or nothing."""
        return self._stream.peer_certificate()

    def header(self, deadline: float) -> tuple[int, int]:
        """Return type and declared length of the next PDU; its body is not read.

        Raises:
            ExpiredError: The deadline passed.
            PeerGoneError: The connection ended.
        """
        kind, length = _HEADER.unpack(self.take(_HEADER.size, deadline))
        return kind, length

    def take(self, size: int, deadline: float) -> bytes:
        """Return exactly ``size`` bytes; raises as :meth:`header` does."""
        buffer = self._buffer
        while len(buffer) < size:
            buffer += self._receive(deadline)
        taken = bytes(memoryview(buffer)[:size])
        del buffer[:size]
        return taken

    def allocate_and_take(self, size: int, cap: int, deadline: float) -> bytes:
        """Believe ``size``: fill that much memory (at most ``cap`` bytes), then read.

        Only the flaws that trust a declared length come here.
        """
        touch(min(size, cap))
        return self.take(size, deadline)

    def unread(self, kind: int, length: int) -> None:
        """Put a PDU header back, to be read again."""
        self._buffer[:0] = _HEADER.pack(kind, length)

    def skip(self, size: int, deadline: float) -> None:
        """Read and forget ``size`` bytes in constant memory."""
        while size > 0:
            step = min(size, _CHUNK)
            self.take(step, deadline)
            size -= step

    def drain(self, deadline: float) -> bytes:
        """Return what comes next, whatever it is."""
        if self._buffer:
            taken = bytes(self._buffer)
            self._buffer.clear()
            return taken
        return self._receive(deadline)

    def peek(self, deadline: float) -> int:
        """Return the next byte without taking it."""
        if not self._buffer:
            self._buffer += self._receive(deadline)
        return self._buffer[0]

    def ready(self) -> bool:
        """Tell, without waiting, whether something has arrived (the end counts)."""
        if self._buffer or self._stream.pending():
            return True
        descriptor = self._stream.fileno()
        return descriptor < 0 or bool(select.select([descriptor], [], [], 0)[0])

    def has_room(self) -> bool:
        """Tell, without waiting, whether the connection takes more (its end counts)."""
        descriptor = self._stream.fileno()
        return descriptor < 0 or bool(select.select([], [descriptor], [], 0)[1])

    def send(self, data: bytes, deadline: float) -> None:
        """Send everything in one call; raises as :meth:`header` does."""
        self._limit(deadline)
        try:
            if self.spins:
                self._send_spinning(data, deadline)
            else:
                self._stream.sendall(data)
        except TimeoutError:
            raise ExpiredError("the peer does not read") from None
        except OSError as error:
            raise PeerGoneError(f"connection lost while sending: {error}") from None

    def _send_spinning(self, data: bytes, deadline: float) -> None:
        descriptor = self._stream.fileno()
        for start in range(0, len(data), _PAGE):
            while not select.select([], [descriptor], [], 0)[1]:
                if time.monotonic() > deadline:
                    raise TimeoutError
            self._stream.sendall(data[start : start + _PAGE])

    def interrupt(self) -> None:
        """End the connection from another thread; never raises."""
        with suppress(OSError):
            self._stream.interrupt()

    def close(self) -> None:
        """Close the connection; never raises."""
        with suppress(OSError):
            self._stream.close()

    def _receive(self, deadline: float) -> bytes:
        self._limit(deadline)
        try:
            data = self._stream.recv(_CHUNK)
        except TimeoutError:
            raise ExpiredError("the peer is silent") from None
        except OSError as error:
            raise PeerGoneError(f"connection lost: {error}") from None
        if not data:
            raise PeerGoneError("connection closed by the peer")
        return data

    def _limit(self, deadline: float) -> None:
        if deadline == FOREVER:
            self._stream.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise ExpiredError("the peer is too slow")
        self._stream.settimeout(left)


def touch(size: int) -> bytearray:
    """Allocate ``size`` bytes and write to every page, so that the memory is really used."""
    block = bytearray(size)
    block[::_PAGE] = b"\x01" * len(range(0, size, _PAGE))
    return block
