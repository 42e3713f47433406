"""Hostile data sets: a small synthetic object from raw elements, so that any of them can lie.

The honest objects of :mod:`simulators.objects` are built by pydicom, which would refuse or mend
what stands here. No payload anywhere: values hold digits of the play's token and path syntax only.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from harness.stage import Stage
from simulators import wire
from simulators.objects import INSTITUTION, PATIENT_NAME, SyntheticObject
from simulators.wire import uids

SOP_INSTANCE_UID: Final = 0x00080018
MODALITY: Final = 0x00080060
PATIENT_NAME_TAG: Final = 0x00100010
PATIENT_ID: Final = 0x00100020
STUDY_INSTANCE_UID: Final = 0x0020000D
SERIES_INSTANCE_UID: Final = 0x0020000E
CONTENT_SEQUENCE: Final = 0x0040A730
PIXEL_DATA: Final = 0x7FE00010

_SIDE = 16
_STEP = 1 << 20


def elements(stage: Stage, number: int = 1) -> tuple[wire.Element, ...]:
    """A complete Secondary Capture data set as raw elements in ascending order."""
    return elements_of(stage.token, number)


def elements_of(token: str, number: int = 1) -> tuple[wire.Element, ...]:
    """The same, marked with a token: for files that no play asked for."""
    root = f"2.25.{token}"
    short = (_SIDE).to_bytes(2, "little")
    rows: tuple[tuple[int, str, str | bytes], ...] = (
        (0x00080016, "UI", uids.SECONDARY_CAPTURE),
        (SOP_INSTANCE_UID, "UI", f"{root}.1.{number}"),
        (0x00080020, "DA", "20200101"),
        (0x00080030, "TM", "120000"),
        (0x00080050, "SH", f"A{token[:12]}"),
        (MODALITY, "CS", "OT"),
        (0x00080064, "CS", "SYN"),
        (0x00080080, "LO", INSTITUTION),
        (0x00080090, "PN", ""),
        (PATIENT_NAME_TAG, "PN", PATIENT_NAME),
        (PATIENT_ID, "LO", f"SYN{token[:12]}"),
        (0x00100030, "DA", ""),
        (0x00100040, "CS", "O"),
        (STUDY_INSTANCE_UID, "UI", f"{root}.2"),
        (SERIES_INSTANCE_UID, "UI", f"{root}.3"),
        (0x00200010, "SH", "1"),
        (0x00200011, "IS", "1"),
        (0x00200013, "IS", str(number)),
        (0x00280002, "US", b"\1\0"),
        (0x00280004, "CS", "MONOCHROME2"),
        (0x00280010, "US", short),
        (0x00280011, "US", short),
        (0x00280100, "US", b"\x08\0"),
        (0x00280101, "US", b"\x08\0"),
        (0x00280102, "US", b"\x07\0"),
        (0x00280103, "US", b"\0\0"),
        (PIXEL_DATA, "OW", bytes(_SIDE * _SIDE)),
    )
    return tuple(wire.Element(tag=tag, vr=vr, value=value) for tag, vr, value in rows)


def replacing(
    honest: Sequence[wire.Element], tag: int, value: str | bytes
) -> tuple[wire.Element, ...]:
    """The elements with one value replaced, whatever its VR permits."""
    return tuple(replace(each, value=value) if each.tag == tag else each for each in honest)


def adding(honest: Sequence[wire.Element], extra: wire.Element) -> tuple[wire.Element, ...]:
    """The elements with one more, in its place by tag."""
    return tuple(sorted((*honest, extra), key=lambda each: each.tag))


def as_object(content: Sequence[wire.Element], transfer_syntax: str) -> SyntheticObject:
    """The elements encoded, with the identity that they claim."""
    claimed = {each.tag: each.value for each in content}
    return SyntheticObject(
        sop_class=str(claimed[0x00080016]),
        sop_instance=str(claimed[SOP_INSTANCE_UID]),
        study=str(claimed[STUDY_INSTANCE_UID]),
        transfer_syntax=transfer_syntax,
        dataset=wire.encode_dataset(content, transfer_syntax),
    )


def path_forms(canary: PurePath, token: str) -> Mapping[str, str]:
    """Names that climb or jump out of a folder when they are used as a path, by form.

    Every target lies in the laboratory's own sandbox or does not exist, at most three folders
    above the device's storage; every name fits the 64 characters of a UID.

    Args:
        canary: An absolute folder of the sandbox, outside the device's own.
        token: Digits that mark what was written as ours.
    """
    return {
        "one-up": f"../{token}",
        "three-up": f"../../../{token}",
        "through-a-folder": f"1/../../{token}",
        "absolute": f"{canary}/{token}",
        "backslash": f"..\\..\\{token}",
        "drive": f"C:\\{token}",
        "unc": f"\\\\127.0.0.1\\share\\{token}",
        "nul": f"../{token}\0.1",
        "dot": ".",
        "dot-dot": "..",
        "encoded": f"%2e%2e%2f{token}",
        "line-break": f"1.2\n/../../{token}",
    }


def deflated_bomb(honest: Sequence[wire.Element], size: int) -> bytes:
    """A deflated data set (PS3.5 A.5) whose Pixel Data are ``size`` zeros; honest but for that.

    Deflated piece by piece: the harness itself never holds what it makes the device hold.

    Args:
        honest: Elements of an object; its Pixel Data are replaced.
        size: Bytes of Pixel Data after inflation, even.
    """
    kept = [each for each in honest if each.tag < PIXEL_DATA]
    pixels = wire.Element(tag=PIXEL_DATA, vr="OW", length=size)
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = [packer.compress(wire.encode_dataset([*kept, pixels], "explicit"))]
    zeros = bytes(_STEP)
    for start in range(0, size, _STEP):
        packed.append(packer.compress(zeros[: size - start]))
    packed.append(packer.flush())
    whole = b"".join(packed)
    return whole + b"\0" * (len(whole) % 2)
