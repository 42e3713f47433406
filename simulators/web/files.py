"""What a WADO-RS answer holds: the parts of a multipart body, and the data set of a file; total."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simulators import wire
from simulators.corpus.files import GROUP_LENGTH, SYNTAX
from simulators.web.response import Response
from simulators.wire import uids

_MOST_PARTS: Final = 64
_META_AT: Final = 132
_HEAD: Final = 12


def parts_of(answer: Response) -> list[bytes]:
    """The contents of a multipart answer; of another one its body."""
    kind = answer.header("Content-Type")
    if not kind.lower().startswith("multipart/"):
        return [answer.body]
    mark = next((part for part in kind.split(";") if "boundary=" in part), "")
    boundary = mark.partition("=")[2].strip().strip('"').encode("latin-1")
    return list(_between(answer.body, b"--" + boundary)) if boundary else []


def _between(body: bytes, delimiter: bytes) -> Iterator[bytes]:
    for piece in body.split(delimiter, _MOST_PARTS + 1)[1:]:
        if piece.startswith(b"--"):
            return
        _, blank, content = piece.partition(b"\r\n\r\n")
        if blank:
            yield content.removesuffix(b"\r\n")


def data_set_of(file: bytes) -> tuple[bytes, str]:
    """The data set of a Part 10 file and its transfer syntax, as far as its beginning is honest."""
    if file[_META_AT - 4 : _META_AT] != b"DICM":
        return file, uids.EXPLICIT_LE
    length = wire.read_elements(file[_META_AT : _META_AT + _HEAD], uids.EXPLICIT_LE)
    said = b"".join(length.values(GROUP_LENGTH))
    begin = _META_AT + _HEAD + int.from_bytes(said[:4], "little")
    meta = wire.read_elements(file[_META_AT:begin], uids.EXPLICIT_LE)
    return file[begin:], meta.text(SYNTAX) or uids.EXPLICIT_LE
