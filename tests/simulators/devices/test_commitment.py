"""Storage commitment, push model: what is answered, and what the event reports (PS3.4 J)."""

import io
from collections.abc import Iterator

import pydicom
import pytest

from simulators import wire
from simulators.wire import dimse, uids
from simulators.wire.messages import c_echo_rq, n_action_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.keeping import STUDY, commitment_request, name, stored_well
from tests.simulators.devices.peer import Peer, associated
from tests.simulators.devices.running import Running, reference

PUSH, INSTANCE = uids.STORAGE_COMMITMENT_PUSH, uids.STORAGE_COMMITMENT_PUSH_INSTANCE
CONTEXTS = (
    wire.Context(1, PUSH, (uids.EXPLICIT_LE,)),
    wire.Context(3, PUSH, (uids.IMPLICIT_LE,)),
    wire.Context(5, uids.VERIFICATION),
)
TRANSACTION = wire.Element(tag=0x00081195, vr="UI", value=f"{STUDY}.9")


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with reference(tmp_path_factory.mktemp("commitment"), "--idle", "5") as running:
        stored_well(running, 2)
        yield running


@pytest.fixture
def peer(device: Running) -> Iterator[Peer]:
    with associated(device.port, wire.associate_rq("REFERENCE", "ASSAY", CONTEXTS)) as peer:
        yield peer


def reported(peer: Peer) -> tuple[int, pydicom.Dataset]:
    """Return event type and event information of the N-EVENT-REPORT, and answer it."""
    assert peer.hear() == "REQUEST"
    assert peer.last is not None
    assert peer.last.dataset is not None
    command = peer.last.command
    assert command.text("AffectedSOPInstanceUID") == INSTANCE
    event = command.integer("EventTypeID")
    assert event is not None
    answer = dimse.command(
        AffectedSOPClassUID=PUSH,
        CommandField=0x8100,
        MessageIDBeingRespondedTo=command.integer("MessageID") or 0,
        CommandDataSetType=0x0101,
        Status=0,
    )
    peer.send(*p_data(1, answer))
    implicit = peer.last.context_id == 3
    return event, pydicom.dcmread(
        io.BytesIO(_with_meta(peer.last.dataset, implicit=implicit)), force=True
    )


def _with_meta(data: bytes, *, implicit: bool) -> bytes:
    syntax = uids.IMPLICIT_LE if implicit else uids.EXPLICIT_LE
    value = syntax.encode() + b"\0" * (len(syntax) % 2)
    meta = b"\2\0\x10\0UI" + len(value).to_bytes(2, "little") + value
    return bytes(128) + b"DICM" + meta + data


def test_what_is_stored_is_committed(peer: Peer) -> None:
    peer.send(*commitment_request(0, 1))
    assert peer.hear() == "RESPONDED 0000"
    event, information = reported(peer)
    assert event == 1
    assert information.TransactionUID == f"{STUDY}.9"
    kept = [item.ReferencedSOPInstanceUID for item in information.ReferencedSOPSequence]
    assert kept == [name(0), name(1)]
    assert "FailedSOPSequence" not in information
    assert peer.release() == "RELEASE-RP"


def test_what_is_not_stored_is_named_with_its_reason(peer: Peer) -> None:
    peer.send(*commitment_request(0, 77))
    assert peer.hear() == "RESPONDED 0000"
    event, information = reported(peer)
    assert event == 2
    (failed,) = information.FailedSOPSequence
    assert (failed.ReferencedSOPInstanceUID, failed.FailureReason) == (name(77), 0x0112)
    (kept,) = information.ReferencedSOPSequence
    assert kept.ReferencedSOPInstanceUID == name(0)


def test_an_object_of_another_class_is_a_conflict(peer: Peer) -> None:
    peer.send(*commitment_request(0, sop_class=uids.MR_IMAGE_STORAGE))
    assert peer.hear() == "RESPONDED 0000"
    event, information = reported(peer)
    assert event == 2
    assert [item.FailureReason for item in information.FailedSOPSequence] == [0x0119]
    assert "ReferencedSOPSequence" not in information


@pytest.mark.parametrize("undefined", [False, True])
def test_implicit_vr_is_understood(undefined: bool, peer: Peer) -> None:
    item = wire.DataItem(
        elements=(
            wire.Element(tag=0x00081150, vr="UI", value=uids.CT_IMAGE_STORAGE),
            wire.Element(tag=0x00081155, vr="UI", value=name(1)),
        ),
        undefined=undefined,
    )
    sequence = wire.Element(tag=0x00081199, vr="SQ", value=(item,), undefined=undefined)
    data = wire.encode_dataset([TRANSACTION, sequence], "implicit")
    assert peer.ask(3, n_action_rq(PUSH, INSTANCE), data) == "RESPONDED 0000"
    assert reported(peer)[0] == 1


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (n_action_rq(PUSH, "1.2.3"), "0112"),
        (n_action_rq(PUSH, INSTANCE, 7), "0123"),
        (n_action_rq(PUSH, INSTANCE), "0115"),
        (n_action_rq(PUSH, INSTANCE).without("ActionTypeID"), "0120"),
        (n_action_rq(uids.VERIFICATION, INSTANCE), "0122"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_status(
    command: dimse.Command, status: str, peer: Peer
) -> None:
    data = wire.encode_dataset([TRANSACTION], "explicit")
    assert peer.ask(1, command, data) == f"RESPONDED {status}"
    assert peer.hear(0.2) == "SILENT"
    assert peer.ask(5, c_echo_rq(9)) == "RESPONDED 0000"


def test_an_action_on_verification_is_unknown(peer: Peer) -> None:
    data = wire.encode_dataset([TRANSACTION], "explicit")
    assert peer.ask(5, n_action_rq(uids.VERIFICATION, INSTANCE), data) == "RESPONDED 0211"


def test_requests_ahead_of_their_events_are_all_reported(peer: Peer) -> None:
    for _ in range(3):
        peer.send(*commitment_request(0))
    for _ in range(3):
        assert peer.hear() == "RESPONDED 0000"
        assert reported(peer)[0] == 1


def test_release_before_the_answer_to_the_event_is_granted(peer: Peer) -> None:
    peer.send(*commitment_request(0), wire.ReleaseRQ())
    assert [peer.hear() for _ in range(3)] == ["RESPONDED 0000", "REQUEST", "RELEASE-RP"]
