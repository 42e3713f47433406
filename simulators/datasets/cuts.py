"""An honest data set that ends too early, at each place where a parser may be taken by surprise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simulators.datasets.specimen import Content, Specimen, patient_of, written
from simulators.wire import uids
from simulators.wire.dataset import encode_dataset
from simulators.wire.reading import read_elements

PLACES: Final = ("boundary", "tag", "length", "value")
"""Behind an element, in its tag, in its length, in its value."""


def cuts(content: Content, place: str, syntax: str = uids.EXPLICIT_LE) -> Iterator[int]:
    """Where a data set may be cut: one number of octets that are left for each element.

    Args:
        content: The elements of an honest object.
        place: One of `PLACES`.
        syntax: UID of the transfer syntax.
    """
    raw = encode_dataset(content, syntax)
    for each in read_elements(raw, syntax).elements:
        head = each.end - each.at - len(each.value)
        inside = {"tag": 2, "length": head - 1, "value": head + len(each.value) // 2}
        if place == "boundary":
            if each.end < len(raw):
                yield each.end
        elif place != "value" or len(each.value) > 1:
            yield each.at + inside[place]


def cut(content: Content, left: int, syntax: str = uids.EXPLICIT_LE) -> Specimen:
    """The data set cut off after so many octets; it promises nothing, and may show nobody."""
    raw = encode_dataset(content, syntax)[:left]
    return written(content, syntax, octets=raw, patients=(patient_of(content), ""), owed=())
