"""Warm starts of the reference device: a loaded process forks it instead of loading it anew.

Calibration starts it thousands of times, and nine tenths of each start are imports. Real devices
are always executed. One zygote serves each set of environment variables, since OpenSSL reads its
configuration when it is loaded.
"""

import array
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

DEVICE: Final = "simulators.devices.reference"
_ZYGOTE: Final = "simulators.process.zygote"
_REPLY_BYTES: Final = 32
_READY_S: Final = 30.0


class KeeperProcess(Protocol):
    """What the harness needs of a keeper, whoever its parent is."""

    @property
    def pid(self) -> int:
        """Its process id."""
        ...

    def wait(self, timeout: float | None = None) -> object:
        """Wait for its end; ``subprocess.TimeoutExpired`` when it does not come in time."""
        ...

    def kill(self) -> None:
        """Kill it."""


class WarmKeeper:
    """A keeper that a zygote forked; its end is seen through a descriptor of the process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._descriptor = -1
        else:
            self._closes = weakref.finalize(self, os.close, self._descriptor)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: It did not end in `timeout` seconds.
        """
        if self._descriptor < 0:
            return
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        if not poll.poll(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired(_ZYGOTE, timeout or 0.0)
        self._descriptor = -1
        self._closes()

    def kill(self) -> None:
        """Kill it, unless it has ended."""
        if self._descriptor >= 0:
            try:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
            except ProcessLookupError:
                return


class _Zygote:
    """One loaded process; it ends when its socket does, at the latest with the harness."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._orders, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with far_end:
            self._process = subprocess.Popen(
                [sys.executable, "-m", _ZYGOTE, str(far_end.fileno())],
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                pass_fds=[far_end.fileno()],
                start_new_session=True,
            )
        self._orders.settimeout(_READY_S)
        self.pid = self._process.pid
        self.end = weakref.finalize(self, _dismiss, self._orders, self._process, os.getpid())

    def start(self, order: Mapping[str, object], control: int, log: int) -> int:
        """Have a keeper forked; returns its process id.

        Raises:
            OSError: The zygote is gone or does not answer.
        """
        rights = array.array("i", [control, log])
        with self._lock:
            self._orders.sendmsg(
                [json.dumps(order).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]
            )
            reply = self._orders.recv(_REPLY_BYTES)
        if not reply:
            raise ConnectionResetError("the zygote ended")
        return int(reply)


_zygotes: dict[tuple[tuple[str, str], ...], _Zygote] = {}
_zygotes_lock = threading.Lock()


def processes() -> frozenset[int]:
    """Process ids of the loaded processes that stand ready."""
    with _zygotes_lock:
        return frozenset(zygote.pid for zygote in _zygotes.values())


def suits(command: Sequence[str]) -> bool:
    """Tell whether this is the embedded reference device, by our own interpreter."""
    return list(command[:3]) == [sys.executable, "-m", DEVICE]


def start(
    command: Sequence[str],
    env: Mapping[str, str],
    own: Mapping[str, str],
    cwd: Path,
    log_path: Path,
    settings: Mapping[str, float],
    control: socket.socket,
) -> WarmKeeper:
    """Start a keeper with the reference device below it.

    Args:
        command: One that :func:`suits`.
        env: Variables over and above the harness's own, known when OpenSSL is loaded.
        own: Variables of this start alone.
        cwd: Working folder.
        log_path: File for standard output and error.
        settings: ``grace_s``, ``limit_s`` and ``core_bytes`` of the keeper.
        control: The keeper's end of the control socket.

    Raises:
        OSError: It cannot be started.
    """
    key = tuple(sorted(env.items()))
    order = {
        "arguments": list(command[3:]), "env": dict(own), "cwd": str(cwd.resolve()),
        "harness": os.getpid(), **settings,
    }  # fmt: skip
    with log_path.open("ab") as log:
        for again in (True, False):
            with _zygotes_lock:
                zygote = _zygotes.get(key) or _zygotes.setdefault(key, _Zygote(env))
            try:
                return WarmKeeper(zygote.start(order, control.fileno(), log.fileno()))
            except OSError:
                with _zygotes_lock:
                    _zygotes.pop(key, None)
                zygote.end()
                if not again:
                    raise
    raise AssertionError("unreachable")


def _dismiss(orders: socket.socket, process: "subprocess.Popen[bytes]", owner: int) -> None:
    if os.getpid() != owner:
        return  # a fork of the harness owns nothing
    orders.close()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
