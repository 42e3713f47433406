"""Files whose data sets lie about their structure: lengths, depth, items, order, encoding."""

from __future__ import annotations

from functools import partial
from typing import Final

from harness.specimens import Files, Shelf
from simulators import hostile
from simulators.corpus.files import (
    around_all,
    changed,
    content_of,
    file_of,
    honest,
    one,
    part10,
    valued,
)
from simulators.datasets.cuts import PLACES, cut, cuts
from simulators.datasets.items import DELIMITERS, UNTRUE_LENGTHS
from simulators.datasets.lengths import BEYOND_THE_END, UNFIT
from simulators.datasets.placement import DISORDER, FOREIGN_GROUPS, PRIVATE
from simulators.datasets.representations import SWAPS, UNKNOWN_VRS, WRONG_VRS
from simulators.datasets.volume import MANY_PARTS, MANY_VALUES
from simulators.wire import uids
from simulators.wire.dataset import deflate, encode_dataset, nested

_IN_ORDER: Final = "It is refused with a message, or read as far as the standard's reading goes."
_CUTS_OF_A_PLACE: Final = 4
_INFLATED: Final = 256 << 20


def _nested(depth: int, undefined: bool, token: str) -> Files:
    deep = nested(depth, undefined=undefined)
    return one(file_of(changed({deep.tag: deep}, token), token))


def _cut(place: str, nth: int, token: str) -> Files:
    content = content_of(token)
    places = list(cuts(content, place))
    # From the end to the beginning in equal strides, the pixels included.
    left = places[-1 - nth * (len(places) - 1) // _CUTS_OF_A_PLACE]
    return one(part10(cut(content, left).octets, token=token))


def _bomb(token: str) -> Files:
    raw = hostile.deflated_bomb(content_of(token), _INFLATED)
    return one(part10(raw, token=token, syntax=uids.DEFLATED_LE))


def _broken_deflate(kind: str, token: str) -> Files:
    raw = deflate(encode_dataset(content_of(token), "explicit"))
    damaged = {
        "cut": raw[: len(raw) // 2],
        "trailing": raw + b"\xff" * 64,
        "not-deflated": encode_dataset(content_of(token), "explicit"),
        "reserved-block": b"\x07" + raw[1:],
    }
    return one(part10(damaged[kind], token=token, syntax=uids.DEFLATED_LE))


def _declared(syntax: str, token: str) -> Files:
    """Explicit little endian under another name."""
    octets = encode_dataset(content_of(token), "explicit")
    return one(part10(octets, token=token, syntax=syntax))


def deflated(token: str) -> Files:
    """An honest deflated file."""
    return one(file_of(content_of(token), token, uids.DEFLATED_LE))


def with_items(token: str) -> Files:
    """An honest file with nested items, some of defined and some of undefined length."""
    leaf = (valued(0x00080104, "LO", "synthetic"),)
    loose, strict = nested(4, leaf=leaf), nested(4, 0x00400260, leaf=leaf, undefined=False)
    return one(file_of(changed({loose.tag: loose, strict.tag: strict}, token), token))


HUGE: Final = Shelf(
    name="lengths-beyond-the-end",
    deviation="An element, an item or a fragment says that it is longer than the file.",
    expectation=f"{_IN_ORDER} It costs no memory that is not in the file.",
    makers=around_all(BEYOND_THE_END),
)
DEEP: Final = Shelf(
    name="deep-nesting",
    deviation="Sequences stand inside sequences, far deeper than any object needs.",
    expectation="It is read, or refused with a message; no stack overflows.",
    makers={
        **{f"undefined-{n}": partial(_nested, n, True) for n in (64, 200, 1000, 20_000)},
        **{f"defined-{n}": partial(_nested, n, False) for n in (64, 1000, 20_000)},
    },
)
OPEN: Final = Shelf(
    name="open-sequences",
    deviation="A delimiter of a sequence, an item or fragments is missing or surplus.",
    expectation=_IN_ORDER,
    makers=around_all(DELIMITERS),
)
ITEMS: Final = Shelf(
    name="untrue-items",
    deviation="An item or a sequence is shorter or longer than its length says.",
    expectation=_IN_ORDER,
    makers=around_all(UNTRUE_LENGTHS),
)
ODD: Final = Shelf(
    name="unfit-values",
    deviation="The length of a value is odd, or does not fit its VR.",
    expectation=_IN_ORDER,
    makers=around_all(UNFIT),
)
UNKNOWN: Final = Shelf(
    name="unknown-representations",
    deviation="Two octets stand where a VR should, and are none.",
    expectation=_IN_ORDER,
    makers=around_all(UNKNOWN_VRS),
)
WRONG: Final = Shelf(
    name="wrong-representations",
    deviation="An attribute has a VR that exists and is not its own.",
    expectation=_IN_ORDER,
    makers=around_all(WRONG_VRS),
)
SYNTAX: Final = Shelf(
    name="transfer-syntax-lies",
    deviation="The data set is encoded otherwise than the file says.",
    expectation="It is refused with a message, or read as what it is; nothing is made up.",
    makers={
        **around_all(SWAPS),
        "says-rle": partial(_declared, uids.RLE_LOSSLESS),
        "says-jpeg-2000": partial(_declared, uids.JPEG_2000_LOSSLESS),
        "says-nothing": partial(_declared, ""),
        "says-unknown": partial(_declared, "2.25.1234567890"),
        "says-overlong": partial(_declared, "1." + "2" * 300),
    },
)
BOMB: Final = Shelf(
    name="deflate-bomb",
    deviation="A quarter of a megabyte inflates to 256 MiB.",
    expectation="It is refused at a ceiling, or read in little memory.",
    makers={"zeros": _bomb},
)
DEFLATE: Final = Shelf(
    name="broken-deflate",
    deviation="The deflated stream is cut, damaged, or none at all.",
    expectation=_IN_ORDER,
    makers={
        name: partial(_broken_deflate, name)
        for name in ("cut", "trailing", "not-deflated", "reserved-block")
    },
)
FOREIGN: Final = Shelf(
    name="foreign-groups",
    deviation="Elements of the meta information or the command set stand in the data set.",
    expectation=f"{_IN_ORDER} They override nothing.",
    makers=around_all(FOREIGN_GROUPS),
)
DISORDERED: Final = Shelf(
    name="disorder",
    deviation="Tags stand twice, or out of order.",
    expectation=_IN_ORDER,
    makers=around_all(DISORDER),
)
BLOCKS: Final = Shelf(
    name="private-blocks",
    deviation="Private elements have no creator, or two, or one of another group.",
    expectation="They are kept as unknown, or the file is refused with a message.",
    makers=around_all(PRIVATE),
)
PARTS: Final = Shelf(
    name="very-many-parts",
    deviation="A valid data set consists of very many small parts.",
    expectation="It is read in time and memory in proportion to its size.",
    makers=around_all({**MANY_PARTS, **MANY_VALUES}),
    largest=8 << 20,
)
CUT: Final = Shelf(
    name="cut-files",
    deviation="The file ends too early.",
    expectation="It is refused with a message, or read as far as it goes.",
    makers={
        f"{place}-{nth}": partial(_cut, place, nth)
        for place in PLACES
        for nth in range(_CUTS_OF_A_PLACE)
    },
)
HONEST: Final = Shelf(
    name="honest",
    deviation="None: the files that every other one deviates from.",
    expectation="They are read.",
    makers={"plain": honest, "items": with_items, "deflated": deflated},
)
