"""Honest exchanges against an independent implementation (pynetdicom)."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, events, evt

from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from simulators import wire
from simulators.lab import Lab
from simulators.queries import (
    QUERY,
    RETRIEVE,
    STORAGE,
    TAKES_OBJECTS,
    associate_to_retrieve,
    ends_after_answers,
    find,
    get,
    read_back,
    send_lying_dataset,
    store_honestly,
    study_keys,
)
from simulators.requestor import Requestor
from simulators.sentinel import sentinel_stage
from simulators.uninvited import is_let_in, stranger
from simulators.wire import uids

PROFILE = """
schema = 1
[device]
manufacturer = "pynetdicom"
model = "archive"
[acceptor]
port = {port}
ae_title = "ARCHIVE"
calling_ae_titles = ["ASSAY"]
services = ["verification", "storage", "query-retrieve"]
"""


class Archive:
    """Keeps what it is sent and gives it back; knows one caller."""

    def __init__(self) -> None:
        self.kept: list[Dataset] = []

    def store(self, event: events.Event) -> int:
        """Keeps one object."""
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        self.kept.append(dataset)
        return 0x0000

    def find(self, event: events.Event) -> Iterator[tuple[int, Dataset | None]]:
        """Finds by study and, where given, instance."""
        for dataset in self._matches(event.identifier):
            answer = Dataset()
            answer.StudyInstanceUID = dataset.StudyInstanceUID
            yield 0xFF00, answer

    def get(self, event: events.Event) -> Iterator[Any]:
        """Sends what matches."""
        found = self._matches(event.identifier)
        yield len(found)
        for dataset in found:
            yield 0xFF00, dataset

    def _matches(self, keys: Dataset) -> list[Dataset]:
        wanted = keys.get("SOPInstanceUID")
        return [
            each
            for each in self.kept
            if each.StudyInstanceUID == keys.StudyInstanceUID
            and wanted in (None, each.SOPInstanceUID)
        ]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose device is an archive of pynetdicom."""
    archive, entity = Archive(), AE("ARCHIVE")
    entity.require_calling_aet = ["ASSAY"]
    for abstract in (uids.VERIFICATION, uids.STUDY_ROOT_FIND, uids.STUDY_ROOT_GET):
        entity.add_supported_context(abstract)
    entity.add_supported_context(uids.SECONDARY_CAPTURE, scu_role=True, scp_role=True)
    handlers: list[Any] = [
        (evt.EVT_C_STORE, archive.store),
        (evt.EVT_C_FIND, archive.find),
        (evt.EVT_C_GET, archive.get),
    ]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    assert server is not None
    assert server.socket is not None
    port = server.socket.getsockname()[1]
    profile = parse(PROFILE.format(port=port), "archive.toml")
    lab = Lab.equip(profile, tmp_path, lambda _text: None)
    try:
        yield sentinel_stage(SimpleNamespace(lab=lab), lab.profile, "DIM-900")
    finally:
        lab.close()
        server.shutdown()


def outcome(stage: Stage) -> dict[str, JSON]:
    """The attacker's last outcome."""
    seen = stage.record({}).last("outcome", "attacker")
    assert seen is not None
    return dict(seen.data)


def test_what_was_stored_is_found(stage: Stage) -> None:
    """A query counts the pending matches and ends with the final status."""
    thing = store_honestly(stage)
    with Requestor(stage) as peer:
        peer.associate((QUERY,))
        assert find(peer, study_keys(thing.study), expected=1) == 1
        assert find(peer, study_keys("2.25.1")) == 0
    assert outcome(stage)["status"] == 0


def test_what_was_stored_comes_back(stage: Stage) -> None:
    """A retrieve takes each object on the same association and confirms it."""
    thing = store_honestly(stage)
    with Requestor(stage) as peer:
        associate_to_retrieve(peer)
        assert get(peer, study_keys(thing.study, retrieve=True), expected=1) == 1
    assert (outcome(stage)["status"], outcome(stage)["matches"]) == (0, 1)


def test_read_back_sees_what_is_there(stage: Stage) -> None:
    """The witness says how often the very instance is found."""
    thing = store_honestly(stage)
    read_back(stage, thing, thing.study)
    seen = stage.record({}).last("readback", "polite")
    assert seen is not None
    assert seen.data["found"] == 1


def test_a_stranger_is_turned_away_and_the_refusal_recorded(stage: Stage) -> None:
    """The rejection with its codes is the outcome."""
    with Requestor(stage, calling=stranger(stage)) as attacker:
        assert not is_let_in(attacker, (QUERY,), lie="calling")
    assert (outcome(stage)["outcome"], outcome(stage)["reason"]) == ("REJECTED", 3)


def test_a_refused_context_is_told_from_a_refused_association(stage: Stage) -> None:
    """An acceptance without the context in question is no service."""
    unknown = wire.Context(1, "1.2.3.4", (uids.IMPLICIT_LE,))
    with Requestor(stage) as attacker:
        assert not is_let_in(attacker, (unknown, RETRIEVE[1]), lie="calling")
    assert (outcome(stage)["outcome"], outcome(stage)["contexts"]) == ("RELEASED", 0)


def test_a_friend_is_let_in(stage: Stage) -> None:
    """The same request with a known title may go on."""
    with Requestor(stage) as peer:
        assert is_let_in(peer, RETRIEVE, lie="calling", user_items=(TAKES_OBJECTS,))
        peer.release()


def test_an_answer_too_many_is_the_outcome(stage: Stage) -> None:
    """One answer is permitted, the second is what is recorded."""
    with Requestor(stage) as peer:
        peer.associate()
        peer.invoke(wire.c_echo_rq(1))
        peer.invoke(wire.c_echo_rq(2))
        ends_after_answers(peer, permitted=1)
    assert outcome(stage)["outcome"] == "RESPONDED"


def test_only_the_lying_part_is_marked(stage: Stage) -> None:
    """The command of a lying data set is honest, and the record says so."""
    with Requestor(stage) as peer:
        peer.associate((STORAGE,))
        command = wire.c_store_rq(uids.SECONDARY_CAPTURE, "2.25.1")
        send_lying_dataset(peer, command, b"\xff" * 20)
    marks = [
        seen.data["stimulus"]
        for seen in stage.record({}).of("emitted", "attacker")
        if seen.data["what"] == "P-DATA-TF"
    ]
    assert marks == [False, True]
