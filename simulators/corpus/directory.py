"""A DICOMDIR (PS3.3 F, PS3.10 8) of records whose links may point anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from simulators.corpus.files import PREAMBLE, PREFIX, meta_of, valued, with_length
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset

NAME: Final = "DICOMDIR"
FILE: Final = "IMAGES/ONE"
"""The one file of an honest file-set."""

_DIRECTORY: Final = "1.2.840.10008.1.3.10"
_FIRST: Final = 0x00041200
_LAST: Final = 0x00041202
_RECORDS: Final = 0x00041220
_NEXT: Final = 0x00041400
_LOWER: Final = 0x00041420
_ITEM_HEADER: Final = 8

Link = str | int
"""The name of a record, an offset as it stands, or an empty name for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One directory record.

    Attributes:
        name: What links call it.
        kind: PATIENT, STUDY, SERIES, IMAGE ...
        keys: Its further elements.
        following: The next record of its entity.
        lower: The first record below it.
    """

    name: str
    kind: str
    keys: tuple[Element, ...] = ()
    following: Link = ""
    lower: Link = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A whole DICOMDIR; what is set is written as it stands."""

    token: str
    items: tuple[Item, ...]
    first: Link = "patient"
    last: Link = "patient"
    raw_items: Mapping[int, int] = field(default_factory=dict[int, int])
    """Item lengths as written, by the number of the record."""

    def encoded(self) -> bytes:
        """The file; all offsets have four octets, so that a first pass tells where records lie."""
        at = self._offsets(self._written({}))
        return self._written(at)

    def linking(self, name: str, *, following: Link = "", lower: Link | None = None) -> Directory:
        """The directory with other links in one record."""
        return self._with(
            name,
            lambda each: replace(
                each, following=following, lower=each.lower if lower is None else lower
            ),
        )

    def telling(self, name: str, keys: tuple[Element, ...], kind: str = "") -> Directory:
        """The directory with other keys, or another kind, in one record."""
        return self._with(name, lambda each: replace(each, keys=keys, kind=kind or each.kind))

    def _with(self, name: str, change: Callable[[Item], Item]) -> Directory:
        items = tuple(change(each) if each.name == name else each for each in self.items)
        return replace(self, items=items)

    def _written(self, at: Mapping[str, int]) -> bytes:
        instance = f"2.25.{self.token}.9"
        head = PREAMBLE + PREFIX + with_length(meta_of(_DIRECTORY, instance, uids.EXPLICIT_LE))
        records = tuple(
            DataItem(elements=_elements(each, at), length=self.raw_items.get(number))
            for number, each in enumerate(self.items)
        )
        top = (
            valued(0x00041130, "CS", "SYNTHETIC"),
            _offset(_FIRST, self.first, at),
            _offset(_LAST, self.last, at),
            Element(tag=0x00041212, vr="US", value=b"\0\0"),
            Element(tag=_RECORDS, vr="SQ", value=records),
        )
        return head + encode_dataset(top, "explicit")

    def _offsets(self, octets: bytes) -> dict[str, int]:
        """Where each record begins, counted from the end: they stand last."""
        found: dict[str, int] = {}
        at = len(octets)
        for each in reversed(self.items):
            at -= _ITEM_HEADER + len(encode_dataset(_elements(each, {}), "explicit"))
            found[each.name] = at
        return found


def _elements(item: Item, at: Mapping[str, int]) -> tuple[Element, ...]:
    own = (
        _offset(_NEXT, item.following, at),
        Element(tag=0x00041410, vr="US", value=b"\xff\xff"),
        _offset(_LOWER, item.lower, at),
        valued(0x00041430, "CS", item.kind),
    )
    return tuple(sorted((*own, *item.keys), key=lambda each: each.tag))


def _offset(tag: int, link: Link, at: Mapping[str, int]) -> Element:
    number = at.get(link, 0) if isinstance(link, str) else link
    return Element(tag=tag, vr="UL", value=number.to_bytes(4, "little"))


def image_keys(token: str, file_id: str | bytes, instance: str = "") -> tuple[Element, ...]:
    """What the record of an image says of its file."""
    return (
        valued(0x00041500, "CS", file_id),
        valued(0x00041510, "UI", uids.SECONDARY_CAPTURE),
        valued(0x00041511, "UI", instance or f"2.25.{token}.1.1"),
        valued(0x00041512, "UI", uids.EXPLICIT_LE),
        valued(0x00080005, "CS", "ISO_IR 100"),
        valued(0x00200013, "IS", "1"),
    )


def patient_keys(name: str, number: str) -> tuple[Element, ...]:
    """What the record of a patient says."""
    return (valued(0x00100010, "PN", name), valued(0x00100020, "LO", number))


def honest(token: str, file_id: str | bytes = FILE.replace("/", "\\")) -> Directory:
    """The directory of one patient with one image."""
    return Directory(token=token, items=_tree(token, image_keys(token, file_id)))


def _tree(token: str, image: Sequence[Element]) -> tuple[Item, ...]:
    study = (
        valued(0x00080020, "DA", "20200101"),
        valued(0x00080030, "TM", "120000"),
        valued(0x00080050, "SH", f"A{token[:12]}"),
        valued(0x00081030, "LO", "synthetic"),
        valued(0x0020000D, "UI", f"2.25.{token}.2"),
        valued(0x00200010, "SH", "1"),
    )
    series = (
        valued(0x00080060, "CS", "OT"),
        valued(0x0020000E, "UI", f"2.25.{token}.3"),
        valued(0x00200011, "IS", "1"),
    )
    patient = patient_keys("SYNTHETIC^ASSAY", f"SYN{token[:12]}")
    return (
        Item(name="patient", kind="PATIENT", keys=patient, lower="study"),
        Item(name="study", kind="STUDY", keys=study, lower="series"),
        Item(name="series", kind="SERIES", keys=series, lower="image"),
        Item(name="image", kind="IMAGE", keys=tuple(image)),
    )
