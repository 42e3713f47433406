"""Procedure steps, foreign studies and changed files, as the sound device treats them."""

from collections.abc import Iterator

import pytest

from simulators import wire
from simulators.wire import uids
from simulators.wire.messages import n_create_rq, n_set_rq
from tests.simulators.devices.integrity_probes import (
    MPPS,
    after_tampering,
    into_a_foreign_study,
    retrieving,
    state,
    to_retrieve,
)
from tests.simulators.devices.keeping import STUDY, name, stored_well
from tests.simulators.devices.peer import Peer, associated, dataset
from tests.simulators.devices.running import Running, reference

STEP = f"{STUDY}.78"
CONTEXTS = (
    wire.Context(1, MPPS, (uids.EXPLICIT_LE,)),
    wire.Context(3, uids.CT_IMAGE_STORAGE, (uids.EXPLICIT_LE,)),
)


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with reference(tmp_path_factory.mktemp("integrity"), "--idle", "5") as running:
        yield running


@pytest.fixture
def peer(device: Running) -> Iterator[Peer]:
    with associated(device.port, wire.associate_rq("REFERENCE", "ASSAY", CONTEXTS)) as peer:
        yield peer


def test_a_step_lives_until_it_has_ended(peer: Peer) -> None:
    uid = f"{STEP}.1"
    assert peer.ask(1, n_create_rq(MPPS, uid), state("IN PROGRESS")) == "RESPONDED 0000"
    assert peer.ask(1, n_set_rq(MPPS, uid), state("IN PROGRESS")) == "RESPONDED 0000"
    assert peer.ask(1, n_set_rq(MPPS, uid), state("DISCONTINUED")) == "RESPONDED 0000"
    assert peer.ask(1, n_set_rq(MPPS, uid), state("IN PROGRESS")) == "RESPONDED 0110"
    assert peer.last is not None
    assert peer.last.command.integer("ErrorID") == 0xA710
    assert peer.last.command.text("AffectedSOPInstanceUID") == uid


@pytest.mark.parametrize(
    ("uid", "word", "status"),
    [
        (f"{STEP}.2", "COMPLETED", "0106"),
        (f"{STEP}.3", "", "0106"),
        ("../1", "IN PROGRESS", "0117"),
    ],
)
def test_a_step_begins_in_progress_under_a_uid(
    peer: Peer, uid: str, word: str, status: str
) -> None:
    assert peer.ask(1, n_create_rq(MPPS, uid), state(word)) == f"RESPONDED {status}"


def test_a_step_takes_no_unknown_state(peer: Peer) -> None:
    uid = f"{STEP}.4"
    assert peer.ask(1, n_create_rq(MPPS, uid), state("IN PROGRESS")) == "RESPONDED 0000"
    assert peer.ask(1, n_set_rq(MPPS, uid), state("PAUSED")) == "RESPONDED 0106"


def test_a_step_is_no_object_and_an_object_no_step(peer: Peer) -> None:
    on_storage = peer.ask(3, n_create_rq(MPPS, STEP), state("IN PROGRESS"))
    assert on_storage == "RESPONDED 0211"
    assert peer.ask(1, n_create_rq(uids.CT_IMAGE_STORAGE, STEP), b"") == "RESPONDED 0122"


def test_a_foreign_object_is_refused_and_its_own_patient_is_not(device: Running) -> None:
    assert into_a_foreign_study(device) == "RESPONDED C101"
    with associated(device.port) as peer:
        assert peer.store(dataset(name(501), study=STUDY), name(501)) == "RESPONDED 0000"


def test_a_changed_file_is_not_served_and_the_restored_one_is(device: Running) -> None:
    assert after_tampering(device) == "not served"
    stored_well(device, 1)
    with associated(device.port, to_retrieve()) as peer:
        assert retrieving(peer) == "REQUEST"
