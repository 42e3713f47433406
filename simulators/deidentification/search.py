"""What is left of canaries in what a de-identifier wrote: octets that nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from simulators.deidentification.canaries import Canary


def opened(octets: bytes) -> FileDataset | str:
    """A file as PS3.10 7 has it, or why it is none."""
    try:
        read = dcmread(BytesIO(octets))
        # Values are converted when they are asked for; what cannot be is found now.
        for _ in read.iterall():
            pass
    except Exception as error:  # whatever it is that pydicom stumbles over, it is no file
        return f"{type(error).__name__}: {error}"
    return read


def found_among(read: Dataset, canaries: Iterable[Canary]) -> list[Canary]:
    """The canaries that still stand in their own attribute, at whatever depth."""
    values: dict[int, list[str]] = {}
    for each in read.iterall():
        values.setdefault(int(each.tag), []).append(str(each.value))
    return [
        one for one in canaries
        if any(value.startswith(one.text) for value in values.get(one.tag, ()))
    ]  # fmt: skip


def plain(read: FileDataset) -> bytes:
    """Its data set without compression, for a search."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, True
    write_dataset(buffer, read)
    return buffer.getvalue()


def found_in(octets: bytes, canaries: Iterable[Canary]) -> list[Canary]:
    """The canaries that stand somewhere in these octets, in any case, or two octets wide."""
    folded = octets.upper()
    return [one for one in canaries if any(look.search(folded) for look in _looks(one.text))]


def _looks(text: str) -> Iterator[re.Pattern[bytes]]:
    """What a text looks like; digits that continue another number are no canary."""
    before = rb"(?<![0-9.])" if text[0].isdigit() else b""
    yield re.compile(before + re.escape(text.upper().encode()))
    for wide in ("utf-16-le", "utf-16-be"):
        yield re.compile(re.escape(text.upper().encode(wide)))
