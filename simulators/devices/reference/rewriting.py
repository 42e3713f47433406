"""Flaws that change an object on its way to the disk; loaded by a device that has one."""

from collections.abc import Iterator
from dataclasses import replace

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.storage import Arrival
from simulators.devices.reference.uids import DEFLATED_LE, IMPLICIT_LE

_PATIENT_NAME = 0x00100010
_LONG_HEAD = 12
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_TEXT_VRS = frozenset(b"AE AS CS DS IS LO LT PN SH ST UC UT".split()) | {b""}
_UNDEFINED = 0xFFFFFFFF
_ITEM = b"\xfe\xff\x00\xe0"


def rewritten(arrival: Arrival, flaws: Flaws) -> Arrival:
    """Return the object as a careless device stores it; a deflated one is left as it is."""
    if arrival.transfer_syntax == DEFLATED_LE:
        return arrival
    if flaws.has("coerces_silently"):
        name = arrival.values.get(_PATIENT_NAME, b"")
        arrival = replace(arrival, data=arrival.data.replace(name, name.title(), 1))
    if not flaws.any_of("drops_private_attributes", "trims_values"):
        return arrival
    implicit = arrival.transfer_syntax == IMPLICIT_LE
    kept = list(_elements(arrival.data, implicit=implicit))
    if flaws.has("drops_private_attributes"):
        kept = [each for each in kept if not each[0] & 1]
    if flaws.has("trims_values"):
        kept = [_trimmed(each, implicit=implicit) for each in kept]
    return replace(arrival, data=b"".join(kept))


def _elements(data: bytes, *, implicit: bool) -> Iterator[bytes]:
    """Yield the top-level elements as they stand; from one of undefined length on, all the rest."""
    at = 0
    while at < len(data):
        head, width = _header(data[at : at + _LONG_HEAD], implicit=implicit)
        length = int.from_bytes(data[at + head - width : at + head], "little")
        end = len(data) if length == _UNDEFINED else at + head + length
        yield data[at:end]
        at = end


def _trimmed(element: bytes, *, implicit: bool) -> bytes:
    vr = b"" if implicit else element[4:6]
    head, width = _header(element, implicit=implicit)
    value = element[head:].rstrip(b" ")
    if vr not in _TEXT_VRS or value.startswith(_ITEM):
        return element
    value += b" " * (len(value) % 2)
    return element[: head - width] + len(value).to_bytes(width, "little") + value


def _header(element: bytes, *, implicit: bool) -> tuple[int, int]:
    """Return the lengths of an element's header and of the length field at its end."""
    if implicit:
        return 8, 4
    return (12, 4) if element[4:6] in _LONG_VRS else (8, 2)
