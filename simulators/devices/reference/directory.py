"""The DICOMDIR that the device writes (PS3.3 F): patients, studies, series, images."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from simulators.devices.reference.file_format import file_meta
from simulators.devices.reference.uids import EXPLICIT_LE
from simulators.wire.dataset import DataItem, Element, encode_dataset

_CLASS: Final = b"1.2.840.10008.1.3.10"
_INSTANCE: Final = b"2.25.139467240519340583957402746190563746282"
_ITEM_HEADER: Final = 8
_NO_FLAG: Final = b"\xff\xff"
_LEVELS: Final = (
    ("PATIENT", 0x00100020, {0x00100010: "PN", 0x00100020: "LO"}),
    (
        "STUDY",
        0x0020000D,
        {
            0x00080020: "DA",
            0x00080030: "TM",
            0x00080050: "SH",
            0x00081030: "LO",
            0x0020000D: "UI",
            0x00200010: "SH",
        },
    ),
    ("SERIES", 0x0020000E, {0x00080060: "CS", 0x0020000E: "UI", 0x00200011: "IS"}),
)
_IMAGE: Final = {0x00200013: "IS"}
_CHARSET: Final = 0x00080005
SHOWN_KEYS: Final = (_CHARSET, *_IMAGE, *(tag for _, _, keys in _LEVELS for tag in keys))
"""The tags of a file from which its records are made."""

Keys = dict[int, bytes]


@dataclass(slots=True)
class _Node:
    """One record, and those below it by the value that tells them apart."""

    elements: list[Element]
    below: dict[bytes, "_Node"] = field(default_factory=dict[bytes, "_Node"])
    at: int = 0
    following: int = 0
    lower: int = 0

    def item(self) -> tuple[Element, ...]:
        """Return the record as it is written."""
        own = (_offset(0x00041400, self.following), _offset(0x00041420, self.lower))
        return tuple(sorted((*own, *self.elements), key=lambda each: each.tag))


def encoded_directory(files: Sequence[tuple[bytes, Keys]]) -> bytes:
    """Return a DICOMDIR.

    Args:
        files: For each its Referenced File ID, and its values by tag; those of the file meta
            information by its element number, negated.
    """
    root = _Node([])
    for number, (file_id, keys) in enumerate(files):
        node = root
        for kind, tag, shown in _LEVELS:
            value = keys.get(tag, b"")
            node = node.below.setdefault(value, _Node(_record(kind, keys, shown)))
        node.below[b"%d" % number] = _Node(_image(file_id, keys))
    nodes = _in_order(root)
    head = file_meta(_CLASS, _INSTANCE, EXPLICIT_LE)
    _place(nodes, len(head) + len(_top(root, [])))
    _link(root)
    return head + _top(root, nodes)


def _record(kind: str, keys: Keys, shown: dict[int, str]) -> list[Element]:
    told = [(tag, vr, keys.get(tag, b"")) for tag, vr in shown.items()]
    if keys.get(_CHARSET):
        told.append((_CHARSET, "CS", keys[_CHARSET]))
    return [
        Element(tag=0x00041410, vr="US", value=_NO_FLAG),
        _text(0x00041430, "CS", kind.encode("ascii")),
        *(_text(*each) for each in told),
    ]


def _image(file_id: bytes, keys: Keys) -> list[Element]:
    return [
        *_record("IMAGE", keys, _IMAGE),
        _text(0x00041500, "CS", file_id),
        _text(0x00041510, "UI", keys[-2]),
        _text(0x00041511, "UI", keys[-3]),
        _text(0x00041512, "UI", keys[-0x10]),
    ]


def _in_order(node: _Node) -> list[_Node]:
    """Return all records below one, each before those below it."""
    found: list[_Node] = []
    for each in node.below.values():
        found += [each, *_in_order(each)]
    return found


def _place(nodes: list[_Node], at: int) -> None:
    """Say where each record begins; links have the same length wherever they lead."""
    for node in nodes:
        node.at = at
        at += _ITEM_HEADER + len(encode_dataset(node.item(), "explicit"))


def _link(node: _Node) -> None:
    """Link the records of each level with one another, and with those below."""
    children = list(node.below.values())
    for each, following in pairwise(children):
        each.following = following.at
    node.lower = children[0].at if children else 0
    for each in children:
        _link(each)


def _top(root: _Node, nodes: Sequence[_Node]) -> bytes:
    last = list(root.below.values())[-1]
    items = tuple(DataItem(elements=node.item()) for node in nodes)
    elements = (
        _text(0x00041130, "CS", b"REFERENCE"),
        _offset(0x00041200, root.lower),
        _offset(0x00041202, last.at),
        Element(tag=0x00041212, vr="US", value=b"\0\0"),
        Element(tag=0x00041220, vr="SQ", value=items),
    )
    return encode_dataset(elements, "explicit")


def _text(tag: int, vr: str, value: bytes) -> Element:
    pad = b"\0" if vr == "UI" else b" "
    return Element(tag=tag, vr=vr, value=value + pad * (len(value) % 2))


def _offset(tag: int, at: int) -> Element:
    return Element(tag=tag, vr="UL", value=at.to_bytes(4, "little"))
