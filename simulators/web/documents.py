"""Bodies of store requests that lie: nested, deep, compressed, or naming addresses."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Final

from harness.stage import Stage
from simulators.objects import synthetic_dataset
from simulators.web import multipart
from simulators.web.honest import JSON, stow_body
from simulators.web.request import Request

_PIXEL_DATA: Final = "7FE00010"
_EXPLICIT_LE: Final = "1.2.840.10008.1.2.1"
_STEP: Final = 1 << 20


def nested(depth: int) -> bytes:
    """A multipart body that holds one, that holds one ... and nothing at last."""
    opening, closing = bytearray(), bytearray()
    for level in range(depth):
        mark = multipart.BOUNDARY if level == 0 else f"b{level:05d}"
        kind = f'multipart/related; type="application/dicom"; boundary=b{level + 1:05d}'
        opening += f"--{mark}\r\nContent-Type: {kind}\r\n\r\n".encode()
        closing[:0] = f"\r\n--{mark}--\r\n".encode()
    return bytes(opening) + b"nothing" + bytes(closing)


def stow_metadata(stage: Stage, document: bytes) -> Request:
    """A store request of metadata in JSON (PS3.18 10.5.2) without bulk data parts."""
    body = multipart.body([multipart.Part(content=document, media_type=JSON)])
    return stow_body(stage, body, media_type=JSON)


def with_bulk_data_at(stage: Stage, url: str) -> bytes:
    """The metadata of an object whose pixels are at an address."""
    dataset = synthetic_dataset(stage)
    del dataset.PixelData
    document = dataset.to_json_dict()
    document["00083002"] = {"vr": "UI", "Value": [_EXPLICIT_LE]}
    document[_PIXEL_DATA] = {"vr": "OB", "BulkDataURI": url}
    return json.dumps([document]).encode()


def deep(stage: Stage, depth: int) -> bytes:
    """Metadata with sequences in sequences; written by hand, because encoders stop early."""
    opening = b'{"0040A730":{"vr":"SQ","Value":['
    dataset = synthetic_dataset(stage)
    del dataset.PixelData
    honest = json.dumps(dataset.to_json_dict()).encode()
    return b"[" + honest[:-1] + b"," + opening[1:] + opening * depth + b"]}}" * depth + b"]}}]"


def broken_json(stage: Stage) -> Mapping[str, bytes]:
    """Ten descriptions of one object, each with one value that is not what its VR says."""
    dataset = synthetic_dataset(stage)
    honest = dataset.to_json_dict()
    name = json.dumps(honest)[1:-1]
    changed: Mapping[str, tuple[str, object]] = {
        "a number for a text": ("00080060", {"vr": "CS", "Value": 7}),
        "an object for a list": ("00100020", {"vr": "LO", "Value": {"a": "b"}}),
        "a text for a list": ("0020000D", {"vr": "UI", "Value": honest["0020000D"]["Value"][0]}),
        "a list of lists": ("00100010", {"vr": "PN", "Value": [[{"Alphabetic": "A"}]]}),
        "a text for a number": ("00280010", {"vr": "US", "Value": ["sixteen"]}),
        "a number beyond its VR": ("00280010", {"vr": "US", "Value": [1e300]}),
        "no Base64": (_PIXEL_DATA, {"vr": "OB", "InlineBinary": "=?*"}),
        "a huge InlineBinary": (_PIXEL_DATA, {"vr": "OB", "InlineBinary": "A" * (2 << 20)}),
        "no VR": ("00080018", {"Value": honest["00080018"]["Value"]}),
    }
    made = {what: json.dumps([{**honest, key: new}]) for what, (key, new) in changed.items()}
    made["every key twice"] = f"[{{{name},{name}}}]"
    return {what: text.encode() for what, text in made.items()}


def gzip_zeros(opening: bytes, expanded: int) -> bytes:
    """Octets and then zeros, compressed piece by piece: we never hold what we make others hold."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    zeros = bytes(_STEP)
    packed = [packer.compress(opening)]
    packed += [packer.compress(zeros) for _ in range(expanded // _STEP)]
    return b"".join([*packed, packer.flush()])
