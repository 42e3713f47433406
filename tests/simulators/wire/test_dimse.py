"""Command sets: builders, lies, totality, and pynetdicom and pydicom as judges."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.datadict import dictionary_keyword, dictionary_VR
from pydicom.uid import UID
from pynetdicom import dimse_messages, dimse_primitives
from pynetdicom.dsutils import decode as judge_decode
from pynetdicom.dsutils import encode as judge_encode

from simulators import wire
from simulators.wire.command_dictionary import DICTIONARY, TAGS

SOP, INSTANCE = wire.uids.CT_IMAGE_STORAGE, "1.2.3.4"
HONEST = {
    "C_ECHO_RQ": wire.c_echo_rq(7),
    "C_ECHO_RSP": wire.c_echo_rsp(7),
    "C_STORE_RQ": wire.c_store_rq(
        SOP, INSTANCE, 7, move_originator="MOVER", move_originator_message_id=3
    ),
    "C_STORE_RSP": wire.c_store_rsp(SOP, INSTANCE, 7, 0xB000),
    "C_FIND_RQ": wire.c_find_rq(message_id=7),
    "C_FIND_RSP": wire.c_find_rsp(responding_to=7, status=0xFF00),
    "C_GET_RQ": wire.c_get_rq(message_id=7),
    "C_GET_RSP": wire.c_get_rsp(responding_to=7, status=0xFF00, remaining=1, completed=2),
    "C_MOVE_RQ": wire.c_move_rq("ELSEWHERE", message_id=7),
    "C_MOVE_RSP": wire.c_move_rsp(responding_to=7, failed=1, status=0xA801),
    "C_CANCEL_RQ": wire.c_cancel_rq(7),
    "N_EVENT_REPORT_RQ": wire.n_event_report_rq(SOP, INSTANCE, 1, 7, has_data=True),
    "N_GET_RQ": wire.n_get_rq(SOP, INSTANCE, 7, attributes=(0x00080018, 0x00100010)),
    "N_SET_RQ": wire.n_set_rq(SOP, INSTANCE, 7),
    "N_ACTION_RQ": wire.n_action_rq(SOP, INSTANCE, 1, 7),
    "N_CREATE_RQ": wire.n_create_rq(SOP, INSTANCE, 7),
    "N_DELETE_RQ": wire.n_delete_rq(SOP, INSTANCE, 7),
    "N_ACTION_RSP": wire.n_rsp(0x0130, SOP, INSTANCE, 7, ActionTypeID=1),
}


@pytest.mark.parametrize("name", HONEST)
def test_pynetdicom_reads_what_we_write(name: str) -> None:
    command = HONEST[name]
    raw = wire.encode_command(command)
    message = getattr(dimse_messages, name)()
    message.command_set = judge_decode(BytesIO(raw), True, True)
    message.data_set = BytesIO()
    primitive = message.message_to_primitive()
    if name.endswith("RQ") and name != "C_CANCEL_RQ":
        assert primitive.MessageID == 7
    else:
        assert primitive.MessageIDBeingRespondedTo == 7
    # Written again by the judge, the octets are the same: order, padding and group length.
    assert judge_encode(message.command_set, True, True) == raw
    assert wire.decode_command(raw) == command


def test_we_read_what_pynetdicom_writes() -> None:
    primitive = dimse_primitives.C_STORE()
    primitive.MessageID = 9
    primitive.AffectedSOPClassUID = UID(SOP)
    primitive.AffectedSOPInstanceUID = UID(INSTANCE)
    primitive.Priority = 2
    primitive.DataSet = BytesIO(b"\x08\x00\x18\x00\x00\x00\x00\x00")
    message = dimse_messages.C_STORE_RQ()
    message.primitive_to_message(primitive)
    assembler = wire.Reassembler()
    messages = []
    for p_data in message.encode_msg(1, 64):
        pdvs = tuple(
            wire.PDV(
                context_id=number, command=bool(raw[0] & 1), last=bool(raw[0] & 2), data=raw[1:]
            )
            for number, raw in p_data.presentation_data_value_list
        )
        messages += assembler.feed(wire.PDataTF(pdvs=pdvs))
    assert assembler.faults == []
    (ours,) = messages
    assert ours.command == wire.c_store_rq(SOP, INSTANCE, 9, priority=2)
    assert ours.dataset == b"\x08\x00\x18\x00\x00\x00\x00\x00"


def test_the_dictionary_agrees_with_pydicom() -> None:
    for tag, (vr, keyword) in DICTIONARY.items():
        assert (dictionary_VR(tag), dictionary_keyword(tag)) == (vr, keyword)
        assert TAGS[keyword] == tag


elements = st.builds(
    wire.CommandElement,
    tag=st.sampled_from(sorted(DICTIONARY)) | st.integers(0, 0xFFFF_FFFF),
    value=st.binary(max_size=20),
    length=st.none() | st.integers(0, 0xFFFF_FFFF),
)
commands = st.builds(
    wire.Command,
    elements=st.lists(elements, max_size=6).map(tuple),
    group_length=st.none() | st.integers(0, 0xFFFF_FFFF),
    has_group_length=st.booleans(),
    tail=st.binary(max_size=9),
)


@given(commands)
def test_any_lie_round_trips(command: wire.Command) -> None:
    raw = wire.encode_command(command)
    assert wire.encode_command(wire.decode_command(raw)) == raw


@given(st.binary(max_size=200))
def test_decode_command_is_total(data: bytes) -> None:
    command = wire.decode_command(data)
    assert wire.encode_command(command) == data
    for keyword in TAGS:
        value = command[keyword]
        assert command.integer(keyword) == (value if isinstance(value, int) else None)
        assert command.text(keyword) == (value if isinstance(value, str) else None)


def test_values_are_read_and_changed_by_keyword() -> None:
    echo = wire.c_echo_rq(7)
    assert echo["MessageID"] == 7
    assert echo["Status"] is None
    assert echo.integer("AffectedSOPClassUID") is None
    assert echo.text("AffectedSOPClassUID") == wire.uids.VERIFICATION
    assert echo.without("MessageID")["MessageID"] is None
    assert echo.replacing("MessageID", b"\1")["MessageID"] == b"\1"
    assert echo.replacing("Status", 1)["Status"] == 1
    extra = wire.CommandElement(tag=0x00000110, value=8)
    tags = [element.tag for element in echo.plus(extra).elements]
    assert tags == sorted(tags)
    assert tags.count(0x110) == 2
    with pytest.raises(KeyError):
        echo["NoSuchKeyword"]


def test_the_group_length_lies_or_is_left_out() -> None:
    raw = wire.encode_command(wire.c_echo_rq())
    lying = wire.Command(elements=wire.c_echo_rq().elements, group_length=5)
    assert wire.encode_command(lying) == raw[:8] + b"\5\0\0\0" + raw[12:]
    assert wire.decode_command(wire.encode_command(lying)) == lying
    bare = wire.c_echo_rq().without("CommandGroupLength")
    assert wire.encode_command(bare) == raw[12:]
    assert wire.decode_command(raw[12:]) == bare


def test_a_length_past_the_end_is_kept() -> None:
    element = wire.CommandElement(tag=0x00000110, value=b"\1\0\2", length=0xFFFF)
    command = wire.Command(elements=(element,))
    assert wire.decode_command(wire.encode_command(command)) == command
