"""Honest octets as trees: PDUs, items and sub-items, PDVs, command sets, data sets.

Only what our own encoder made is ever read here, so a length that does not fit is a mistake of
ours; names are those of `simulators.wire.named_parts`, and go deeper where a PDV has contents.
"""

from __future__ import annotations

import struct

from simulators.fuzz.tree import Node
from simulators.wire.command_dictionary import DICTIONARY

_LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"UC", b"UN", b"UR", b"UT"))
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_UNDEFINED = 0xFFFF_FFFF
_ASSOCIATE = (
    ("protocol_version", "number", 2), ("reserved2", "reserved", 2), ("called", "text", 16),
    ("calling", "text", 16), ("reserved3", "reserved", 32),
)  # fmt: skip
_CONTEXT = {
    0x20: (("id", "id", 1), ("reserved2", "reserved", 3)),
    0x21: (("id", "id", 1), ("reserved2", "reserved", 1), ("result", "number", 1),
           ("reserved3", "reserved", 1)),
}  # fmt: skip
_FIXED = {
    3: (("reserved2", "reserved", 1), ("result", "number", 1), ("source", "number", 1),
        ("reason", "number", 1)),
    7: (("reserved2", "reserved", 1), ("reserved3", "reserved", 1), ("source", "number", 1),
        ("reason", "number", 1)),
}  # fmt: skip
_SIMPLE = {
    0x10: ("name", "uid"), 0x30: ("uid", "uid"), 0x40: ("uid", "uid"), 0x51: ("value", "number"),
    0x52: ("uid", "uid"), 0x55: ("name", "text"),
}  # fmt: skip


def pdu_tree(raw: bytes, *, explicit: bool = True) -> Node:
    """The tree of one honest PDU.

    Args:
        raw: Its octets.
        explicit: A data set in it has explicit VRs.
    """
    kind, body = raw[0], raw[6:]
    head = (Node("type", "type", raw[:1]), Node("reserved", "reserved", raw[1:2]), _length(4))
    if kind in (1, 2):
        fixed, rest = _cut(_ASSOCIATE, body)
        inner = (*fixed, *_items("items", rest, "item"))
    elif kind == 4:
        inner = _pdvs(body, explicit=explicit)
    elif kind in _FIXED:
        inner = _cut(_FIXED[kind], body)[0]
    else:
        inner = (Node("body", "reserved", body),)
    return Node("", "pdu", children=(*head, *inner))


def dataset_trees(raw: bytes, *, explicit: bool) -> tuple[Node, ...]:
    """The elements of an honest data set."""
    return _elements(raw, explicit=explicit)[0]


def _length(width: int, name: str = "length", *, covers: int = 0, little: bool = False) -> Node:
    return Node(name, "length", width=width, covers=covers, little=little)


def _cut(layout: tuple[tuple[str, str, int], ...], raw: bytes) -> tuple[tuple[Node, ...], bytes]:
    """Fields of fixed size, and what is left."""
    nodes: list[Node] = []
    for name, kind, size in layout:
        nodes.append(Node(name, kind, raw[:size]))
        raw = raw[size:]
    return tuple(nodes), raw


def _items(prefix: str, raw: bytes, kind: str) -> tuple[Node, ...]:
    nodes: list[Node] = []
    while raw:
        size = int.from_bytes(raw[2:4], "big")
        nodes.append(_item(f"{prefix}[{len(nodes)}]", raw[: 4 + size], kind))
        raw = raw[4 + size :]
    return tuple(nodes)


def _item(name: str, raw: bytes, kind: str) -> Node:
    number, body = raw[0], raw[4:]
    head = (Node("type", "type", raw[:1]), Node("reserved", "reserved", raw[1:2]), _length(2))
    inner: tuple[Node, ...]
    if number in _CONTEXT:
        fixed, rest = _cut(_CONTEXT[number], body)
        inner = (*fixed, *_syntaxes(rest))
    elif number == 0x50:
        inner = _items("items", body, "sub-item")
    elif number in _SIMPLE:
        inner = (Node(*_SIMPLE[number], body),)
    else:
        inner = _sub_item(number, body)
    return Node(name, kind, children=(*head, *inner))


def _syntaxes(raw: bytes) -> tuple[Node, ...]:
    nodes: list[Node] = []
    transfer = 0
    while raw:
        size = int.from_bytes(raw[2:4], "big")
        name = "abstract_syntax" if raw[0] == 0x30 else f"transfer_syntaxes[{transfer}]"
        transfer += raw[0] == 0x40
        nodes.append(_item(name, raw[: 4 + size], "syntax"))
        raw = raw[4 + size :]
    return tuple(nodes)


def _sub_item(number: int, body: bytes) -> tuple[Node, ...]:
    if number == 0x53:
        return _cut((("invoked", "number", 2), ("performed", "number", 2)), body)[0]
    if number == 0x54:
        uid, rest = _counted("uid", "uid", body)
        return (*uid, *_cut((("scu", "number", 1), ("scp", "number", 1)), rest)[0])
    if number == 0x56:
        uid, rest = _counted("uid", "uid", body)
        return (*uid, Node("info", "octets", rest))
    if number == 0x57:
        uid, rest = _counted("uid", "uid", body)
        service, rest = _counted("service_class_uid", "uid", rest)
        related, rest = _counted("related", "octets", rest)
        return (*uid, *service, *related, Node("tail", "octets", rest))
    if number == 0x58:
        fixed, rest = _cut(
            (("identity_type", "number", 1), ("positive_response", "number", 1)), body
        )
        primary, rest = _counted("primary", "text", rest)
        return (*fixed, *primary, *_counted("secondary", "text", rest)[0])
    return (Node("body", "octets", body),)


