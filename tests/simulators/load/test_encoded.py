"""Every number stands in every place, whatever the fragments, and pixels are kept once."""

import io

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

from simulators import wire
from simulators.load import naming
from simulators.load.encoded import (
    Prepared,
    prepare_commit,
    prepare_echo,
    prepare_find,
    prepare_get,
    prepare_move,
    prepare_store,
)
from simulators.load.template import LARGEST_PDU
from simulators.wire import uids

ROOT = naming.uid_root(2**120)
ROOTS = st.sampled_from([ROOT, "2.25.7", "1.2.3.45", "2.25." + "7" * 35])


def dataset(pixels: int = 300, *, implicit: bool = False) -> bytes:
    made = Dataset()
    made.SOPClassUID = uids.SECONDARY_CAPTURE
    made.SOPInstanceUID = "1.2.3"
    item = Dataset()
    item.ReferencedSOPInstanceUID = "1.2.3.4.5.6"
    made.ReferencedImageSequence = [item]
    made.PatientName = "SYNTHETIC^ASSAY"
    made.StudyInstanceUID = "1.2.840.99999.1"
    made.SeriesInstanceUID = "1.2.840.99999.1.2"
    made.Rows = 1
    made.PixelData = bytes(range(100)) * (pixels // 100)
    made["PixelData"].VR = "OW" if implicit else "OB"
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, implicit
    write_dataset(buffer, made)
    return buffer.getvalue()


SMALL = dataset()


def sent(
    prepared: Prepared, number: int, message_id: int
) -> tuple[wire.Message, list[wire.PDataTF]]:
    """What an independent reader makes of the octets that leave."""
    raw = b"".join(prepared.patch(number, message_id))
    assert len(raw) == prepared.size
    stream, assembler, pdus = wire.PduBuffer(), wire.Reassembler(), []
    stream.feed(raw)
    messages = []
    while (pdu := stream.next()) is not None:
        assert isinstance(pdu, wire.PDataTF)
        pdus.append(pdu)
        messages += assembler.feed(pdu)
    assert assembler.faults == []
    (message,) = messages
    return message, pdus


def read(octets: bytes | None) -> Dataset:
    assert octets is not None
    return pydicom.dcmread(io.BytesIO(octets), force=True)


@settings(max_examples=60, deadline=None)
@given(
    max_pdu=st.one_of(st.integers(8, 400), st.integers(0, 200_000)),
    root=ROOTS,
    lane=st.integers(0, 99_999),
    number=st.integers(0, naming.MOST_NUMBERS - 1),
    message_id=st.integers(0, 0xFFFF),
)
def test_a_store_is_named_everywhere(
    max_pdu: int, root: str, lane: int, number: int, message_id: int
) -> None:
    prepared = prepare_store(
        5, uids.SECONDARY_CAPTURE, SMALL, uid_root=root, lane=lane, max_pdu=max_pdu
    )
    prepared.patch(naming.MOST_NUMBERS - 1, 0xFFFF)
    message, pdus = sent(prepared, number, message_id)
    name = naming.sop_instance_uid(root, lane, number)
    assert message.context_id == 5
    assert message.command["MessageID"] == message_id
    assert message.command["AffectedSOPInstanceUID"] == name == prepared.sop_instance(number)
    found, original = read(message.dataset), read(SMALL)
    assert found.SOPInstanceUID == name
    assert found.StudyInstanceUID == naming.study_uid(root, lane)
    assert found.SeriesInstanceUID == naming.series_uid(root, lane)
    assert found.PixelData == naming.content_mark(lane, number) + original.PixelData[16:]
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "PixelData"):
        del found[keyword], original[keyword]
    assert found == original
    limit = max(max_pdu, 8) if max_pdu else LARGEST_PDU
    assert all(len(wire.encode(pdu)) - 6 <= limit for pdu in pdus)
    assert prepared.octets == len(message.dataset or b"")


