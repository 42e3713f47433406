"""What can be done to an honest exchange: structure, lengths, values, order, time.

A mutation is a value with a name and a place; applied where its place no longer exists it does
nothing, so that any part of a mutant's mutations makes a mutant too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from simulators.fuzz.exchanges import Exchange
from simulators.fuzz.tree import Node, Path, at, edited, encode, fields, walk

END_FIN, END_RESET = "fin", "reset"

PAUSES_S = (0.002, 0.02)
"""How long a mutant pauses within a message: shorter than any timer of a device."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One deviation.

    Attributes:
        operator: What is done, e.g. "length" or "repeat".
        argument: How, e.g. "zero" or "65".
        pdu: Index of the PDU in the honest exchange.
        path: Of the node in that PDU; empty for the PDU itself.
        place: The node's name in words, e.g. ``items[2].length``.
    """

    operator: str
    argument: str
    pdu: int
    path: Path
    place: str

    @property
    def told(self) -> str:
        """In words, for reports."""
        return f"{self.operator} {self.argument} of {self.place}"

    @property
    def family(self) -> str:
        """structure, lengths, values, order or time."""
        return FAMILIES[self.operator]

    @property
    def similar(self) -> str:
        """What mutations of the same kind at the same kind of place have in common."""
        place = re.sub(r"[0-9A-F]{8}|[0-9]+", "*", self.place)
        return f"{self.operator} {self.argument} of {place}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One PDU as it will leave.

    Attributes:
        pdu: Index in the honest exchange; -1 for one that stands in none.
        tree: As it will be encoded.
        answered: Wait for an answer before the next one leaves.
        cuts: Where it is cut in segments, by offset, with the pause before the rest.
    """

    pdu: int
    tree: Node
    answered: bool
    cuts: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Mutant:
    """An exchange with its mutations.

    Attributes:
        number: Its number within the seed.
        exchange: Name of the honest exchange.
        turns: What leaves, in order.
        end: How our side ends: "fin" or "reset".
        mutations: What was done.
    """

    number: int
    exchange: str
    turns: tuple[Turn, ...]
    end: str = END_FIN
    mutations: tuple[Mutation, ...] = field(default=())


def mutant(number: int, exchange: Exchange, mutations: Sequence[Mutation]) -> Mutant:
    """The exchange with these mutations, applied in order; none gives the honest exchange."""
    pairs = enumerate(zip(exchange.pdus, exchange.answered, strict=True))
    turns = tuple(Turn(index, tree, answered) for index, (tree, answered) in pairs)
    made = Mutant(number, exchange.name, turns, mutations=tuple(mutations))
    for mutation in mutations:
        made = _OPERATORS[mutation.operator](made, mutation)
    return made


def mutations_of(exchange: Exchange) -> Iterator[Mutation]:
    """Every single mutation of an exchange, in a fixed order."""
    for index, tree in enumerate(exchange.pdus):
        yield from _of_order(index, len(exchange.pdus))
        yield from _of_time(index, tree)
        for path, node, name in walk(tree):
            yield from _of_node(index, path, node, f"{_pdu_name(tree)} {name}")


def _of_node(index: int, path: Path, node: Node, place: str) -> Iterator[Mutation]:
    if node.is_group:
        for operator, argument in _ON_GROUPS:
            yield Mutation(operator, argument, index, path, place)
        return
    if node.kind == "length":
        for argument in _LENGTHS:
            yield Mutation("length", argument, index, path, place)
        return
    for argument in _VALUES.get(node.kind, {}):
        yield Mutation("value", argument, index, path, place)
    if node.kind not in ("type", "reserved", "tag", "vr"):
        yield Mutation("drop", "once", index, path, place)
        yield Mutation("repeat", "3", index, path, place)


def _of_order(index: int, count: int) -> Iterator[Mutation]:
    place = f"PDU {index + 1}"
    yield Mutation("leave out", "once", index, (), place)
    yield Mutation("say again", "2", index, (), place)
    yield Mutation("say again", "20", index, (), place)
    yield Mutation("hurry", "to the end", index, (), place)
    for end in (END_FIN, END_RESET):
        yield Mutation("stop after", end, index, (), place)
    for kind in _FOREIGN:
        yield Mutation("interject", kind, index, (), place)
    if index + 1 < count:
        yield Mutation("exchange", "with the next", index, (), place)


