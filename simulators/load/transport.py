"""What a link speaks through: a TCP socket, plain or with TLS on top.

TCP_NODELAY always, and TCP_QUICKACK before each read: a device that writes an answer in two parts
with Nagle's algorithm on would otherwise cost 40 ms an exchange, and the kernel's timer would be
measured instead of the device.
"""

from __future__ import annotations

import _socket
import contextlib
import errno
import socket
import struct
from functools import lru_cache
from typing import Final, Protocol

from simulators import wire
from simulators.load import waiting
from simulators.load.waiting import LinkError, Waiter, WaiterFactory, ending_of

_TCP: Final = socket.IPPROTO_TCP
_QUICKACK: Final = getattr(socket, "TCP_QUICKACK", 0)
_LAST_WORDS: Final = 4096
_ENDS: Final = (-1, wire.ReleaseRQ.type, wire.Abort.type)
_ON_ITS_WAY: Final = (0, errno.EINPROGRESS)


class Transport(Protocol):
    """Octets to the device and back; whatever goes wrong is a `LinkError`."""

    @property
    def timeout_s(self) -> float:
        """How long one wait may take."""
        ...

    def send(self, buffers: list[memoryview], size: int, /) -> None:
        """Sends all buffers, `size` octets together."""
        ...

    def receive(self, into: memoryview, /) -> int:
        """Waits for octets that are not there yet; returns how many came, 1 or more."""
        ...

    def more(self, into: memoryview, /) -> int:
        """As `receive`, but looks first whether they are there."""
        ...

    def patience(self, timeout_s: float, /) -> None:
        """Sets how long one wait may take from now on."""
        ...

    def last_words(self) -> bytes:
        """Returns what is here already, without waiting and whatever has happened."""
        ...

    def is_ended(self) -> bool:
        """Whether the device ended it, or the association on it, while nothing was asked."""
        ...

    def close(self) -> None:
        """Closes the connection."""
        ...

    def interrupt(self) -> None:
        """Ends the connection under whoever waits for it; may be called from another thread."""
        ...


class Plain:
    """A TCP connection.

    Attributes:
        timeout_s: How long one wait may take.
    """

    def __init__(
        self, address: tuple[str, int], timeout_s: float, waiters: WaiterFactory | None
    ) -> None:
        """Connects.

        Args:
            address: IP address and port.
            timeout_s: How long one wait may take.
            waiters: How to wait; None: the socket blocks.

        Raises:
            LinkError: Nobody answers there, or refuses.
        """
        self.timeout_s = timeout_s
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._socket = _socket.socket(family, socket.SOCK_STREAM)
        self._waiter: Waiter | None = None
        try:
            self._socket.setsockopt(_TCP, socket.TCP_NODELAY, 1)
            self._connect(address, waiters)
        except OSError as error:
            self.close()
            raise ending_of(error) from error
        self._send = self._socket.send
        self._sendmsg = self._socket.sendmsg
        self._recv_into = self._socket.recv_into
        self._set = self._socket.setsockopt

    def _connect(self, address: tuple[str, int], waiters: WaiterFactory | None) -> None:
        if waiters is None:
            self.patience(self.timeout_s)
            self._socket.connect(address)
            return
        self._socket.setblocking(False)
        self._waiter = waiters(self._socket)
        result = self._socket.connect_ex(address)
        if result not in _ON_ITS_WAY:
            raise OSError(result, "the connection was not established")
        # On loopback it is established by now, and then there is nothing to wait for.
        try:
            self._socket.getpeername()
        except OSError:
            self._until_connected(self._waiter)

    def _until_connected(self, waiter: Waiter) -> None:
        if not waiter.wait_writable(self.timeout_s):
            raise TimeoutError(errno.ETIMEDOUT, "the connection was not established in time")
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, "the connection was not established")

    def send(self, buffers: list[memoryview], size: int, /) -> None:
        """See `Transport.send`."""
        try:
            sent = self._send(buffers[0]) if len(buffers) == 1 else self._sendmsg(buffers)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise ending_of(error) from error
        if sent != size:
            self._send_rest(buffers, sent)

    def _send_rest(self, buffers: list[memoryview], sent: int) -> None:
        for buffer in buffers:
            length = len(buffer)
            while sent < length:
                sent += self._push(buffer[sent:])
            sent -= length

    def _push(self, rest: memoryview) -> int:
        """Sends what the socket takes, after waiting for it to take anything."""
        if self._waiter is not None and not self._waiter.wait_writable(self.timeout_s):
            raise LinkError(waiting.TIMEOUT, "the device takes no more")
        try:
            return self._send(rest)
        except BlockingIOError as error:
            if self._waiter is None:
                raise LinkError(waiting.TIMEOUT, "the device takes no more") from error
            return 0
        except OSError as error:
            raise ending_of(error) from error

    def receive(self, into: memoryview, /) -> int:
        """See `Transport.receive`."""
        if _QUICKACK:
            self._set(_TCP, _QUICKACK, 1)
        waiter = self._waiter
        if waiter is not None and not waiter.wait_readable(self.timeout_s):
            raise LinkError(waiting.TIMEOUT, "the device does not answer")
        try:
            count = self._recv_into(into)
        except BlockingIOError as error:
            if waiter is not None:
                return self.receive(into)
            raise LinkError(waiting.TIMEOUT, "the device does not answer") from error
        except OSError as error:
            raise ending_of(error) from error
        if not count:
            raise LinkError(waiting.CLOSED, "the device closed the connection")
        return count

    def more(self, into: memoryview, /) -> int:
        """See `Transport.more`."""
        if self._waiter is not None:
            try:
                if count := self._recv_into(into):
                    return count
            except OSError:
                pass
        return self.receive(into)

    def patience(self, timeout_s: float, /) -> None:
        """See `Transport.patience`."""
        self.timeout_s = timeout_s
        if self._waiter is None:
            limit = _timeval(timeout_s)
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)

    def last_words(self) -> bytes:
        """See `Transport.last_words`."""
        try:
            return self._socket.recv(_LAST_WORDS, socket.MSG_DONTWAIT)
        except OSError:
            return b""

    def is_ended(self) -> bool:
        """See `Transport.is_ended`."""
        return self.next_octet() in _ENDS

    def next_octet(self) -> int | None:
        """Returns the octet that is read next, -1 at the end, None while there is none."""
        try:
            octet = self._socket.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK)
        except BlockingIOError:
            return None
        except OSError:
            return -1
        return octet[0] if octet else -1

    def close(self) -> None:
        """See `Transport.close`."""
        if self._waiter is not None:
            self._waiter.close()
            self._waiter = None
        self._socket.close()

    def interrupt(self) -> None:
        """See `Transport.interrupt`."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


@lru_cache(maxsize=64)
def address_of(host: str, port: int) -> tuple[str, int]:
    """Returns the IP address and port of a host.

    Raises:
        LinkError: It has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise LinkError(waiting.REFUSED, f"{host}: {error}") from error
    return str(found[0][4][0]), port


@lru_cache(maxsize=16)
def _timeval(timeout_s: float) -> bytes:
    """Returns seconds as the C library wants them; 0 would be for ever."""
    return struct.pack("ll", int(timeout_s), max(1, int(timeout_s % 1 * 1e6)))
