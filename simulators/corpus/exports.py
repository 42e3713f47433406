"""Folders of files for a program that writes media: some of them lie, beside two honest ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from harness.specimens import Files, Shelf
from simulators import hostile
from simulators.corpus.files import file_of, part10
from simulators.objects import PATIENT_NAME
from simulators.wire import uids
from simulators.wire.dataset import encode_dataset

GOOD: Final = ("IM1", "IM2")
"""Names of the honest files."""

_THIRD: Final = "IM3"


def honest_files(token: str) -> dict[str, bytes]:
    """Two images of one series."""
    return {
        name: file_of(hostile.elements_of(token, number), token)
        for number, name in enumerate(GOOD, 1)
    }


def _beside(third: bytes, token: str) -> Files:
    return {**honest_files(token), _THIRD: third}


def _third(token: str, tag: int, value: str | bytes) -> bytes:
    """A third image with another value."""
    whole = hostile.replacing(hostile.elements_of(token, 3), tag, value)
    return file_of(whole, token)


def _cut(token: str) -> bytes:
    return file_of(hostile.elements_of(token, 3), token)[:-200]


def _without(tag: int, token: str) -> bytes:
    kept = [each for each in hostile.elements_of(token, 3) if each.tag != tag]
    return part10(encode_dataset(kept, "explicit"), token=token, sop_instance=f"2.25.{token}.1.3")


def _disagreeing(token: str) -> bytes:
    """The file meta information names another object than the data set."""
    whole = encode_dataset(hostile.elements_of(token, 3), "explicit")
    return part10(whole, token=token, sop_instance=f"2.25.{token}.1.4")


def _huge(token: str) -> bytes:
    whole = list(hostile.elements_of(token, 3))
    whole[-1] = replace(whole[-1], length=0x7FFF_FFF0)
    return part10(
        encode_dataset(whole, uids.EXPLICIT_LE), token=token, sop_instance=f"2.25.{token}.1.3"
    )


_BAD: Final[Mapping[str, Callable[[str], bytes]]] = {
    "cut": _cut,
    "no-dicom-file": lambda token: token.encode() * 20,
    "empty": lambda _token: b"",
    "without-study": lambda token: _without(hostile.STUDY_INSTANCE_UID, token),
    "without-instance": lambda token: _without(hostile.SOP_INSTANCE_UID, token),
    "two-identities": _disagreeing,
    "pixels-of-2-gigabytes": _huge,
    "same-instance-again": lambda token: _third(
        token, hostile.SOP_INSTANCE_UID, f"2.25.{token}.1.1"
    ),
    "same-patient-id-other-name": lambda token: _third(
        token, hostile.PATIENT_NAME_TAG, "ARTIFICIAL^OTHER"
    ),
}
_NAMES: Final[Mapping[str, tuple[int, str]]] = {
    "instance-one-up": (hostile.SOP_INSTANCE_UID, "../assay-TOKEN"),
    "instance-three-up": (hostile.SOP_INSTANCE_UID, "../../../assay-TOKEN"),
    "instance-with-shell": (hostile.SOP_INSTANCE_UID, "2.25.1;:>assay-TOKEN"),
    "patient-three-up": (hostile.PATIENT_ID, "../../../assay-TOKEN"),
    "patient-option": (hostile.PATIENT_ID, "--help"),
    "study-three-up": (hostile.STUDY_INSTANCE_UID, "../../../assay-TOKEN"),
    "series-three-up": (hostile.SERIES_INSTANCE_UID, "../../../assay-TOKEN"),
    "modality-up": (hostile.MODALITY, "../../X"),
}


def _named(case: str) -> Callable[[str], Files]:
    tag, value = _NAMES[case]
    return lambda token: _beside(_third(token, tag, value.replace("TOKEN", token[:24])), token)


def _spoiled(make: Callable[[str], bytes]) -> Callable[[str], Files]:
    return lambda token: _beside(make(token), token)


def _with_more(token: str) -> Files:
    """Beside the images lie a preview, a note and a hidden log, which all name the patient."""
    whose = f"{PATIENT_NAME} SYN{token[:12]}\n".encode()
    return {
        **honest_files(token),
        "NOTES.TXT": whose,
        ".viewer.log": whose,
        "THUMBS.IDX": b"\xff\xd8\xff\xfe" + whose,
    }


_HEADS: Final[Mapping[str, bytes]] = {
    "dos-program": b"MZ" + bytes(58) + b"\x80\0\0\0",
    "elf-program": b"\x7fELF\2\1\1",
    "script": b"#!/bin/sh\n: synthetic\n",
    "page": b"<html><!-- synthetic -->",
    "archive": b"PK\3\4",
    "words": b"synthetic words that somebody left here",
}


def _headed(head: bytes) -> Callable[[str], Files]:
    def make(token: str) -> Files:
        preamble = head.ljust(128, b"\0")
        files = honest_files(token)
        return {name: preamble + octets[128:] for name, octets in files.items()}

    return make


EXPORTS: Final = Shelf(
    name="honest-export",
    deviation="None: two honest images.",
    expectation="Both are on the medium, and its directory names both.",
    makers={"two-images": honest_files},
)
MORE_THAN_IMAGES: Final = Shelf(
    name="more-than-images",
    deviation="Beside the images lie files of a viewer that name the patient.",
    expectation="The images alone go on the medium.",
    makers={"notes-and-previews": _with_more},
)
NAMED_BY_PATHS: Final = Shelf(
    name="exports-named-by-paths",
    deviation="An identifier of one image is a path, an option or a command.",
    expectation="Nothing is written elsewhere; the others are exported.",
    makers={name: _named(name) for name in _NAMES},
)
SPOILED: Final = Shelf(
    name="one-bad-among-good",
    deviation="One of three files is cut, is none, or contradicts itself or the others.",
    expectation="It is left out and reported; the others are exported, with a true directory.",
    makers={name: _spoiled(make) for name, make in _BAD.items()},
)
PREAMBLED: Final = Shelf(
    name="exports-with-preambles",
    deviation="The files begin with what makes them programs, pages or archives.",
    expectation="On the medium they begin with zeros.",
    makers={name: _headed(head) for name, head in _HEADS.items()},
)