def _of_time(index: int, tree: Node) -> Iterator[Mutation]:
    place = f"{_pdu_name(tree)}"
    for argument in ("in its header", "in its middle", "before its end"):
        yield Mutation("pause", argument, index, (), place)
    yield Mutation("drip", "first octets", index, (), place)
    yield Mutation("cut", "in its header", index, (), place)
    for share in ("1/4", "2/4", "3/4"):
        yield Mutation("cut", share, index, (), place)


def _pdu_name(tree: Node) -> str:
    return _PDU_NAMES.get(encode(tree)[0], "PDU")


_PDU_NAMES = {1: "A-ASSOCIATE-RQ", 2: "A-ASSOCIATE-AC", 3: "A-ASSOCIATE-RJ", 4: "P-DATA-TF",
              5: "A-RELEASE-RQ", 6: "A-RELEASE-RP", 7: "A-ABORT"}  # fmt: skip

_LENGTHS: dict[str, Callable[[int, int], int]] = {
    "zero": lambda true, most: 0,
    "one": lambda true, most: 1,
    "one less": lambda true, most: max(0, true - 1),
    "one more": lambda true, most: true + 1,
    "two more": lambda true, most: true + 2,
    "half": lambda true, most: true // 2,
    "double": lambda true, most: true * 2,
    "most positive": lambda true, most: most // 2,
    "least negative": lambda true, most: most // 2 + 1,
    "one below most": lambda true, most: most - 1,
    "most": lambda true, most: most,
}
"""Boundary values of a length, from the true one and the largest that fits."""

_REPEATS = ("2", "3", "65")
_ON_GROUPS = (
    ("drop", "once"), ("swap", "with the next"), ("nest", "in itself"), ("empty", "once"),
    *(("repeat", count) for count in _REPEATS), ("repeat empty", "2"), ("repeat empty", "65"),
    ("end after", "once"),
)  # fmt: skip

_PATTERN = b"A" * 70
_VALUES: dict[str, dict[str, Callable[[bytes], bytes]]] = {
    "type": {
        "zero": lambda old: b"\0", "most": lambda old: b"\xff",
        "next": lambda old: bytes([old[0] + 1 & 0xFF]), "bit 7": lambda old: bytes([old[0] ^ 0x80]),
    },
    "reserved": {"ones": lambda old: b"\xff" * len(old)},
    "id": {
        "zero": lambda old: b"\0", "even": lambda old: b"\2", "most": lambda old: b"\xff",
        "other": lambda old: bytes([old[0] + 2 & 0xFF]),
    },
    "control": {
        "zero": lambda old: b"\0", "not last": lambda old: bytes([old[0] & 1]),
        "other kind": lambda old: bytes([old[0] ^ 1]), "unknown bits": lambda old: b"\xfc",
    },
    "number": {
        "zero": lambda old: bytes(len(old)), "ones": lambda old: b"\xff" * len(old),
        "one": lambda old: (1).to_bytes(len(old) or 1, "big"),
        "most positive": lambda old: b"\x7f" + b"\xff" * (len(old) - 1),
        "least negative": lambda old: b"\x80" + bytes(max(0, len(old) - 1)),
    },
    "uid": {
        "empty": lambda old: b"", "65 characters": lambda old: (b"1.2." * 20)[:65],
        "a letter": lambda old: b"1.2.x.4", "dots": lambda old: b"..",
        "unknown": lambda old: b"2.25.1", "NUL inside": lambda old: b"1.2\0.840",
        "leading zero": lambda old: b"1.02.3", "long": lambda old: b"1." * 600,
    },
    "text": {
        "empty": lambda old: b"", "spaces": lambda old: b" " * len(old),
        "control": lambda old: b"\x1b[31m\r\n\0", "format": lambda old: b"%s%n%x%s",
        "long": lambda old: _PATTERN * 16, "8 bit": lambda old: b"\xff\xfe\x80",
        "escape": lambda old: b"\x1b$B\x1b(J" * 4, "many": lambda old: b"\\" * 64,
    },
    "tag": {
        "zero": lambda old: bytes(4), "ones": lambda old: b"\xff" * 4,
        "item": lambda old: b"\xfe\xff\x00\xe0", "item end": lambda old: b"\xfe\xff\x0d\xe0",
        "sequence end": lambda old: b"\xfe\xff\xdd\xe0", "command": lambda old: bytes(4),
        "pixel data": lambda old: b"\xe0\x7f\x10\x00",
        "swapped": lambda old: old[1:2] + old[:1] + old[3:4] + old[2:3],
    },
    "vr": {
        "SQ": lambda old: b"SQ", "OB": lambda old: b"OB", "US": lambda old: b"US",
        "UN": lambda old: b"UN", "unknown": lambda old: b"ZZ", "zero": lambda old: b"\0\0",
        "lower case": lambda old: old.lower(), "swapped": lambda old: old[::-1],
    },
    "octets": {
        "empty": lambda old: b"", "odd": lambda old: old + b"\0", "ones": lambda old: b"\xff" * 8,
        "one": lambda old: b"\0",
    },
}  # fmt: skip
"""Values by the kind of field; each makes the octets from the honest ones."""

