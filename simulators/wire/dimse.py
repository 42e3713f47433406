"""DIMSE command sets (PS3.7 6.3, E.1): always Implicit VR Little Endian.

One rule: a length left at None is computed, one that is set is sent as it stands; an element's
value given as ``bytes`` is sent as it stands too, whatever its VR. `decode_command` is total and
`encode_command` of its result gives the same octets again, for any octets.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

from simulators.wire.command_dictionary import DICTIONARY, TAGS
from simulators.wire.fields import unless

Value = bytes | int | str | tuple[int, ...]
"""A command element's value: octets as they stand, a number, text, or the tags of an AT."""

NO_DATA_SET = 0x0101
"""CommandDataSetType of a message without a data set."""

_header = struct.Struct("<HHI").pack
_read_header = struct.Struct("<HHI").unpack_from


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandElement:
    """One command element.

    Attributes:
        tag: Tag as 0xGGGGEEEE.
        value: Value, encoded by the VR of the dictionary unless it is ``bytes``.
        length: Value length as sent; None computes it.
    """

    tag: int
    value: Value = b""
    length: int | None = None

    @property
    def keyword(self) -> str:
        """The keyword of PS3.7 E.1, or ``""``."""
        return DICTIONARY.get(self.tag, ("", ""))[1]

    def encode(self) -> bytes:
        """Return the octets of the element."""
        raw = _encode_value(self.tag, self.value)
        length = len(raw) if self.length is None else self.length
        return _header(self.tag >> 16, self.tag & 0xFFFF, length) + raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command set.

    Attributes:
        elements: The elements after the group length, as sent.
        group_length: Value of (0000,0000); None computes it.
        has_group_length: False leaves (0000,0000) out.
        tail: Octets after the last element that are too few for another.
    """

    elements: tuple[CommandElement, ...] = ()
    group_length: int | None = None
    has_group_length: bool = True
    tail: bytes = b""

    def __getitem__(self, keyword: str) -> Value | None:
        """Return the value of the first element with that keyword; None when it is missing.

        Raises:
            KeyError: PS3.7 E.1 has no such keyword.
        """
        tag = TAGS[keyword]
        for element in self.elements:
            if element.tag == tag:
                return element.value
        return None

    def integer(self, keyword: str) -> int | None:
        """Return a value as a number; None when it is missing or is no number."""
        value = self[keyword]
        return value if isinstance(value, int) else None

    def text(self, keyword: str) -> str | None:
        """Return a value as text; None when it is missing or is no text."""
        value = self[keyword]
        return value if isinstance(value, str) else None

    def without(self, keyword: str) -> Command:
        """Return the command less every element with that keyword."""
        if keyword == "CommandGroupLength":
            return replace(self, has_group_length=False)
        tag = TAGS[keyword]
        return replace(self, elements=tuple(e for e in self.elements if e.tag != tag))

    def replacing(self, keyword: str, value: Value) -> Command:
        """Return the command with another value in place; an element that is missing is added."""
        tag = TAGS[keyword]
        new = CommandElement(tag=tag, value=value)
        if all(element.tag != tag for element in self.elements):
            return self.plus(new)
        return replace(self, elements=tuple(new if e.tag == tag else e for e in self.elements))

    def plus(self, element: CommandElement) -> Command:
        """Return the command with one more element, put before the first of a higher tag."""
        at = next(
            (i for i, each in enumerate(self.elements) if each.tag > element.tag),
            len(self.elements),
        )
        return replace(self, elements=(*self.elements[:at], element, *self.elements[at:]))


def command(**values: Value) -> Command:
    """Return a command set of ``values`` by keyword, in tag order.

    Raises:
        KeyError: PS3.7 E.1 has no such keyword.
    """
    tags = sorted((TAGS[keyword], value) for keyword, value in values.items())
    return Command(elements=tuple(CommandElement(tag=tag, value=value) for tag, value in tags))


def encode_command(cmd: Command) -> bytes:
    """Return the octets of a command set."""
    body = b"".join([element.encode() for element in cmd.elements]) + cmd.tail
    if not cmd.has_group_length:
        return body
    length = len(body) if cmd.group_length is None else cmd.group_length
    return _header(0, 0, 4) + length.to_bytes(4, "little") + body


def decode_command(data: bytes) -> Command:
    """Return the command set that stands in ``data``; total.

    An element that promises more than there is takes what is left and keeps the length that lied.
    A group length that is not the first element, or not four octets long, stays an element.
    """
    elements, tail = _decode_elements(data)
    if elements and data[:8] == _header(0, 0, 4) and len(data) >= 12:
        claimed = int.from_bytes(data[8:12], "little")
        return Command(
            elements=tuple(elements[1:]),
            group_length=unless(claimed, len(data) - 12),
            tail=tail,
        )
    return Command(elements=tuple(elements), has_group_length=False, tail=tail)


def _decode_elements(data: bytes) -> tuple[list[CommandElement], bytes]:
    elements: list[CommandElement] = []
    at, end = 0, len(data)
    while end - at >= 8:
        group, number, length = _read_header(data, at)
        tag = group << 16 | number
        stop = at + 8 + length
        raw = data[at + 8 : stop]
        lie = None if stop <= end else length
        elements.append(CommandElement(tag=tag, value=_decode_value(tag, raw), length=lie))
        at = stop
    return elements, data[at:] if at < end else b""


def _encode_value(tag: int, value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    vr = DICTIONARY.get(tag, ("US", ""))[0]
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogatepass")
        return raw + (b"\0" if vr == "UI" else b" ") * (len(raw) % 2)
    if vr == "AT":
        tags = (value,) if isinstance(value, int) else value
        return b"".join([struct.pack("<HH", each >> 16, each & 0xFFFF) for each in tags])
    width = 4 if vr == "UL" else 2
    numbers = (value,) if isinstance(value, int) else value
    return b"".join([each.to_bytes(width, "little") for each in numbers])


def _decode_value(tag: int, raw: bytes) -> Value:
    """Return a friendly value where that loses nothing, else the octets."""
    vr = DICTIONARY.get(tag, ("", ""))[0]
    value: Value = raw
    if vr in ("US", "UL") and len(raw) == (2 if vr == "US" else 4):
        return int.from_bytes(raw, "little")
    if vr == "AT" and len(raw) % 4 == 0 and raw:
        pairs = struct.unpack(f"<{len(raw) // 2}H", raw)
        tags = tuple(pairs[i] << 16 | pairs[i + 1] for i in range(0, len(pairs), 2))
        return tags[0] if len(tags) == 1 else tags
    if vr in ("UI", "AE", "LO") and raw.isascii():
        value = (raw[:-1] if raw[-1:] == (b"\0" if vr == "UI" else b" ") else raw).decode("ascii")
    return value if _encode_value(tag, value) == raw else raw
