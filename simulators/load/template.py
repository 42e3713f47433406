"""A C-STORE message encoded once for all lanes, and where its names stand in it.

The objects of all lanes have the same octets but for their names, so the long rest behind the
names is one buffer that every lane sends from.
"""

from __future__ import annotations

import io
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from pydicom.dataelem import RawDataElement
from pydicom.filereader import read_dataset

from simulators import wire
from simulators.load import naming

LARGEST_PDU: Final = 131_072
"""Longest P-DATA-TF, in octets, that we send where the device sets no limit or a higher one."""

PDU_OVERHEAD: Final = 12
"""Octets of a P-DATA-TF before its fragment: PDU header and PDV header."""

SMALL: Final = 65_536
"""Up to this many octets a lane has the whole message to itself: one buffer, one system call."""

_SOP_INSTANCE: Final = 0x00080018
_STUDY: Final = 0x0020000D
_SERIES: Final = 0x0020000E
_PIXELS: Final = 0x7FE00010
_UNDEFINED: Final = 0xFFFF_FFFF


class Piece(NamedTuple):
    """A run of octets in the stream, and which octets of the value stand there."""

    stream: slice
    value: slice


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands in an encoded message, however the message is cut into fragments.

    Attributes:
        base: Where the P-DATA-TFs of its part (command set or data set) begin in the stream.
        room: Octets of a full fragment.
        at: Where the value begins in its part.
        length: Octets of the value.
    """

    base: int
    room: int
    at: int
    length: int

    def pieces(self, start: int = 0) -> Iterator[Piece]:
        """Yields the runs of octets of the value from its octet ``start`` on."""
        done = start
        while done < self.length:
            block, inside = divmod(self.at + done, self.room)
            take = min(self.length - done, self.room - inside)
            begin = self.base + block * (PDU_OVERHEAD + self.room) + PDU_OVERHEAD + inside
            yield Piece(slice(begin, begin + take), slice(done, done + take))
            done += take

    def write(self, stream: bytearray, value: bytes) -> None:
        """Writes a value of the same length over the one that is there."""
        for piece in self.pieces():
            stream[piece.stream] = value[piece.value]

    @property
    def end(self) -> int:
        """Index in the stream behind the last octet."""
        return max((piece.stream.stop for piece in self.pieces()), default=self.base)


@dataclass(frozen=True, slots=True)
class Message:
    """A request in P-DATA-TFs and where its parts begin.

    Attributes:
        stream: The P-DATA-TFs, one PDV each.
        data_at: Where those of the data set begin; the end of the stream without one.
        room: Octets of a full fragment.
    """

    stream: bytes
    data_at: int
    room: int

    def spot(self, at: int, length: int, *, command: bool) -> Spot:
        """Returns where octets of the command set or of the data set stand in the stream."""
        return Spot(0 if command else self.data_at, self.room, at, length)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Template:
    """A C-STORE-RQ without a name.

    Attributes:
        source: The data set that was given; kept so that its identity stays its own.
        message: The message, whose names are those of lane 0, object 0.
        message_id: Where the message id stands.
        names: Where the SOP Instance UID stands: command set and data set.
        study: Where the Study Instance UID stands, and the series' likewise; None without.
        series: See `study`.
        mark: Where the content mark stands; None in an object without room for it.
        cut: Where the part begins that is the same for all.
    """

    source: bytes
    message: Message
    message_id: Spot
    names: tuple[Spot, Spot]
    study: Spot | None
    series: Spot | None
    mark: Spot | None
    cut: int
    octets: int


def message(context_id: int, command: wire.Command, dataset: bytes | None, max_pdu: int) -> Message:
    """Returns a request, encoded within the device's maximum length (0: none; 8 at least)."""
    most = min(max_pdu or LARGEST_PDU, LARGEST_PDU)
    first = wire.p_data(context_id, command, None, most)
    rest = wire.p_data(context_id, None, dataset, most) if dataset is not None else []
    head = b"".join([wire.encode(pdu) for pdu in first])
    stream = head + b"".join([wire.encode(pdu) for pdu in rest])
    return Message(stream, len(head), max(2, (most - 6) & ~1))