_FOREIGN = {
    "01H": bytes.fromhex("010000000000"), "02H": bytes.fromhex("0200000000020000"),
    "03H": bytes.fromhex("03000000000400010101"), "05H": bytes.fromhex("05000000000400000000"),
    "06H": bytes.fromhex("06000000000400000000"), "07H": bytes.fromhex("07000000000400000000"),
    "04H without a PDV": bytes.fromhex("040000000000"),
    "04H on context 255": bytes.fromhex("04000000000800000004ff030000"),
    "04H empty, not last": bytes.fromhex("040000000006000000020101"),
    "FFH": bytes.fromhex("ff000000000400000000"), "text": b"GET / HTTP/1.0\r\n\r\n",
}  # fmt: skip
"""What is thrown in between; short, and inert."""


def _on_node(
    edit: Callable[[Node, Mutation], tuple[Node, ...]],
) -> Callable[[Mutant, Mutation], Mutant]:
    """An operator that puts other nodes in the place of one."""

    def replaced(tree: Node, mutation: Mutation) -> Node:
        def around(children: tuple[Node, ...], index: int) -> tuple[Node, ...]:
            return (*children[:index], *edit(children[index], mutation), *children[index + 1 :])

        return edited(tree, mutation.path, around)

    return _on_tree(replaced)


def _on_tree(edit: Callable[[Node, Mutation], Node]) -> Callable[[Mutant, Mutation], Mutant]:
    def applied(made: Mutant, mutation: Mutation) -> Mutant:
        if not mutation.path:
            return made
        turns = tuple(
            replace(turn, tree=edit(turn.tree, mutation)) if turn.pdu == mutation.pdu else turn
            for turn in made.turns
        )
        return replace(made, turns=turns)

    return applied


def _set_length(tree: Node, mutation: Mutation) -> Node:
    node = at(tree, mutation.path)
    if node is None or node.kind != "length":
        return tree
    true = _true_length(tree, mutation.path)
    told = _LENGTHS[mutation.argument](true, (1 << 8 * node.width) - 1)

    def around(children: tuple[Node, ...], index: int) -> tuple[Node, ...]:
        lying = replace(children[index], value=told)
        return (*children[:index], lying, *children[index + 1 :])

    return edited(tree, mutation.path, around)


def _true_length(tree: Node, path: Path) -> int:
    parent = at(tree, path[:-1])
    assert parent is not None
    index = path[-1]
    covers = parent.children[index].covers
    after = parent.children[index + 1 : index + 1 + covers if covers else None]
    return sum(len(encode(node)) for node in after)


def _set_value(node: Node, mutation: Mutation) -> tuple[Node, ...]:
    choice = _VALUES.get(node.kind, {}).get(mutation.argument)
    return (replace(node, octets=choice(node.octets)),) if choice else (node,)


def _emptied(node: Node) -> Node:
    """What is left of a node without its contents: its header."""
    if not node.is_group:
        return replace(node, octets=b"")
    lengths = [i for i, child in enumerate(node.children) if child.kind == "length"]
    return replace(node, children=node.children[: lengths[0] + 1] if lengths else ())


def _swapped(tree: Node, mutation: Mutation) -> Node:
    def around(children: tuple[Node, ...], index: int) -> tuple[Node, ...]:
        if index + 1 >= len(children):
            return (*children[index:], *children[:index])
        pair = (children[index + 1], children[index])
        return (*children[:index], *pair, *children[index + 2 :])

    return edited(tree, mutation.path, around)


def _ended(tree: Node, mutation: Mutation) -> Node:
    return edited(tree, mutation.path, lambda children, index: children[: index + 1])


def _of_turns(
    edit: Callable[[Turn, Mutation], tuple[Turn, ...]],
) -> Callable[[Mutant, Mutation], Mutant]:
    """An operator that puts other turns in the place of one."""

    def applied(made: Mutant, mutation: Mutation) -> Mutant:
        turns: list[Turn] = []
        for turn in made.turns:
            turns += edit(turn, mutation) if turn.pdu == mutation.pdu else (turn,)
        return replace(made, turns=tuple(turns))

    return applied