def test_implicit_vr_is_named_too() -> None:
    raw = dataset(implicit=True)
    prepared = prepare_store(1, "1.2", raw, uid_root=ROOT, lane=3, max_pdu=0)
    message, _ = sent(prepared, 8, 1)
    assert message.dataset is not None
    found = read_dataset(io.BytesIO(message.dataset), True, True)
    assert found.SOPInstanceUID == naming.sop_instance_uid(ROOT, 3, 8)
    assert found.PixelData[:16] == naming.content_mark(3, 8)


@pytest.mark.parametrize("max_pdu", [0, 16_384])
def test_lanes_share_the_pixels_and_not_the_names(max_pdu: int) -> None:
    large = dataset(1_000_000)
    one, other = (
        prepare_store(1, "1.2", large, uid_root=ROOT, lane=lane, max_pdu=max_pdu) for lane in (1, 2)
    )
    first, second = one.patch(4, 1), other.patch(5, 2)
    assert first[-1].obj is second[-1].obj
    assert len(first[-1]) > 999_000
    assert [read(sent(each, 6, 1)[0].dataset).PixelData[:16] for each in (one, other)] == [
        naming.content_mark(1, 6),
        naming.content_mark(2, 6),
    ]
    assert one.patch(7, 1) is first


def test_two_data_sets_are_not_taken_for_one() -> None:
    one, other = dataset(200), dataset(400)
    made = [
        prepare_store(1, "1.2", each, uid_root=ROOT, lane=0, max_pdu=0).octets
        for each in (one, other)
    ]
    assert made[1] - made[0] == 200


def test_encapsulated_pixels_are_left_alone() -> None:
    head = wire.encode_dataset((wire.Element(tag=0x00080018, vr="UI", value="1.2"),), "explicit")
    item = (wire.DataItem(), wire.DataItem(elements=b"JPEG" * 10))
    tail = wire.encode_dataset(
        (wire.Element(tag=0x7FE00010, vr="OB", value=item, undefined=True),), "explicit"
    )
    prepared = prepare_store(1, "1.2", head + tail, uid_root=ROOT, lane=0, max_pdu=0)
    message, _ = sent(prepared, 1, 1)
    assert message.dataset is not None
    assert message.dataset.endswith(tail)
    assert naming.sop_instance_uid(ROOT, 0, 1).encode() in message.dataset


def test_an_object_without_name_is_refused() -> None:
    nameless = wire.encode_dataset(
        (wire.Element(tag=0x00100010, vr="PN", value="A^B"),), "explicit"
    )
    with pytest.raises(ValueError, match="0008,0018"):
        prepare_store(1, "1.2", nameless, uid_root=ROOT, lane=0, max_pdu=0)


def test_echo_and_queries_carry_their_id_and_identifier() -> None:
    echo, _ = sent(prepare_echo(3), 1, 77)
    assert (echo.context_id, echo.command["CommandField"], echo.command["MessageID"]) == (
        3,
        0x30,
        77,
    )
    for prepared, field in (
        (prepare_find(1, uids.STUDY_ROOT_FIND, b"keys"), 0x20),
        (prepare_get(1, uids.STUDY_ROOT_GET, b"keys", max_pdu=20), 0x10),
        (prepare_move(1, uids.STUDY_ROOT_MOVE, b"keys", "THERE"), 0x21),
    ):
        message, _ = sent(prepared, 0, 513)
        assert message.command["CommandField"] == field == prepared.field
        assert message.command["MessageID"] == 513
        assert message.dataset == b"keys"
        assert prepared.multiple
        assert prepared.sop_instance(1) == ""


def test_each_commitment_is_a_transaction_of_its_own() -> None:
    references = [("1.2.3", "1.2.3.4"), ("1.2.3", "1.2.3.5")]
    prepared = prepare_commit(1, references, uid_root=ROOT, lane=2, max_pdu=64)
    seen = [read(sent(prepared, number, number)[0].dataset) for number in (1, 2)]
    assert [each.TransactionUID for each in seen] == [
        naming.transaction_uid(ROOT, 2, number) for number in (1, 2)
    ]
    listed = [item.ReferencedSOPInstanceUID for item in seen[0].ReferencedSOPSequence]
    assert listed == ["1.2.3.4", "1.2.3.5"]