def command_spot(made: Message, command: wire.Command, keyword: str) -> Spot:
    """Returns where the value of an element of the command set stands.

    Raises:
        ValueError: The command set has no such element.
    """
    at = PDU_OVERHEAD
    for element in command.elements:
        raw = element.encode()
        if element.keyword == keyword:
            return made.spot(at + 8, len(raw) - 8, command=True)
        at += len(raw)
    raise ValueError(f"the command set has no {keyword}")


_templates: weakref.WeakValueDictionary[tuple[int, str, int, str, int], Template] = (
    weakref.WeakValueDictionary()
)


def template(
    context_id: int, sop_class: str, dataset: bytes, uid_root: str, max_pdu: int
) -> Template:
    """Returns the message for a data set; made once as long as somebody uses it.

    Args:
        context_id: Presentation context id.
        sop_class: SOP Class UID.
        dataset: Data set in explicit or implicit VR little endian with a SOP Instance UID.
        uid_root: What its UIDs shall begin with.
        max_pdu: The device's maximum length, in octets; 0 is no limit.

    Raises:
        ValueError: The data set has no SOP Instance UID (0008,0018).
    """
    key = (id(dataset), sop_class, context_id, uid_root, max_pdu)
    known = _templates.get(key)
    if known is None:
        known = _templates[key] = _make(context_id, sop_class, dataset, uid_root, max_pdu)
    return known


def _make(context_id: int, sop_class: str, dataset: bytes, uid_root: str, max_pdu: int) -> Template:
    name = naming.sop_instance_uid(uid_root, 0, 0)
    named, where = _named(
        dataset,
        {
            _SOP_INSTANCE: name,
            _STUDY: naming.study_uid(uid_root, 0),
            _SERIES: naming.series_uid(uid_root, 0),
        },
    )
    if _SOP_INSTANCE not in where:
        raise ValueError("the data set has no SOP Instance UID (0008,0018)")
    command = wire.c_store_rq(sop_class, name)
    made = message(context_id, command, named, max_pdu)
    spots = {tag: made.spot(at, length, command=False) for tag, (at, length) in where.items()}
    message_id = command_spot(made, command, "MessageID")
    first = command_spot(made, command, "AffectedSOPInstanceUID")
    names = (first, spots[_SOP_INSTANCE])
    known = (message_id, *names, *spots.values())
    cut = len(made.stream) if len(made.stream) <= SMALL else max(spot.end for spot in known)
    return Template(
        dataset, made, message_id, names, spots.get(_STUDY), spots.get(_SERIES),
        spots.get(_PIXELS), cut, len(named),
    )  # fmt: skip


def _named(dataset: bytes, names: Mapping[int, str]) -> tuple[bytes, dict[int, tuple[int, int]]]:
    """Returns the data set with other UIDs, and where they and the content mark stand."""
    chunks: list[bytes] = []
    where: dict[int, tuple[int, int]] = {}
    done = shift = 0
    for tag, element in _elements(dataset).items():
        at, length = element.value_tell, element.length
        if tag == _PIXELS:
            if length != _UNDEFINED and length >= naming.MARK_OCTETS:
                where[tag] = (at + shift, naming.MARK_OCTETS)
            continue
        uid = names[tag].encode()
        value = uid + b"\0" * (len(uid) % 2)
        width = 4 if element.is_implicit_VR else 2
        where[tag] = (at + shift, len(uid))
        chunks += [dataset[done : at - width], len(value).to_bytes(width, "little"), value]
        shift += len(value) - length
        done = at + length
    named = b"".join([*chunks, dataset[done:]])
    return (dataset if named == dataset else named), where


def _elements(dataset: bytes) -> dict[int, RawDataElement]:
    """Returns the elements that are patched, by tag, in the order of the data set."""
    implicit = not (dataset[4:6].isalpha() and dataset[4:6].isupper())
    found = read_dataset(io.BytesIO(dataset), implicit, True)
    elements: dict[int, RawDataElement] = {}
    for tag in (_SOP_INSTANCE, _STUDY, _SERIES, _PIXELS):
        element: object = found.get_item(tag) if tag in found else None
        if isinstance(element, RawDataElement):
            elements[tag] = element
    return elements
