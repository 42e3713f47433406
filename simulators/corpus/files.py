"""Part 10 files (PS3.10 7) made of parts that may each lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from harness.specimens import Files
from simulators import hostile
from simulators.datasets.specimen import Builder
from simulators.wire import uids
from simulators.wire.dataset import Element, encode_dataset

NAME: Final = "specimen.dcm"
"""What a specimen of one file is called."""

PREAMBLE: Final = bytes(128)
PREFIX: Final = b"DICM"
GROUP_LENGTH: Final = 0x00020000
VERSION: Final = 0x00020001
SOP_CLASS: Final = 0x00020002
SOP_INSTANCE: Final = 0x00020003
SYNTAX: Final = 0x00020010

Maker = Callable[[str], Files]


def content_of(token: str) -> tuple[Element, ...]:
    """The elements of the honest object of a token."""
    return hostile.elements_of(token)


def meta_of(sop_class: str, sop_instance: str, syntax: str) -> tuple[Element, ...]:
    """The File Meta Information without its group length."""
    return (
        Element(tag=VERSION, vr="OB", value=b"\0\1"),
        Element(tag=SOP_CLASS, vr="UI", value=sop_class),
        Element(tag=SOP_INSTANCE, vr="UI", value=sop_instance),
        Element(tag=SYNTAX, vr="UI", value=syntax),
        Element(tag=0x00020012, vr="UI", value=uids.IMPLEMENTATION_CLASS_UID),
        Element(tag=0x00020013, vr="SH", value=uids.IMPLEMENTATION_VERSION_NAME),
    )


def with_length(meta: Sequence[Element], said: int | None = None) -> bytes:
    """Encoded File Meta Information behind its group length, true or as said."""
    raw = encode_dataset(meta, "explicit")
    length = (len(raw) if said is None else said).to_bytes(4, "little")
    return encode_dataset([Element(tag=GROUP_LENGTH, vr="UL", value=length)], "explicit") + raw


def part10(
    dataset: bytes,
    *,
    token: str,
    syntax: str = uids.EXPLICIT_LE,
    sop_class: str = uids.SECONDARY_CAPTURE,
    sop_instance: str | None = None,
    preamble: bytes = PREAMBLE,
    meta: bytes | None = None,
) -> bytes:
    """A file around an encoded data set; everything but that is honest unless it is given."""
    instance = sop_instance or f"2.25.{token}.1.1"
    head = with_length(meta_of(sop_class, instance, syntax)) if meta is None else meta
    return preamble + PREFIX + head + dataset


def one(octets: bytes) -> Files:
    """A specimen that is one file."""
    return {NAME: octets}


def file_of(content: Sequence[Element], token: str, syntax: str = uids.EXPLICIT_LE) -> bytes:
    """A file of these elements."""
    values = {each.tag: each.value for each in content}
    return part10(
        encode_dataset(content, syntax),
        token=token,
        syntax=syntax,
        sop_class=str(values[0x00080016]),
        sop_instance=str(values[0x00080018]),
    )


def honest(token: str) -> Files:
    """The honest file."""
    return one(file_of(content_of(token), token))


def changed(changes: Mapping[int, Element | None], token: str) -> tuple[Element, ...]:
    """The honest elements, some of them replaced, added or (None) left out."""
    kept: dict[int, Element | None] = {each.tag: each for each in content_of(token)}
    kept |= changes
    return tuple(each for _, each in sorted(kept.items()) if each is not None)


def around(build: Builder) -> Maker:
    """What makes a file of a data set with one deviation."""

    def make(token: str) -> Files:
        made = build(content_of(token))
        return one(
            part10(
                made.octets, token=token, syntax=made.syntax,
                sop_class=made.sop_class, sop_instance=made.sop_instance,
            )
        )  # fmt: skip

    return make


def around_all(builders: Mapping[str, Builder]) -> Mapping[str, Maker]:
    """The same for each of a table."""
    return {name: around(build) for name, build in builders.items()}


def valued(tag: int, vr: str, value: bytes | str) -> Element:
    """An element; octets are padded with a blank to an even length."""
    if isinstance(value, bytes) and len(value) % 2:
        value += b" "
    return Element(tag=tag, vr=vr, value=value)


def lied(element: Element, length: int) -> Element:
    """The element with another length."""
    return replace(element, length=length)
