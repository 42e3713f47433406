"""Who listens where, by the kernel's tables: a connect() would be a stimulus to the device."""

import random
import socket
import threading
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Final

_LISTEN: Final = "0A"  # TCP_LISTEN, include/net/tcp_states.h
_LOOPBACK: Final = ("7F", "00000000000000000000000001000000")  # of IPv4, mapped or not, and of IPv6
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_EPHEMERAL: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST: Final = 10_000  # below are the ports of well-known servers
_USUALLY_EPHEMERAL: Final = 32_768
_PORTS: Final = 65_536
_TRIES: Final = 1000
_handed_out: set[int] = set()
_handing_out = threading.Lock()


def listening_inodes(port: int) -> set[str]:
    """Return the socket inodes that listen on a TCP port, on any address, IPv4 or IPv6."""
    wanted = f"{port:04X}"
    return {
        fields[9]
        for table in _TABLES
        for fields in _listening(table)
        if fields[1].rpartition(":")[2] == wanted
    }


def listening_ports(pids: Iterable[int]) -> dict[int, bool]:
    """Return the TCP ports on which these processes listen; none if they do not let us look.

    The value is whether another machine can reach the port: False where it is on loopback only.
    """
    owned = owned_inodes(pids) or set()
    found: dict[int, bool] = {}
    for table in _TABLES:
        for fields in _listening(table):
            if fields[9] in owned:
                address, _, number = fields[1].rpartition(":")
                port = int(number, 16)
                found[port] = found.get(port, False) or not address.endswith(_LOOPBACK)
    return dict(sorted(found.items()))


def _listening(table: Path) -> Iterator[list[str]]:
    """The entries of one table that listen.

    The kernel tells these first, and the others after them, of which a load leaves thousands in
    TIME_WAIT: they are not even read.
    """
    try:
        with table.open(encoding="ascii") as lines:
            next(lines, None)
            yield from takewhile(lambda fields: fields[3] == _LISTEN, map(str.split, lines))
    except FileNotFoundError:
        return


def owned_inodes(pids: Iterable[int]) -> set[str] | None:
    """Return the socket inodes that these processes hold; None if one does not let us look."""
    found: set[str] = set()
    for pid in pids:
        try:
            for link in Path(f"/proc/{pid}/fd").iterdir():
                found |= _inode(link)
        except PermissionError:
            return None
        except OSError:
            continue  # it ended while we looked
    return found


def _inode(link: Path) -> set[str]:
    try:
        target = str(link.readlink())
    except PermissionError:
        raise
    except OSError:
        return set()
    return {target[8:-1]} if target.startswith("socket:[") else set()


def free_port() -> int:
    """Return a TCP port that nobody holds, each one only once.

    It lies outside the range from which the kernel gives outgoing connections their ports, so that
    no client of anybody takes it before the device listens there. Nothing is connected or left
    open; that another server takes it in the meantime cannot be promised.

    Raises:
        OSError: None was found.
    """
    with _handing_out:
        candidates = _not_ephemeral()
        for _ in range(_TRIES):
            port = random.choice(candidates)  # runs that begin together must not choose alike
            if port not in _handed_out and _is_free(port):
                _handed_out.add(port)
                return port
    raise OSError("the system has no free port to give")


def _not_ephemeral() -> range:
    try:
        lowest, highest = (int(bound) for bound in _EPHEMERAL.read_text("ascii").split())
    except (OSError, ValueError):
        lowest, highest = _USUALLY_EPHEMERAL, _PORTS - 1
    below, above = range(_LOWEST, lowest), range(highest + 1, _PORTS)
    larger = max(below, above, key=len)
    return larger if len(larger) >= _TRIES else range(_LOWEST, _PORTS)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return not listening_inodes(port)