def _counted(name: str, kind: str, raw: bytes) -> tuple[tuple[Node, Node], bytes]:
    end = 2 + int.from_bytes(raw[:2], "big")
    return (_length(2, f"{name}_length", covers=1), Node(name, kind, raw[2:end])), raw[end:]


def _pdvs(raw: bytes, *, explicit: bool) -> tuple[Node, ...]:
    nodes: list[Node] = []
    while raw:
        end = 4 + int.from_bytes(raw[:4], "big")
        control, content = raw[5], raw[6:end]
        children = (
            _length(4), Node("context_id", "id", raw[4:5]), Node("control", "control", raw[5:6]),
            _content(control, content, explicit=explicit),
        )  # fmt: skip
        nodes.append(Node(f"pdvs[{len(nodes)}]", "pdv", children=children))
        raw = raw[end:]
    return tuple(nodes)


def _content(control: int, raw: bytes, *, explicit: bool) -> Node:
    if control == 3:
        return Node("command", "command", children=_command(raw))
    if control == 2:
        elements, rest = _elements(raw, explicit=explicit)
        if not rest:
            return Node("dataset", "dataset", children=elements)
    return Node("data", "octets", raw)  # a fragment holds no whole elements


def _command(raw: bytes) -> tuple[Node, ...]:
    """The elements of a command set; the first one counts all that follow it."""
    group = (
        Node("CommandGroupLength.tag", "tag", raw[:4]),
        Node("CommandGroupLength.length", "length", width=4, covers=1, little=True),
        _length(4, "CommandGroupLength.value", little=True),
    )
    elements: list[Node] = []
    at = 12
    while at < len(raw):
        group_, number, size = struct.unpack_from("<HHI", raw, at)
        vr, keyword = DICTIONARY.get(group_ << 16 | number, ("UN", f"{number:04X}"))
        value = Node("value", _value_kind(vr.encode()), raw[at + 8 : at + 8 + size])
        head = (Node("tag", "tag", raw[at : at + 4]), _length(4, little=True))
        elements.append(Node(keyword, "command-element", children=(*head, value)))
        at += 8 + size
    return (*group, *elements)


def _elements(raw: bytes, *, explicit: bool) -> tuple[tuple[Node, ...], bytes]:
    """Data elements up to a delimiter or the end, and what is left."""
    nodes: list[Node] = []
    while len(raw) >= 8:
        group, number = struct.unpack_from("<HH", raw)
        tag = group << 16 | number
        if tag in (_ITEM_END, _SEQUENCE_END):
            break
        node, raw = _element(f"{tag:08X}", raw, explicit=explicit)
        nodes.append(node)
    return tuple(nodes), raw


def _element(name: str, raw: bytes, *, explicit: bool) -> tuple[Node, bytes]:
    head: list[Node] = [Node("tag", "tag", raw[:4])]
    vr = raw[4:6] if explicit else b""
    width, start = (2, 8) if explicit else (4, 8)
    if explicit:
        head.append(Node("vr", "vr", vr))
        if vr in _LONG_VRS:
            head.append(Node("reserved", "reserved", raw[6:8]))
            width, start = 4, 12
    size = int.from_bytes(raw[start - width : start], "little")
    if vr == b"SQ" or (width == 4 and size == _UNDEFINED):
        return _sequence(name, head, raw[start:], size, explicit=explicit)
    head.append(_length(width, little=True))
    value = Node("value", _value_kind(vr), raw[start : start + size])
    return Node(name, "element", children=(*head, value)), raw[start + size :]


def _sequence(
    name: str, head: list[Node], raw: bytes, size: int, *, explicit: bool
) -> tuple[Node, bytes]:
    undefined = size == _UNDEFINED
    inside, after = (raw, b"") if undefined else (raw[:size], raw[size:])
    items: list[Node] = []
    while inside and struct.unpack_from("<HH", inside) == (0xFFFE, 0xE000):
        item, inside = _sequence_item(f"item[{len(items)}]", inside, explicit=explicit)
        items.append(item)
    if undefined:
        items.append(Node("end", "tag", inside[:8]))
        after = inside[8:]
    length = Node("length", "length", width=4, little=True, value=size if undefined else -1)
    return Node(name, "sequence", children=(*head, length, *items)), after


def _sequence_item(name: str, raw: bytes, *, explicit: bool) -> tuple[Node, bytes]:
    size = int.from_bytes(raw[4:8], "little")
    undefined = size == _UNDEFINED
    inside = raw[8:] if undefined else raw[8 : 8 + size]
    elements, rest = _elements(inside, explicit=explicit)
    children = [
        Node("tag", "tag", raw[:4]),
        Node("length", "length", width=4, little=True, value=size if undefined else -1),
        *elements,
    ]
    if undefined:
        children.append(Node("end", "tag", rest[:8]))
        after = rest[8:]
    else:
        after = raw[8 + size :]
    return Node(name, "sequence-item", children=tuple(children)), after


def _value_kind(vr: bytes) -> str:
    if vr == b"UI":
        return "uid"
    if vr in (b"US", b"UL", b"SS", b"SL", b"FL", b"FD"):
        return "number"
    return "octets" if vr in _LONG_VRS or vr == b"" else "text"
