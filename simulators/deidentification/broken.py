"""Files that cannot be understood to the end, with canaries where understanding ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from simulators.corpus import files as parts
from simulators.deidentification.canaries import Aviary
from simulators.deidentification.objects import ANATOMY, Subject, identities, made
from simulators.wire.dataset import DataItem, Element, encode_dataset
from simulators.wire.dataset import nested as sequences

_DEEP: Final = 300


def _birds(token: str, options: tuple[str, ...]) -> tuple[Aviary, tuple[Element, ...]]:
    birds = Aviary(token, options)
    return birds, identities(birds, "")


def _cut(token: str, options: tuple[str, ...]) -> Subject:
    """It ends in the middle of its picture."""
    birds, found = _birds(token, options)
    whole = made(birds, found)
    return replace(whole, octets=whole.octets[:-100])


def _no_file(token: str, options: tuple[str, ...]) -> Subject:
    """A letter, and no DICOM file at all."""
    birds, found = _birds(token, options)
    text = "\n".join(str(each.value) for each in found)
    return Subject(f"Dear colleague,\n\n{text}\n".encode(), tuple(birds.canaries))


def _no_syntax(token: str, options: tuple[str, ...]) -> Subject:
    """A transfer syntax that nobody knows."""
    birds, found = _birds(token, options)
    raw = encode_dataset(_with(found, token), "explicit")
    octets = parts.part10(raw, token=token, syntax=f"2.25.{token}.99")
    return Subject(octets, tuple(birds.canaries))


def _no_vr(token: str, options: tuple[str, ...]) -> Subject:
    """A value representation that does not exist, before everything else."""
    birds, found = _birds(token, options)
    strange = Element(tag=0x00080008, vr="ZZ", value="DERIVED")
    return made(birds, (*found, strange))


def _no_dates(token: str, options: tuple[str, ...]) -> Subject:
    """A value that is not what its representation says: a name for a date of birth."""
    birds, found = _birds(token, options)
    name = birds.text("(0010,0030), a name for a date", action="Z")
    return made(birds, (*found, Element(tag=0x00100030, vr="DA", value=name)))


def _untrue_item(token: str, options: tuple[str, ...]) -> Subject:
    """An item that claims more than its sequence holds, before the patient's name."""
    birds, found = _birds(token, options)
    harmless = Element(tag=0x00080104, vr="LO", value="Head")
    item = DataItem(elements=(harmless,), length=0x4000)
    return made(birds, (*found, Element(tag=ANATOMY, vr="SQ", value=(item,))))


def _deep(token: str, options: tuple[str, ...]) -> Subject:
    """More sequences in one another than anybody nests, before the patient's name."""
    birds, found = _birds(token, options)
    return made(birds, (*found, sequences(_DEEP, ANATOMY)))


def _with(found: tuple[Element, ...], token: str) -> list[Element]:
    kept = {each.tag: each for each in (*parts.content_of(token), *found)}
    return [each for _, each in sorted(kept.items())]


MAKERS: Final[Mapping[str, Callable[[str, tuple[str, ...]], Subject]]] = {
    "cut-off": _cut,
    "no-file": _no_file,
    "unknown-syntax": _no_syntax,
    "unknown-vr": _no_vr,
    "unfit-values": _no_dates,
    "untrue-item": _untrue_item,
    "too-deep": _deep,
}
"""What makes each of them."""
