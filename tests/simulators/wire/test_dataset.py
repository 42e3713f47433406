"""Data sets, with pydicom as judge."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from pydicom import Dataset, dcmread
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

from simulators import wire

ITEM = (
    wire.Element(tag=0x00080100, vr="SH", value="CODE"),
    wire.Element(tag=0x00080104, vr="LO", value="meaning"),
)
ELEMENTS = (
    wire.Element(tag=0x00080016, vr="UI", value=wire.uids.CT_IMAGE_STORAGE),
    wire.Element(tag=0x00080018, vr="UI", value="1.2.3"),
    wire.Element(
        tag=0x00081110,
        vr="SQ",
        value=(wire.DataItem(elements=ITEM), wire.DataItem(elements=ITEM)),
    ),
    wire.Element(tag=0x00100010, vr="PN", value="Name^A"),
    wire.Element(tag=0x00280010, vr="US", value=b"\x02\x00"),
    wire.Element(tag=0x7FE00010, vr="OW", value=bytes(8)),
)


def judged(explicit: bool) -> tuple[Dataset, bytes]:
    """Return the same data set made and written by pydicom."""
    made = Dataset()
    made.SOPClassUID = wire.uids.CT_IMAGE_STORAGE
    made.SOPInstanceUID = "1.2.3"
    item = Dataset()
    item.CodeValue = "CODE"
    item.CodeMeaning = "meaning"
    made.ReferencedStudySequence = [item, item]
    made.PatientName = "Name^A"
    made.Rows = 2
    made.add_new(0x7FE00010, "OW", bytes(8))
    out = DicomBytesIO()
    out.is_little_endian = True
    out.is_implicit_VR = not explicit
    write_dataset(out, made)
    return made, out.getvalue()


@pytest.mark.parametrize("syntax", ["implicit", "explicit"])
def test_pydicom_writes_the_same_octets(syntax: str) -> None:
    _, octets = judged(syntax == "explicit")
    assert wire.encode_dataset(ELEMENTS, syntax) == octets


@pytest.mark.parametrize("explicit", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
def test_pydicom_reads_nested_sequences(explicit: bool, undefined: bool) -> None:
    element = wire.nested(30, leaf=ITEM, undefined=undefined)
    raw = wire.encode_dataset([element], "explicit" if explicit else "implicit")
    level = read_dataset(BytesIO(raw), not explicit, True)
    for _ in range(30):
        level = level.ContentSequence[0]
    assert level.CodeValue == "CODE"


def test_deflated_is_read_back() -> None:
    packed = wire.encode_dataset(ELEMENTS, wire.uids.DEFLATED_LE)
    assert len(packed) % 2 == 0
    assert zlib.decompressobj(-15).decompress(packed) == wire.encode_dataset(ELEMENTS, "explicit")
    meta = wire.encode_dataset(
        [wire.Element(tag=0x00020010, vr="UI", value=wire.uids.DEFLATED_LE)], "explicit"
    )
    length = wire.encode_dataset(
        [wire.Element(tag=0x00020000, vr="UL", value=struct.pack("<I", len(meta)))], "explicit"
    )
    read = dcmread(BytesIO(bytes(128) + b"DICM" + length + meta + packed))
    assert read.PatientName == "Name^A"


@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize("syntax", ["implicit", "explicit"])
def test_a_depth_of_twenty_thousand_is_linear(undefined: bool, syntax: str) -> None:
    raw = wire.encode_dataset([wire.nested(20_000, undefined=undefined)], syntax)
    per_level = 8 + 8 + (4 if syntax == "explicit" else 0) + (16 if undefined else 0)
    # The innermost sequence and item are there too: every level costs the same.
    assert len(raw) == 20_000 * per_level


def test_every_length_can_lie() -> None:
    lying = wire.Element(tag=0x00100010, vr="PN", value=b"A", length=0x7FFFFFFF)
    assert wire.encode_dataset([lying])[4:8] == b"\xff\xff\xff\x7f"
    item = wire.DataItem(elements=b"", length=5)
    sequence = wire.Element(tag=0x00081110, vr="SQ", value=(item,), length=wire.UNDEFINED)
    raw = wire.encode_dataset([sequence])
    assert raw == b"\x08\x00\x10\x11\xff\xff\xff\xff\xfe\xff\x00\xe0\x05\x00\x00\x00"


def test_encapsulated_fragments_and_their_delimiter() -> None:
    pixels = wire.Element(
        tag=0x7FE00010,
        vr="OB",
        value=(wire.DataItem(), wire.DataItem(elements=b"\xff\xd8")),
        undefined=True,
    )
    raw = wire.encode_dataset([pixels], "explicit")
    assert raw[8:12] == b"\xff\xff\xff\xff"
    assert raw[-8:] == b"\xfe\xff\xdd\xe0\0\0\0\0"
    assert raw[20:30] == b"\xfe\xff\x00\xe0\x02\0\0\0\xff\xd8"


def test_an_unknown_transfer_syntax_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        wire.encode_dataset([], "1.2.3")
