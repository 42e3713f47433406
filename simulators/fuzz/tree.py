"""A message as a tree of named fields, so that a mutation can name what it makes lie.

Lengths are computed when the tree is encoded, unless one was set: then it lies. Trees are values;
`edited` gives another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

Path = tuple[int, ...]
"""Where a node stands: the index among the children of each level."""

COMPUTED = -1
"""The value of a length that is told truly."""


@dataclass(frozen=True, slots=True)
class Node:
    """A field, or what consists of fields.

    Attributes:
        name: As `simulators.wire.named_parts` calls it, relative to what it stands in.
        kind: What it is to the grammar: "length", "type", "uid", "item", "pdv", "element" ...
        octets: Of a field.
        children: Of what consists of fields.
        covers: Of a length: how many of the nodes after it are counted; 0 for all.
        width: Of a length, in octets.
        little: A length is little endian, as in data sets.
        value: Of a length: `COMPUTED`, or what it says instead.
    """

    name: str
    kind: str
    octets: bytes = b""
    children: tuple[Node, ...] = ()
    covers: int = 0
    width: int = 0
    little: bool = False
    value: int = COMPUTED

    @property
    def is_group(self) -> bool:
        """True for what consists of fields, even of none."""
        return self.kind in GROUPS


GROUPS = frozenset(
    {"pdu", "item", "sub-item", "syntax", "pdv", "command", "command-element", "dataset",
     "element", "sequence", "sequence-item"}
)  # fmt: skip
"""Kinds of nodes that have children."""


class Field(NamedTuple):
    """One run of octets of an encoded tree."""

    name: str
    at: int
    size: int
    kind: str


def encode(node: Node) -> bytes:
    """The octets of a tree, every honest length computed."""
    if not node.is_group:
        return node.octets
    return b"".join(_encoded(node))


def _encoded(node: Node) -> list[bytes]:
    """The octets of each child; lengths are told last, when what they count is known."""
    children = node.children
    chunks = [b"" if child.kind == "length" else encode(child) for child in children]
    for index in range(len(children) - 1, -1, -1):
        child = children[index]
        if child.kind == "length":
            end = index + 1 + child.covers if child.covers else len(chunks)
            true = sum(map(len, chunks[index + 1 : end]))
            told = true if child.value == COMPUTED else child.value
            fits = told % (1 << 8 * child.width)
            chunks[index] = fits.to_bytes(child.width, "little" if child.little else "big")
    return chunks


def fields(node: Node, prefix: str = "", at: int = 0) -> Iterator[Field]:
    """The fields of a tree in order, by full name and place."""
    for child, chunk in zip(node.children, _encoded(node), strict=True):
        name = f"{prefix}.{child.name}" if prefix and child.name else prefix or child.name
        if child.is_group:
            yield from fields(child, name, at)
        else:
            yield Field(name, at, len(chunk), child.kind)
        at += len(chunk)


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node, str]]:
    """Every node below, with its path and full name; parents first."""
    yield from _walk(node, path, "")


def _walk(node: Node, path: Path, prefix: str) -> Iterator[tuple[Path, Node, str]]:
    for index, child in enumerate(node.children):
        name = f"{prefix}.{child.name}" if prefix and child.name else prefix or child.name
        here = (*path, index)
        yield here, child, name
        if child.children:
            yield from _walk(child, here, name)


def at(node: Node, path: Path) -> Node | None:
    """The node that stands there; None when there is none (any more)."""
    for index in path:
        if index >= len(node.children):
            return None
        node = node.children[index]
    return node


def edited(
    node: Node, path: Path, edit: Callable[[tuple[Node, ...], int], tuple[Node, ...]]
) -> Node:
    """The tree with another list of children around the node that stands there.

    Args:
        node: The tree.
        path: Of the node; where nothing stands any more, nothing is edited.
        edit: From the children and the node's index among them to other children.
    """
    if not path or path[0] >= len(node.children):
        return node
    first, rest = path[0], path[1:]
    if rest:
        inner = edited(node.children[first], rest, edit)
        changed = (*node.children[:first], inner, *node.children[first + 1 :])
    else:
        changed = edit(node.children, first)
    return replace(node, children=changed)


def put(node: Node, path: Path, new: Node) -> Node:
    """The tree with another node in that place."""
    return edited(node, path, lambda children, i: (*children[:i], new, *children[i + 1 :]))
