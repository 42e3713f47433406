"""Objects that a de-identifier is given: honest ones with canaries in one kind of place each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydicom.datadict import dictionary_VR

from harness import deidentification
from simulators.corpus import files as parts
from simulators.deidentification.canaries import Aviary, Canary
from simulators.wire.dataset import DataItem, Element

FILE_NAME: Final = "IMAGE.DCM"
ANATOMY: Final = 0x00082218
"""Anatomic Region Sequence: no row of the table removes it."""

_CREATOR: Final = "ASSAY SYNTHETIC"
_ELSEWHERE: Final = frozenset((0x00100040, 0x00080018, 0x0020000D, 0x0020000E, 0x00420011))
"""Attributes whose values programs check before they do anything, and what has its own object."""

_PLAINEST: Final = (
    (0x00080080, "LO"), (0x00080090, "PN"), (0x00081070, "PN"), (0x00100010, "PN"),
    (0x00100020, "LO"), (0x00100030, "DA"),
)  # fmt: skip

SHARES: Final[Mapping[str, tuple[int, int]]] = {
    "study": (0x0008, 0x0008),
    "patient": (0x0010, 0x0012),
    "acquisition": (0x0014, 0x0034),
    "procedure": (0x0038, 0x0040),
    "rest": (0x0042, 0x4FFF),
}
"""The groups of each share of the table: one object with all of it is larger than any real one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is laid before the de-identifier.

    Attributes:
        octets: The file.
        canaries: What must not come out of it.
        name: How the file is called.
    """

    octets: bytes
    canaries: tuple[Canary, ...]
    name: str = FILE_NAME


Maker = Callable[[str, tuple[str, ...]], Subject]


def honest(token: str, _options: tuple[str, ...] = ()) -> Subject:
    """An honest object, without a canary."""
    picture = Element(tag=0x7FE00010, vr="OW", value=bytes(range(256)))
    return Subject(parts.file_of(parts.changed({picture.tag: picture}, token), token), ())


def listed(share: str, token: str, options: tuple[str, ...]) -> Subject:
    """Every attribute of a share of Table E.1-1 at the top level."""
    birds = Aviary(token, options)
    first, last = SHARES[share]
    added: list[Element] = []
    for key in deidentification.rows():
        if "x" in key or not first <= int(key[:4], 16) <= last:
            continue
        tag = int(key, 16)
        element = None if tag in _ELSEWHERE else birds.listed(tag, vr_of(tag))
        if element is not None:
            added.append(element)
    return made(birds, added)


def nested(depth: int, private: bool, token: str, options: tuple[str, ...]) -> Subject:
    """Attributes of the table in an item at a depth, behind sequences that no row removes.

    Args:
        depth: How many sequences lie around them.
        private: The outermost is a private sequence.
        token: Marks the play.
        options: What the device claims.
    """
    birds = Aviary(token, options)
    inner: tuple[Element, ...] = identities(birds, f" at depth {depth}")
    for _ in range(depth):
        inner = (Element(tag=ANATOMY, vr="SQ", value=(DataItem(elements=inner),)),)
    if private:
        item = DataItem(elements=inner)
        held = Element(tag=0x00091010, vr="SQ", value=(item,))
        return made(birds, (Element(tag=0x00090010, vr="LO", value=_CREATOR), held))
    return made(birds, inner)


def identities(birds: Aviary, where: str) -> tuple[Element, ...]:
    """What says most plainly who somebody is, each with a canary.

    Every edition of the table has these, so that what else is wrong shows, and not its age.
    """
    found = (birds.listed(tag, vr, where) for tag, vr in _PLAINEST)
    return tuple(each for each in found if each is not None)


def private(token: str, options: tuple[str, ...]) -> Subject:
    """Private attributes with canaries: of a block, of unknown VR, of none, and below an item."""
    birds = Aviary(token, options)

    def text(tag: int, vr: str, place: str) -> Element:
        words = f"({tag >> 16:04X},{tag & 0xFFFF:04X}), private, {place}"
        return Element(tag=tag, vr=vr, value=birds.text(words, action="X"))

    creator = Element(tag=0x00090010, vr="LO", value=_CREATOR)
    below = (
        Element(tag=0x00110010, vr="LO", value=_CREATOR),
        text(0x00111001, "LO", "in an item"),
    )
    return made(
        birds,
        (
            creator,
            text(0x00091001, "LO", "in a block"),
            text(0x00091002, "UN", "of unknown VR"),
            text(0x00091003, "OB", "binary"),
            text(0x00130010, "LO", "the name of a block"),
            text(0x00151001, "LO", "in no block"),
            Element(tag=ANATOMY, vr="SQ", value=(DataItem(elements=below),)),
        ),
    )


def spoken(token: str, options: tuple[str, ...]) -> Subject:
    """What programs like to say of a file: who the patient is, and when."""
    birds = Aviary(token, options)
    return made(birds, identities(birds, ""))


def made(
    birds: Aviary,
    changes: Sequence[Element],
    *,
    without: range = range(0),
) -> Subject:
    """The honest object with these elements in place of its own, and without some others."""
    kept = {each.tag: each for each in parts.content_of(birds.token) if each.tag not in without}
    kept |= {each.tag: each for each in changes}
    content = [each for _, each in sorted(kept.items())]
    return Subject(parts.file_of(content, birds.token), tuple(birds.canaries))


def vr_of(tag: int) -> str:
    """The value representation of a standard attribute."""
    return dictionary_VR(tag)
