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
from simulators.fuzz.vocabulary import FOREIGN, LENGTHS, VALUES

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
        for argument in LENGTHS:
            yield Mutation("length", argument, index, path, place)
        return
    for argument in VALUES.get(node.kind, {}):
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
    for kind in FOREIGN:
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

_REPEATS = ("2", "3", "65")
_ON_GROUPS = (
    ("drop", "once"), ("swap", "with the next"), ("nest", "in itself"), ("empty", "once"),
    *(("repeat", count) for count in _REPEATS), ("repeat empty", "2"), ("repeat empty", "65"),
    ("end after", "once"),
)  # fmt: skip


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
    told = LENGTHS[mutation.argument](true, (1 << 8 * node.width) - 1)

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
    choice = VALUES.get(node.kind, {}).get(mutation.argument)
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
    octets = Node("interjection", "octets", FOREIGN[mutation.argument])
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
