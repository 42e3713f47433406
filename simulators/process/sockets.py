"""Who listens where, by the kernel's tables: a connect() would be a stimulus to the device."""

import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_LISTEN: Final = "0A"  # TCP_LISTEN, include/net/tcp_states.h
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_handed_out: set[int] = set()
_handing_out = threading.Lock()


def listening_inodes(port: int) -> set[str]:
    """Return the socket inodes that listen on a TCP port, on any address, IPv4 or IPv6."""
    wanted = f"{port:04X}"
    found: set[str] = set()
    for table in _TABLES:
        if not table.exists():
            continue
        for line in table.read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTEN and fields[1].rpartition(":")[2] == wanted:
                found.add(fields[9])
    return found


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
    """Return a TCP port of the loopback that the system considers free, each one only once.

    Nothing is connected or left open, so the port is free at once; that nobody else takes it in
    the meantime cannot be promised.
    """
    with _handing_out:
        for _ in range(1000):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = int(probe.getsockname()[1])
            if port not in _handed_out:
                _handed_out.add(port)
                return port
        _handed_out.clear()
    raise OSError("the system has no free port to give")
