"""What a de-identified object says of itself, and how its values hang together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydicom.dataset import Dataset, FileDataset

from harness.model import JSON
from simulators.deidentification.related import BELOW, DATES, STAMP, UIDS

PIXELS: Final = 0x7FE00010
_DESCRIBED: Final = (0x00280002, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280103)
_DIGESTS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
_TELLING: Final = 10
"""So many digits in a row are no coincidence."""


def marks_of(read: FileDataset) -> dict[str, JSON]:
    """What it says of its de-identification (PS3.15 E.1.1)."""
    methods = read.get("DeidentificationMethodCodeSequence") or []
    codes = [[_text(each, "CodeValue"), _text(each, "CodingSchemeDesignator")] for each in methods]
    return {
        "removed": _text(read, "PatientIdentityRemoved"),
        "codes": [*codes],
        "method": bool(_text(read, "DeidentificationMethod")),
        "dates": _text(read, "LongitudinalTemporalInformationModified"),
    }


def picture_of(read: Dataset) -> str:
    """A digest of its picture and of what describes it; nothing where it has none."""
    if PIXELS not in read:
        return ""
    described = [str(read[tag].value) if tag in read else "" for tag in _DESCRIBED]
    digest = hashlib.sha256("/".join(described).encode())
    digest.update(bytes(read[PIXELS].value))
    return digest.hexdigest()


def uids_of(read: FileDataset, token: str) -> dict[str, JSON]:
    """For each original UID what stands now in its places, and what that is made of."""
    found: dict[str, list[str]] = {}
    for ending, value in _uids(read):
        found.setdefault(f"2.25.{token}.{ending}", []).append(value)
    meta = _text(read.file_meta, "MediaStorageSOPInstanceUID")
    pairs = [(old, new) for old, values in found.items() for new in values]
    return {
        "places": {old: [*values] for old, values in found.items()},
        "meta": meta,
        "instance": _text(read, "SOPInstanceUID"),
        "hashed": sorted({how for old, new in pairs if (how := hashed(old, new))}),
    }


def dates_of(read: FileDataset, originals: Mapping[int, str]) -> dict[str, JSON]:
    """What stands now for each date, in the order in which they were."""
    tags = sorted(DATES, key=DATES.__getitem__)
    items: Sequence[Dataset] = read.get("AnatomicRegionSequence") or []
    stamps = [str(each[STAMP].value) for each in (read, *items) if STAMP in each]
    return {
        "stamps": [stamp[:8] for stamp in stamps],
        "stamp": originals[0x00080022],
        "before": [originals[tag] for tag in tags],
        "after": [str(read[tag].value or "") if tag in read else "" for tag in tags],
    }


def hashed(old: str, new: str) -> str:
    """The plain digest by which a UID was made of another; nothing where none is found."""
    runs = [part for part in new.split(".") if len(part) >= _TELLING]
    for name in _DIGESTS:
        digest = hashlib.new(name, old.encode(), usedforsecurity=False)
        if any(_shows(part, digest.digest()) for part in runs):
            return name
    return ""


def _shows(part: str, digest: bytes) -> bool:
    """Whether the digits of a component begin as those of a digest, or of its first 16 octets."""
    telling = part[:_TELLING]
    numbers = (int.from_bytes(digest, "big"), int.from_bytes(digest[:16], "big"))
    little = (int.from_bytes(digest, "little"), int.from_bytes(digest[:16], "little"))
    return any(str(number).startswith(telling) for number in (*numbers, *little))


def _uids(read: FileDataset) -> Iterator[tuple[str, str]]:
    for tag, ending in UIDS.items():
        if tag in read:
            yield ending, str(read[tag].value or "")
    items: Sequence[Dataset] = read.get("AnatomicRegionSequence") or []
    for item in items:
        for tag, ending in BELOW.items():
            if tag in item:
                yield ending, str(item[tag].value or "")


def _text(read: Dataset, keyword: str) -> str:
    return str(read.get(keyword) or "")
