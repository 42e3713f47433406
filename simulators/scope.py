"""The rules of engagement, enforced before the first packet: addresses, rate, count, bytes, date.

Every connection that any actor opens goes through one :class:`Guard`; there is no other way out.
"""

from __future__ import annotations

import datetime
import ipaddress
import socket
import threading
import time

from harness.errors import ScopeError
from harness.profile import ScopeSection


class Guard:
    """Holds the bounds of ``[scope]`` for one run."""

    def __init__(self, scope: ScopeSection) -> None:
        self._scope = scope
        self._networks = [ipaddress.ip_network(text) for text in scope.networks]
        self._lock = threading.Lock()
        self._open = 0
        self._bytes = 0
        self._next = 0.0

    def permit(self, host: str) -> str:
        """The address of a host that may be tested.

        Raises:
            ScopeError: An address of the host is outside ``scope.networks``, or the permission
                has ended; nothing has been sent.
        """
        if self._scope.until and datetime.date.today() > self._scope.until:
            raise ScopeError(f"scope.until = {self._scope.until}: the permission to test has ended")
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ScopeError(f"'{host}' has no address: {error.strerror or error}") from error
        addresses = sorted({str(info[4][0]) for info in found}, key=lambda a: (":" in a, a))
        for address in addresses:
            if not any(ipaddress.ip_address(address) in network for network in self._networks):
                raise ScopeError(
                    f"{host} ({address}) is outside the scope: add its network to "
                    "scope.networks and say in scope.authorised_by who permits the test"
                )
        return addresses[0]

    def opening(self) -> None:
        """Counts a connection that is about to be opened, and keeps the rate.

        Raises:
            ScopeError: ``scope.max_connections`` would be exceeded.
        """
        with self._lock:
            if self._open >= self._scope.max_connections:
                raise ScopeError(
                    f"scope.max_connections = {self._scope.max_connections} connections are open"
                )
            self._open += 1
            wait = self._take_turn()
        if wait > 0:
            time.sleep(wait)

    def closed(self) -> None:
        """Counts a connection as closed."""
        with self._lock:
            self._open -= 1

    def sending(self, count: int) -> None:
        """Counts bytes that are about to leave.

        Raises:
            ScopeError: ``scope.max_bytes`` of one run would be exceeded.
        """
        with self._lock:
            self._bytes += count
            if self._bytes > self._scope.max_bytes:
                raise ScopeError(
                    f"scope.max_bytes = {self._scope.max_bytes}: the run may send no more"
                )

    def _take_turn(self) -> float:
        """Seconds to wait so that connections leave at most at ``scope.max_rate`` a second."""
        now = time.monotonic()
        turn = max(now, self._next)
        self._next = turn + 1.0 / self._scope.max_rate
        return turn - now