def _interjected(turn: Turn, mutation: Mutation) -> tuple[Turn, ...]:
    octets = Node("interjection", "octets", _FOREIGN[mutation.argument])
    return (Turn(-1, Node("", "pdu", children=(octets,)), False), turn)


def _exchanged(made: Mutant, mutation: Mutation) -> Mutant:
    turns = list(made.turns)
    here = next((i for i, turn in enumerate(turns) if turn.pdu == mutation.pdu), -1)
    if 0 <= here < len(turns) - 1:
        turns[here], turns[here + 1] = turns[here + 1], turns[here]
    return replace(made, turns=tuple(turns))


def _hurried(made: Mutant, mutation: Mutation) -> Mutant:
    """From here on nobody waits for an answer."""
    late = False
    turns: list[Turn] = []
    for turn in made.turns:
        late = late or turn.pdu == mutation.pdu
        turns.append(replace(turn, answered=False) if late else turn)
    return replace(made, turns=tuple(turns))


def _stopped(made: Mutant, mutation: Mutation) -> Mutant:
    last = max((i for i, turn in enumerate(made.turns) if turn.pdu == mutation.pdu), default=-1)
    return replace(made, turns=made.turns[: last + 1] or made.turns, end=mutation.argument)


def _paused(turn: Turn, mutation: Mutation) -> tuple[Turn, ...]:
    size = len(encode(turn.tree))
    where = {"in its header": 3, "in its middle": size // 2, "before its end": size - 1}
    cut = (min(where[mutation.argument], size), PAUSES_S[1])
    return (replace(turn, cuts=tuple(sorted({*turn.cuts, cut}))),)


def _dripped(turn: Turn, mutation: Mutation) -> tuple[Turn, ...]:
    cuts = {(offset, PAUSES_S[0]) for offset in range(1, min(9, len(encode(turn.tree))))}
    return (replace(turn, cuts=tuple(sorted({*turn.cuts, *cuts}))),)


def _cut_off(made: Mutant, mutation: Mutation) -> Mutant:
    turns: list[Turn] = []
    for turn in made.turns:
        if turn.pdu != mutation.pdu:
            turns.append(turn)
            continue
        raw = encode(turn.tree)
        share = mutation.argument.partition("/")
        size = len(raw) * int(share[0]) // 4 if share[1] else 3
        rest = Node("", "pdu", children=(Node("beginning", "octets", raw[:size]),))
        turns.append(replace(turn, tree=rest, cuts=()))
        break
    return replace(made, turns=tuple(turns))


_OPERATORS: dict[str, Callable[[Mutant, Mutation], Mutant]] = {
    "drop": _on_node(lambda node, mutation: ()),
    "empty": _on_node(lambda node, mutation: (_emptied(node),)),
    "repeat": _on_node(lambda node, mutation: (node,) * int(mutation.argument)),
    "repeat empty": _on_node(lambda node, mutation: (_emptied(node),) * int(mutation.argument)),
    "nest": _on_node(
        lambda node, mutation: (replace(node, children=(*node.children, node)),)
    ),
    "swap": _on_tree(_swapped),
    "end after": _on_tree(_ended),
    "length": _on_tree(_set_length),
    "value": _on_node(_set_value),
    "leave out": _of_turns(lambda turn, mutation: ()),
    "say again": _of_turns(lambda turn, mutation: (turn,) * int(mutation.argument)),
    "interject": _of_turns(_interjected),
    "exchange": _exchanged,
    "hurry": _hurried,
    "stop after": _stopped,
    "pause": _of_turns(_paused),
    "drip": _of_turns(_dripped),
    "cut": _cut_off,
}  # fmt: skip

_STRUCTURE = ("drop", "empty", "repeat", "repeat empty", "nest", "swap", "end after")
_ORDER = ("leave out", "say again", "interject", "exchange", "hurry", "stop after")
FAMILIES: dict[str, str] = {
    **dict.fromkeys(_STRUCTURE, "structure"), "length": "lengths", "value": "values",
    **dict.fromkeys(_ORDER, "order"), **dict.fromkeys(("pause", "drip", "cut"), "time"),
}  # fmt: skip
"""Which family an operator belongs to."""


def named_fields(turn: Turn) -> list[tuple[str, int, int]]:
    """Name, place and size of every field of a turn, for a hex dump that names the liar."""
    return [(found.name, found.at, found.size) for found in fields(turn.tree)]
