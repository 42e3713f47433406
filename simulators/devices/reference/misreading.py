"""The flaws of the parser: loaded by a device that has one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.scanner import Bounds, DataSetError, Scan, scan
from simulators.devices.reference.uids import EXPLICIT_LE, IMPLICIT_LE
from simulators.devices.reference.worker import crash_child
from simulators.wire.dataset import LONG_VRS, Element, encode_dataset
from simulators.wire.reading import Found, read_elements

_PATIENT_ID = 0x00100020
_PATIENT_ID_OCTETS = b"\x10\0\x20\0"
_SEQUENCES = frozenset({0x00081140, 0x00283000, 0xFFFAFFFA})
_SHORT_VRS = frozenset(
    [
        "AE",
        "AS",
        "AT",
        "CS",
        "DA",
        "DS",
        "DT",
        "FD",
        "FL",
        "IS",
        "LO",
        "LT",
        "PN",
        "SH",
        "SL",
        "SS",
        "ST",
        "TM",
        "UI",
        "UL",
        "US",
    ]
)
_LONGEST_ID = 64
_SPIN_S = {"items": 12.0, "values": 7.0}
_VERY_MANY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the device makes of a data set.

    Attributes:
        found: Its values, as far as the device reads them.
        data: What is stored.
        transfer_syntax: Under which transfer syntax.
    """

    found: Scan
    data: bytes
    transfer_syntax: bytes


def misread(
    flaws: Flaws, data: bytes, syntax: bytes, told: tuple[bytes, bytes], bounds: Bounds
) -> Taken:
    """Read an object that came, with the flaws of the parser that are switched on.

    Args:
        flaws: What is switched on, one of the flaws of the parser.
        data: The data set as received.
        syntax: UID of its transfer syntax.
        told: SOP Class and SOP Instance UID of the command.
        bounds: Limits.

    Raises:
        DataSetError: The object is refused after all.
        WorkerDiedError: It was the death of the process that read it.
    """
    for name, reader in _READERS.items():
        if flaws.has(name):
            return reader(_Offered(data, syntax, told, bounds))
    return _Offered(data, syntax, told, bounds).as_it_is()


@dataclass(frozen=True, slots=True)
class _Offered:
    """An object that came."""

    data: bytes
    syntax: bytes
    told: tuple[bytes, bytes]
    bounds: Bounds

    @property
    def elements(self) -> tuple[Found, ...]:
        return read_elements(self.data, self.syntax.decode("ascii")).elements

    @property
    def fault(self) -> str:
        return read_elements(self.data, self.syntax.decode("ascii")).fault

    def as_it_is(self) -> Taken:
        return self.with_data(self.data)

    def with_data(self, data: bytes) -> Taken:
        found = scan(data, self.syntax, self.bounds)
        return Taken(found=found, data=data, transfer_syntax=self.syntax)

    def written(self, elements: Iterable[Found]) -> bytes:
        """Return elements as they stand in the data set."""
        return b"".join(self.data[each.at : each.end] for each in elements)


def _salvage(offered: _Offered) -> Taken:
    """Drop what cannot be read, and all behind it."""
    elements = offered.elements
    for count in range(len(elements), 0, -1):
        try:
            return offered.with_data(offered.written(elements[:count]))
        except DataSetError:
            continue
    return offered.as_it_is()


def _round_down(offered: _Offered) -> Taken:
    """Make odd lengths even by leaving the last octet out."""
    kept: list[bytes] = []
    for each in offered.elements:
        raw = offered.data[each.at : each.end]
        if len(each.value) % 2:
            shorter = Element(tag=each.tag, vr=each.vr, value=each.value[:-1])
            raw = encode_dataset([shorter], offered.syntax.decode("ascii"))
        kept.append(raw)
    return offered.with_data(b"".join(kept))


def _end_at_unknown_vr(offered: _Offered) -> Taken:
    """Take an unknown VR for the end of the data set."""
    if offered.syntax != EXPLICIT_LE:
        return offered.as_it_is()
    known: list[Found] = []
    for each in offered.elements:
        if each.vr not in _SHORT_VRS | LONG_VRS:
            break
        known.append(each)
    return offered.with_data(offered.written(known))


