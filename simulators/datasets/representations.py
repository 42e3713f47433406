"""Value representations that do not exist, or that the attribute does not have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from simulators.datasets.specimen import (
    PIXEL_DATA,
    Builder,
    Content,
    Specimen,
    placed,
    written,
)
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset

_DESCRIPTION: Final = 0x00400254
_TEXT: Final = Element(tag=0x00080104, vr="LO", value="synthetic")


def _unknown(vr: str, long: bool, content: Content) -> Specimen:
    odd = Element(tag=_DESCRIPTION, vr=vr, value=b"synthetic value ", long=long)
    return written(placed(content, odd))


_CODES: Final = (
    ("ZZ", True), ("ZZ", False), ("??", True), ("??", False), ("lo", False), ("ob", True),
    ("Lo", False), ("\0\0", True), ("  ", False), ("\xff\xff", False),
)  # fmt: skip

UNKNOWN_VRS: Final[Mapping[str, Builder]] = {
    f"{vr.encode('latin-1').hex()}-{'long' if long else 'short'}": partial(_unknown, vr, long)
    for vr, long in _CODES
}
"""Two octets that are no VR, in hexadecimal, with a length of 32 or 16 bits."""


def _as(tag: int, vr: str, value: bytes | str | tuple[DataItem, ...], content: Content) -> Specimen:
    owed = () if tag == PIXEL_DATA else (PIXEL_DATA,)
    sent = placed(content, Element(tag=tag, vr=vr, value=value))
    return written(sent, honest_as=content, owed=owed)


_ITEM: Final = (DataItem(elements=(_TEXT,)),)

WRONG_VRS: Final[Mapping[str, Builder]] = {
    "Rows-UL": partial(_as, 0x00280010, "UL", b"\x10\0\0\0"),
    "Rows-LO": partial(_as, 0x00280010, "LO", "16"),
    "Date-US": partial(_as, 0x00080020, "US", b"\xe4\x07"),
    "Comments-SQ": partial(_as, 0x00104000, "SQ", _ITEM),
    "ReferencedImageSequence-OB": partial(_as, 0x00081140, "OB", b"\xfe\xff\0\xe0" + bytes(12)),
    "ReferencedImageSequence-UI": partial(_as, 0x00081140, "UI", "2.25.1"),
    "ModalityLUTSequence-UN": partial(
        _as, 0x00283000, "UN", b"\xfe\xff\0\xe0\xf0\xff\0\0" + bytes(8)
    ),
    "DigitalSignaturesSequence-OB": partial(_as, 0xFFFAFFFA, "OB", b"synthetic "),
    "PixelData-LT": partial(_as, PIXEL_DATA, "LT", "synthetic" * 28 + "abcd"),
    "PixelData-SQ": partial(_as, PIXEL_DATA, "SQ", _ITEM),
}
"""An attribute of the dictionary with a VR that exists and is not its own."""


def _swapped(declared: str, actual: str, content: Content) -> Specimen:
    return written(
        content,
        declared,
        octets=encode_dataset(content, actual),
        # Nobody can read it as it is declared, so it may be shown as what was meant, or as nothing.
        patients=(*written(content).patients, ""),
        owed=(),
    )


SWAPS: Final[Mapping[str, Builder]] = {
    "implicit-as-explicit": partial(_swapped, uids.EXPLICIT_LE, uids.IMPLICIT_LE),
    "explicit-as-implicit": partial(_swapped, uids.IMPLICIT_LE, uids.EXPLICIT_LE),
    "big-endian-as-explicit": partial(_swapped, uids.EXPLICIT_LE, uids.EXPLICIT_BE),
    "big-endian-as-implicit": partial(_swapped, uids.IMPLICIT_LE, uids.EXPLICIT_BE),
}
"""A data set that is encoded otherwise than its transfer syntax says."""
