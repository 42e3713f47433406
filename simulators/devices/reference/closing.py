"""Sta13: the last PDU is out and the peer has to close (PS3.8 9.2.3, AA-6 and AA-7)."""

import time

from simulators.devices.reference.channel import FOREVER, Channel
from simulators.devices.reference.dialogue import ABORT, RQ
from simulators.devices.reference.errors import UNEXPECTED_PDU, UNRECOGNIZED_PDU, DeviceError
from simulators.devices.reference.options import MIB
from simulators.wire import Abort, encode

_DRAIN_LIMIT = 8 * MIB


def wait_for_close(channel: Channel, artim_s: float, *, forever: bool = False) -> None:
    """Read and ignore what still comes, until the peer closes or ARTIM expires.

    Args:
        channel: The transport.
        artim_s: ARTIM, seconds.
        forever: Run no ARTIM (the flaw ``no_artim_after_abort``).
    """
    deadline = FOREVER if forever else time.monotonic() + artim_s
    try:
        _ignore_pdus(channel, deadline)
        drained = 0
        while forever or drained < _DRAIN_LIMIT:
            drained += len(channel.drain(deadline))
    except DeviceError:
        return


def _ignore_pdus(channel: Channel, deadline: float) -> None:
    """Ignore whole PDUs until one cannot be framed any more; that one is aborted once.

    Raises:
        DeviceError: The connection ended, or ARTIM did.
    """
    while True:
        kind, length = channel.header(deadline)
        if kind == ABORT:
            raise DeviceError("aborted by the peer")
        if kind == RQ or not RQ <= kind <= ABORT or length > _DRAIN_LIMIT:
            reason = UNEXPECTED_PDU if kind == RQ else UNRECOGNIZED_PDU
            channel.send(encode(Abort(source=2, reason=reason)), deadline)
            return
        channel.skip(length, deadline)
