"""What a data set that is wrong in one way consists of, and the tools to write one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.wire import uids
from simulators.wire.dataset import Element, Tag, encode_dataset

SOP_CLASS_UID: Final = 0x00080016
SOP_INSTANCE_UID: Final = 0x00080018
PATIENT_NAME: Final = 0x00100010
PATIENT_ID: Final = 0x00100020
STUDY_INSTANCE_UID: Final = 0x0020000D
CONTENT_SEQUENCE: Final = 0x0040A730
"""Stands right before Pixel Data, so that what is swallowed behind it are the pixels."""
PIXEL_DATA: Final = 0x7FE00010

Content = Sequence[Element]
"""The elements of an honest object, in ascending order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One data set with one deviation.

    Attributes:
        octets: The data set as sent.
        syntax: UID of the transfer syntax that is declared for it.
        sop_class: SOP Class UID of the honest object.
        sop_instance: Its SOP Instance UID.
        study: Its Study Instance UID.
        mark: Stands in every Patient ID that may be read out of it, right or wrong.
        patients: Patient IDs that may be shown for it: what the standard's reading gives. Two
            where the standard has no reading, an empty one where none may be shown.
        owes: Octets, by tag of the top level, that a success status promises to keep.
    """

    octets: bytes
    syntax: str
    sop_class: str
    sop_instance: str
    study: str
    mark: str
    patients: tuple[str, ...]
    owes: Mapping[Tag, bytes] = field(default_factory=dict[Tag, bytes])


Builder = Callable[[Content], Specimen]
"""Makes a specimen of the elements of an honest object."""


def written(
    content: Content,
    syntax: str = uids.EXPLICIT_LE,
    *,
    octets: bytes | None = None,
    honest_as: Content | None = None,
    patients: Iterable[str] | None = None,
    owed: Iterable[Tag] = (PIXEL_DATA,),
) -> Specimen:
    """A specimen of these elements.

    Args:
        content: The elements as they are sent, each with its lie.
        syntax: UID of the declared transfer syntax.
        octets: The data set, where elements alone do not make it.
        honest_as: Where identity and debts are taken from, if not from the content.
        patients: Patient IDs that may be shown; by default the honest one.
        owed: Tags of `content` whose values a success promises to keep.
    """
    values = {each.tag: each.value for each in honest_as or content}
    patient = str(values[PATIENT_ID])
    return Specimen(
        octets=encode_dataset(content, syntax) if octets is None else octets,
        syntax=syntax,
        sop_class=str(values[SOP_CLASS_UID]),
        sop_instance=str(values[SOP_INSTANCE_UID]),
        study=str(values[STUDY_INSTANCE_UID]),
        mark=patient[3:],
        patients=(patient,) if patients is None else tuple(patients),
        owes={tag: _as_octets(values[tag]) for tag in owed},
    )


def honest(content: Content, syntax: str = uids.EXPLICIT_LE) -> Specimen:
    """The honest object, without a deviation: what every other is compared with."""
    return written(content, syntax, owed=(PATIENT_NAME, PATIENT_ID, PIXEL_DATA))


def spliced(content: Content, raw: bytes, *, before: Tag, syntax: str = uids.EXPLICIT_LE) -> bytes:
    """The encoded elements with raw octets in front of the first of that tag or a higher one."""
    head = encode_dataset([each for each in content if each.tag < before], syntax)
    tail = encode_dataset([each for each in content if each.tag >= before], syntax)
    return head + raw + tail


def placed(content: Content, *extra: Element) -> tuple[Element, ...]:
    """The elements with more of them, each in its place by tag, in place of those they repeat."""
    others = {each.tag for each in extra}
    kept = [each for each in content if each.tag not in others]
    return tuple(sorted((*kept, *extra), key=lambda each: each.tag))


def decoy_of(content: Content) -> str:
    """A Patient ID that no reading of the standard gives, with the mark of the honest one."""
    return f"XXX{patient_of(content)[3:]}"


def patient_of(content: Content) -> str:
    """The honest Patient ID."""
    return str(next(each.value for each in content if each.tag == PATIENT_ID))


def _as_octets(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8")
