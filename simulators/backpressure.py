"""An acceptor that does not read: what a device costs while it cannot get rid of its data."""

from __future__ import annotations

import array
import fcntl
import termios
import time
from dataclasses import dataclass

from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.lab import lab_of
from simulators.objects import part10
from simulators.peer import GRACE_S
from simulators.process import Tree
from simulators.process.wanting import busiest, wants

WINDOW_S = 0.6
"""How long the processor time of a blocked device is watched."""

_QUIET_S = 0.2
_FILLS_S = 6.0
_STEP_S = 0.05
_LEAST_WAITING = 1 << 16


_ROWS, _COLUMNS = 2048, 8192


def large_file(stage: Stage) -> str:
    """Path of a file whose object, 16 MiB, is larger than the buffers of a connection."""
    path = lab_of(stage).sandbox / "pki" / f"{stage.token}-large.dcm"
    pixels = bytes(_ROWS * _COLUMNS)
    path.write_bytes(part10(stage, Rows=_ROWS, Columns=_COLUMNS, PixelData=pixels))
    return str(path)


@dataclass(frozen=True, slots=True)
class _Together:
    """The processes of several trees."""

    trees: tuple[Tree, ...]

    def pids(self) -> list[int]:
        """Return the process ids."""
        return list(dict.fromkeys(pid for tree in self.trees for pid in tree.pids()))


def stop_reading(peer: Acceptor) -> Outcome:
    """Reads nothing more until the device has ended its call, or its time is over.

    Observes as ``cpu`` (``share`` of one core, ``window_s``) how much the busiest thread of the
    device or its command wanted a processor while they were blocked; what the device said before
    it ended is read then, as the outcome.

    Raises:
        PreconditionUnmetError: The device sent too little to be blocked by that.
    """
    peer.fall_silent()
    peer.stage.require(_is_blocked(peer), "the device's data fitted into the buffers of the line")
    device = getattr(peer.stage.bench, "device", None)
    call = peer.callback.call
    trees = tuple(tree for tree in (device, call.processes if call else None) if tree is not None)
    if trees:
        together = _Together(trees)
        before, began = wants(together), time.monotonic()
        peer.stage.cancelled.wait(WINDOW_S)
        window_s = time.monotonic() - began
        # On a busy machine a device that spins gets little of a processor, but wants all of it.
        share = busiest(before, wants(together)) / window_s
        peer.stage.observe("cpu", "process", share=round(share, 4), window_s=window_s)
    peer.wait_for_exit(peer.reaction_s + GRACE_S)
    return peer.wait_for_close()


def _is_blocked(peer: Acceptor) -> bool:
    """Waits until what waits for us to read it grows no more; False when that is very little."""
    waiting, since = 0, time.monotonic()
    deadline = since + _FILLS_S
    while time.monotonic() < deadline:
        now = _unread(peer)
        if now != waiting:
            waiting, since = now, time.monotonic()
        elif waiting >= _LEAST_WAITING and time.monotonic() - since >= _QUIET_S:
            return True
        peer.stage.cancelled.wait(_STEP_S)
    return False


def _unread(peer: Acceptor) -> int:
    """Octets that the kernel holds for us."""
    count = array.array("i", [0])
    if peer.connection is not None:
        fcntl.ioctl(peer.connection.fileno(), termios.FIONREAD, count)
    return count[0]
