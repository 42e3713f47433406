"""Files whose beginning lies: preamble, prefix and File Meta Information (PS3.10 7.1)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from harness.specimens import Files, Shelf
from simulators.corpus.files import (
    GROUP_LENGTH,
    PREAMBLE,
    PREFIX,
    SOP_INSTANCE,
    SYNTAX,
    content_of,
    lied,
    meta_of,
    one,
    part10,
    with_length,
)
from simulators.wire import uids
from simulators.wire.dataset import Element, encode_dataset

_MARK: Final = "echo synthetic"


def _dataset(token: str) -> bytes:
    return encode_dataset(content_of(token), "explicit")


def _honest_meta(token: str) -> tuple[Element, ...]:
    return meta_of(uids.SECONDARY_CAPTURE, f"2.25.{token}.1.1", uids.EXPLICIT_LE)


def _said(length: int, token: str) -> bytes:
    return with_length(_honest_meta(token), length)


def _without(tag: int, token: str) -> bytes:
    return with_length([each for each in _honest_meta(token) if each.tag != tag])


def _no_length(token: str) -> bytes:
    return encode_dataset(_honest_meta(token), "explicit")


def _twice(token: str) -> bytes:
    meta = _honest_meta(token)
    again = Element(tag=SYNTAX, vr="UI", value=uids.EXPLICIT_BE)
    return with_length((*meta[:4], again, *meta[4:]))


def _length_twice(token: str) -> bytes:
    first = Element(tag=GROUP_LENGTH, vr="UL", value=b"\0\0\0\0")
    return encode_dataset([first], "explicit") + with_length(_honest_meta(token))


def _odd_length(token: str) -> bytes:
    """The group length is an element of two octets, where it has four."""
    short = Element(tag=GROUP_LENGTH, vr="US", value=b"\x40\0")
    return encode_dataset([short], "explicit") + _no_length(token)


def _implicit(token: str) -> bytes:
    return encode_dataset(_honest_meta(token), "implicit")


def _lying(tag: int, length: int, token: str) -> bytes:
    meta = [lied(each, length) if each.tag == tag else each for each in _honest_meta(token)]
    return with_length(meta)


def _other_vr(token: str) -> bytes:
    meta = [replace(each, vr="OB") if each.tag == SYNTAX else each for each in _honest_meta(token)]
    return with_length(meta)


def _private_huge(token: str) -> bytes:
    """Private Information that says it has two gigabytes."""
    lying = Element(tag=0x00020102, vr="OB", value=b"\1\2", length=0x7FFF_FFFE)
    creator = Element(tag=0x00020100, vr="UI", value="2.25.1")
    return with_length((*_honest_meta(token), creator, lying), 0xC0)


_METAS: Final[Mapping[str, Callable[[str], bytes]]] = {
    "length-of-nothing": partial(_said, 0),
    "length-of-ten": partial(_said, 10),
    "length-over-the-data-set": partial(_said, 0x400),
    "length-of-2-gigabytes": partial(_said, 0x7FFF_FFFE),
    "length-undefined": partial(_said, 0xFFFF_FFFF),
    "no-length": _no_length,
    "length-twice": _length_twice,
    "length-of-two-octets": _odd_length,
    "no-transfer-syntax": partial(_without, SYNTAX),
    "no-instance": partial(_without, SOP_INSTANCE),
    "two-transfer-syntaxes": _twice,
    "implicit": _implicit,
    "instance-too-long": partial(_lying, SOP_INSTANCE, 0xFFFE),
    "syntax-as-octets": _other_vr,
    "private-of-2-gigabytes": _private_huge,
    "nothing": lambda token: b"",
}


def _with_meta(make: Callable[[str], bytes], token: str) -> Files:
    return one(part10(_dataset(token), token=token, meta=make(token)))


def _raw(make: Callable[[str], bytes], token: str) -> Files:
    return one(make(token))


FAULTS: Final = Shelf(
    name="meta-information-faults",
    deviation="The File Meta Information is missing, repeated, mistyped or of untrue length.",
    expectation="It is refused with a message, or read as what its elements say.",
    makers={
        **{name: partial(_with_meta, make) for name, make in _METAS.items()},
        "no-preamble": partial(_raw, _dataset),
    },
)


NONE: Final = Shelf(
    name="no-dicom-files",
    deviation="The file is empty, ends before its data set, or holds something else.",
    expectation="It is refused with a message: there is nothing to read.",
    makers={
        "empty": partial(_raw, lambda token: b""),
        "preamble-only": partial(_raw, lambda token: PREAMBLE),
        "prefix-only": partial(_raw, lambda token: PREAMBLE + PREFIX),
        "text": partial(_raw, lambda token: b"synthetic text, and no object\n" * 40),
        "page": partial(_raw, lambda token: b"<!doctype html><title>synthetic</title>" * 20),
    },
)


def _mz(token: str) -> bytes:
    """A DOS header whose new header lies behind the pixels; no instruction anywhere."""
    return b"MZ" + bytes(58) + struct.pack("<I", 0x1000)


def _elf(token: str) -> bytes:
    """The header of a program for a machine that does not exist, without segments."""
    return b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 2, 0xFFFE, 1)


def _script(token: str) -> bytes:
    return f"#!/bin/sh\n{_MARK} {token}\nexit\n".encode()


def _page(token: str) -> bytes:
    return f"<!doctype html><title>{token}</title><!--".encode()


def _pdf(token: str) -> bytes:
    return f"%PDF-1.4\n% synthetic {token}\n".encode()


def _tiff(token: str) -> bytes:
    return b"II*\0" + struct.pack("<I", 0x100)


_PREAMBLES: Final[Mapping[str, Callable[[str], bytes]]] = {
    "dos-program": _mz, "elf-program": _elf, "shell-script": _script, "web-page": _page,
    "pdf": _pdf, "tiff": _tiff, "zip": lambda token: b"PK\3\4\x14" + bytes(25),
    "batch": lambda token: f"@echo off\r\n{_MARK} {token}\r\nexit /b\r\n".encode(),
}  # fmt: skip


def _led(make: Callable[[str], bytes], token: str) -> Files:
    preamble = make(token).ljust(128, b"\0")
    return one(part10(_dataset(token), token=token, preamble=preamble))


PREAMBLES: Final = Shelf(
    name="preambles-of-programs",
    deviation="The preamble makes the file a program, a script or a page at the same time.",
    expectation="It is read as DICOM or refused with a message; nothing in it is run.",
    makers={name: partial(_led, make) for name, make in _PREAMBLES.items()},
)


def _stored(name: bytes, content: bytes, at: int) -> bytes:
    """A zip archive of one stored file, whose offsets count from the beginning of the DICOM file.

    Made here: an archive that is part of another file is beyond what libraries write.
    """
    crc, size = zlib.crc32(content), len(content)
    common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, crc, size, size, len(name), 0)
    local = b"PK\3\4" + common + name + content
    central = b"PK\1\2\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + name
    ending = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), at + len(local), 0)
    return local + central + b"PK\5\6" + ending


def _ends_as(kind: str, token: str) -> Files:
    """Another format stands behind the data set, in Data Set Trailing Padding (PS3.10 7.2)."""
    begin = part10(_dataset(token), token=token)
    tails = {
        "zip": lambda: _stored(b"synthetic.txt", token.encode(), len(begin) + 12),
        "html": lambda: f"--><!doctype html><title>{token}</title>".encode(),
        "pdf": lambda: f"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj % {token}\n%%EOF".encode(),
        "zip-that-climbs": lambda: _stored(
            f"../../assay-{token}".encode(), token.encode(), len(begin) + 12
        ),
    }
    tail = tails[kind]()
    padded = tail + b"\0" * (len(tail) % 2)
    padding = Element(tag=0xFFFCFFFC, vr="OB", value=padded)
    return one(begin + encode_dataset([padding], "explicit"))


POLYGLOTS: Final = Shelf(
    name="polyglots",
    deviation="Behind the data set the same file is an archive, a page or a document.",
    expectation="It is read as DICOM or refused with a message; nothing in it is unpacked.",
    makers={name: partial(_ends_as, name) for name in ("zip", "html", "pdf", "zip-that-climbs")},
)
