"""The reading that others are compared with: by PS3.5, total, and never further than the octets."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.filereader import read_dataset

from simulators import wire
from simulators.wire import uids

TEXT = wire.Element(tag=0x00080104, vr="LO", value="meaning")
PATIENT = wire.Element(tag=0x00100020, vr="LO", value="ID1")
PIXELS = wire.Element(tag=0x7FE00010, vr="OW", value=bytes(8))


@pytest.mark.parametrize("syntax", [uids.IMPLICIT_LE, uids.EXPLICIT_LE])
@pytest.mark.parametrize("undefined", [False, True])
def test_elements_behind_nested_sequences_are_found(syntax: str, undefined: bool) -> None:
    deep = wire.nested(40, leaf=(TEXT, PATIENT), undefined=undefined)
    raw = wire.encode_dataset([PATIENT, deep, PIXELS], syntax)
    reading = wire.read_elements(raw, syntax)
    assert reading.fault == ""
    assert [each.tag for each in reading.elements] == [PATIENT.tag, deep.tag, PIXELS.tag]
    assert reading.values(PATIENT.tag) == (b"ID1 ",)
    assert reading.text(PATIENT.tag) == "ID1"
    assert reading.text(0x00100010) is None
    assert b"".join(raw[each.at : each.end] for each in reading.elements) == raw


def test_what_stands_in_unknown_lists_is_implicit() -> None:
    inside = wire.encode_dataset([PATIENT], "implicit")
    unknown = wire.Element(
        tag=0x00091001, vr="UN", value=(wire.DataItem(elements=inside, undefined=True),),
        undefined=True,
    )  # fmt: skip
    raw = wire.encode_dataset([unknown, PIXELS], "explicit")
    reading = wire.read_elements(raw, uids.EXPLICIT_LE)
    assert reading.fault == ""
    assert reading.values(PIXELS.tag) == (bytes(8),)
    assert reading.values(PATIENT.tag) == ()


def test_fragments_are_passed_over() -> None:
    fragments = (wire.DataItem(elements=b""), wire.DataItem(elements=b"\xfe\xff\xdd\xe0"))
    pixels = wire.Element(tag=0x7FE00010, vr="OB", value=fragments, undefined=True)
    raw = wire.encode_dataset([PATIENT, pixels], "explicit")
    reading = wire.read_elements(raw, uids.EXPLICIT_LE)
    assert reading.fault == ""
    assert reading.elements[-1].undefined
    assert reading.elements[-1].end == len(raw)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"\x10\0\x20\0LO", "header cut"),
        (b"\x10\0\x20\0OB\0\0", "header cut"),
        (b"\x10\0\x20\0LO\4\0ab", "longer than the data set"),
        (b"\x10\0\x20\0lo\2\0ab", "no value representation"),
        (b"\xfe\xff\x0d\xe0\0\0\0\0", "top level"),
        (b"\x40\0\x30\xa7SQ\0\0\xff\xff\xff\xff", "header cut"),
        (b"\x40\0\x30\xa7SQ\0\0\xff\xff\xff\xff\x10\0\x20\0LO\0\0", "no place"),
    ],
)
def test_reading_ends_where_there_is_no_data_set(raw: bytes, fault: str) -> None:
    reading = wire.read_elements(wire.encode_dataset([TEXT], "explicit") + raw, uids.EXPLICIT_LE)
    assert fault in reading.fault
    assert [each.tag for each in reading.elements] == [TEXT.tag]


@given(st.binary(max_size=200), st.sampled_from([uids.IMPLICIT_LE, uids.EXPLICIT_LE]))
def test_any_octets_have_a_reading(raw: bytes, syntax: str) -> None:
    reading = wire.read_elements(raw, syntax)
    ends = [0, *(each.end for each in reading.elements)]
    assert ends == sorted(ends)
    assert ends[-1] <= len(raw)
    assert reading.fault or ends[-1] == len(raw)


def test_big_endian_is_what_pydicom_reads() -> None:
    elements = (
        PATIENT,
        wire.Element(tag=0x00280009, vr="AT", value=b"\x18\0\x63\x10"),
        wire.Element(tag=0x00280010, vr="US", value=b"\x10\0"),
        wire.Element(tag=0x00281050, vr="DS", value="1.5"),
        wire.Element(tag=0x7FE00010, vr="OB", value=b"\1\2\3\4"),
    )
    found = read_dataset(BytesIO(wire.encode_dataset(elements, uids.EXPLICIT_BE)), False, False)
    assert (found.PatientID, found.Rows, found.WindowCenter) == ("ID1", 16, 1.5)
    assert found.FrameIncrementPointer == 0x00181063
    assert found.PixelData == b"\1\2\3\4"


def test_big_endian_has_no_sequences() -> None:
    with pytest.raises(TypeError):
        wire.encode_dataset([wire.nested(1)], "big")


@pytest.mark.parametrize(("long", "header"), [(True, b"ZZ\0\0\2\0\0\0"), (False, b"ZZ\2\0")])
def test_the_width_of_a_length_can_be_chosen(long: bool, header: bytes) -> None:
    element = wire.Element(tag=0x00080104, vr="ZZ", value=b"ab", long=long)
    assert wire.encode_dataset([element], "explicit") == b"\x08\0\x04\x01" + header + b"ab"
