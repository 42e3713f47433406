"""What a flawed reader does with a file that it has understood: casts, traces, programs."""

import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.medium import Medium
from simulators.devices.reference.reader import Opened
from simulators.wire.reading import Found

_ROWS_AND_COLUMNS = (0x00280010, 0x00280011)
_TRACE = "THUMBS.IDX"
_OURS: Final = re.compile(r"#!/bin/sh\n: >\.\./(assay-\d{1,64})\n")
"""The one program of the bench, whole: it leaves an empty file with a mark above its folder."""


def misuse(opened: Opened, flaws: Flaws) -> None:
    """Do with a file what a flaw does with it."""
    if flaws.has("read_leaves_traces"):
        opened.path.with_name(_TRACE).write_bytes(b"index")
    if flaws.has("read_casts_values") and _has_wrong_width(opened.elements):
        os.kill(os.getpid(), signal.SIGSEGV)
    if flaws.has("read_believes_private_creators"):
        _private_dictionary(opened.elements)
    if flaws.has("read_searches_each_part"):
        _search(opened.elements)


def misuse_medium(medium: Medium, flaws: Flaws) -> None:
    """Do with a medium what a flaw does with it."""
    if flaws.has("read_starts_programs"):
        for program in sorted(medium.folder.glob("*.sh")):
            _start(program)
    if flaws.has("read_searches_each_part"):
        for _ in medium.entries:
            Medium(medium.reader, medium.opened)


def _start(program: Path) -> None:
    """Do what the bench's own program would do, and nothing for any other one.

    Nothing is ever run: whoever lays a medium of his own before the flawed device starts nothing.
    """
    with program.open("r", encoding="ascii", errors="replace", newline="") as file:
        ours = _OURS.fullmatch(file.read(256))
    if ours:
        (program.parent.parent / ours[1]).touch()


def _has_wrong_width(elements: Mapping[int, Found]) -> bool:
    """Tell whether a number of a picture has another width than the dictionary says."""
    sizes = [len(elements[tag].value) for tag in _ROWS_AND_COLUMNS if tag in elements]
    return any(size != 2 for size in sizes)


def _private_dictionary(elements: Mapping[int, Found]) -> None:
    """Look the creator of each private element up, who is there of course."""
    for tag in elements:
        if tag >> 16 & 1 and tag & 0xFFFF > 0xFF:
            block = tag & 0xFFFF0000 | tag >> 8 & 0xFF
            elements[block].value.decode("ascii")


def _search(elements: Mapping[int, Found]) -> None:
    """Look through all elements for each of them."""
    tags = list(elements)
    for tag in tags:
        sum(1 for other in tags if other == tag)
