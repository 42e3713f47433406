"""The flaws by which one malformed part ends or stops the whole device, as native code does.

Loaded only by a device that has one of them.
"""

import itertools
import os
import signal
import struct

from simulators.devices.reference.assembly import Assembler, Fragment, Message
from simulators.devices.reference.errors import ProtocolError
from simulators.devices.reference.items import USER_INFORMATION, walk
from simulators.devices.reference.uids import DEFLATED_LE, IMPLICIT_LE
from simulators.devices.reference.worker import die

_FIXED = 68
_HEADER = struct.Struct("<HH2sH")
_LONG = struct.Struct("<I")
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_UNDEFINED = 0xFFFFFFFF


def meet_items(body: bytes) -> None:
    """Die of two empty sub-items of one type in a row (flaw ``dies_of_repeated_empty_items``).

    Args:
        body: An A-ASSOCIATE-RQ after its header.
    """
    try:
        users = [value for kind, value in walk(body[_FIXED:]) if kind == USER_INFORMATION]
        items = [item for value in users for item in walk(value)]
    except ProtocolError:
        return
    for (kind, value), (next_kind, next_value) in itertools.pairwise(items):
        if kind == next_kind and not value and not next_value:
            die()


def meet_vrs(data: bytes, transfer_syntax: bytes) -> None:
    """Die of a top-level element whose VR nobody knows (flaw ``dies_of_unknown_vr``)."""
    if transfer_syntax in (IMPLICIT_LE, DEFLATED_LE):
        return
    at = 0
    while at + _HEADER.size <= len(data):
        _, _, vr, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        if vr in _LONG_VRS:
            if at + _LONG.size > len(data):
                return
            (length,) = _LONG.unpack_from(data, at)
            at += _LONG.size
        elif vr not in _SHORT_VRS:
            die()
        if length == _UNDEFINED:
            return  # what follows stands in a sequence
        at += length


class StoppingAssembler(Assembler):
    """The flaw ``stops_at_empty_fragment``: the process is there, and does nothing any more."""

    def feed(self, fragment: Fragment) -> Message | None:
        """Take one fragment, unless it is an empty one of a command."""
        if fragment.command and not fragment.data and not fragment.last:
            os.kill(os.getpid(), signal.SIGSTOP)
        return super().feed(fragment)