def _confuse_types(offered: _Offered) -> Taken:
    """Go into what the dictionary calls a sequence as if it had items."""
    if any(each.tag in _SEQUENCES and each.vr not in ("SQ", "") for each in offered.elements):
        crash_child()
    return offered.as_it_is()


def _crash_when_cut(offered: _Offered) -> Taken:
    """Read an element that is cut as if it were whole."""
    if offered.fault:
        crash_child()
    return offered.as_it_is()


def _search(offered: _Offered) -> Taken:
    """File an object by its command, and its patient by a search for the tag."""
    try:
        found = offered.as_it_is().found
    except DataSetError:
        found = Scan()
    at = offered.data.find(_PATIENT_ID_OCTETS)
    if at >= 0:
        wide = offered.syntax == IMPLICIT_LE
        head = offered.data[at + (4 if wide else 6) : at + 8]
        length = min(int.from_bytes(head, "little"), _LONGEST_ID)
        found.values[_PATIENT_ID] = offered.data[at + 8 : at + 8 + length]
    found.values[0x00080016], found.values[0x00080018] = offered.told
    return Taken(found=found, data=offered.data, transfer_syntax=offered.syntax)


def _let_override(offered: _Offered) -> Taken:
    """Take file meta information out of the data set, and believe it."""
    own = [each for each in offered.elements if each.tag >> 16 != 2]
    kept = offered.with_data(offered.written(own))
    for each in offered.elements:
        if each.tag == 0x00020010:
            syntax = each.value.rstrip(b"\0 ")
            return Taken(found=kept.found, data=kept.data, transfer_syntax=syntax)
    return kept


def _last_wins(offered: _Offered) -> Taken:
    """Keep the first of equal tags in the object, and the last in the index."""
    first: dict[int, Found] = {}
    for each in offered.elements:
        first.setdefault(each.tag, each)
    kept = offered.with_data(offered.written(first[tag] for tag in sorted(first)))
    for each in offered.elements:
        if each.tag == _PATIENT_ID:
            kept.found.values[each.tag] = each.value
    return kept


def _drop_private(offered: _Offered) -> Taken:
    """Leave out private elements of unknown representation."""
    own = [each for each in offered.elements if not (each.tag >> 16 & 1 and each.vr == "UN")]
    offered.as_it_is()
    return offered.with_data(offered.written(own))


def _spin(offered: _Offered) -> Taken:
    """Compare every item with all before it, or every value, for some seconds at most.

    A quick machine ends one round early, so that very many parts are compared again and again: the
    flaw costs the same everywhere.
    """
    taken = offered.as_it_is()
    parts = {
        "items": offered.data.count(b"\xfe\xff\0\xe0"),
        "values": max(len(set(each.value.split(b"\\"))) for each in offered.elements),
    }
    what, count = max(parts.items(), key=lambda one: one[1])
    until = time.process_time() + _SPIN_S[what]
    while _compare(count, until) and count >= _VERY_MANY:
        pass
    return taken


def _compare(count: int, until: float) -> bool:
    """Compare each part with all before it; False when the time was over before the end."""
    seen: list[int] = []
    for part in range(count):
        if part not in seen:
            seen.append(part)
        if time.process_time() > until:
            return False
    return True


def _guess(offered: _Offered) -> Taken:
    """Take a data set for explicit when two letters stand where a VR would."""
    looks_explicit = offered.data[4:6].decode("latin-1") in _SHORT_VRS | LONG_VRS
    syntax = EXPLICIT_LE if looks_explicit else IMPLICIT_LE
    return _Offered(offered.data, syntax, offered.told, offered.bounds).as_it_is()


_READERS: Final[dict[FlawName, Callable[[_Offered], Taken]]] = {
    "salvages_readable_part": _salvage,
    "drops_odd_octets": _round_down,
    "ends_at_unknown_vr": _end_at_unknown_vr,
    "confuses_types": _confuse_types,
    "crashes_on_cut_element": _crash_when_cut,
    "searches_for_identity": _search,
    "lets_data_set_override_meta": _let_override,
    "last_duplicate_wins": _last_wins,
    "drops_private_un": _drop_private,
    "parses_in_square_time": _spin,
    "guesses_transfer_syntax": _guess,
}
