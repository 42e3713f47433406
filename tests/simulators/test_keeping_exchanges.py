"""Retrieval with counts, looks into a study, replay and procedure steps, against a sound device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.errors import PreconditionUnmetError
from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from simulators.integrity import count_listed, look_into_study, play_store_again
from simulators.lab import Lab
from simulators.objects import synthetic_object, uid
from simulators.procedure_steps import (
    COMPLETED,
    IN_PROGRESS,
    STEP,
    begun,
    create,
    ended,
    look_back,
    status,
    tell_honestly,
)
from simulators.process.memory import PidTree
from simulators.queries import STORAGE, store_honestly
from simulators.requestor import Requestor
from simulators.retrieving import only, retrieve, witness_counts
from simulators.sentinel import sentinel_stage
from simulators.unhurried import OCTETS, retrieve_slowly, store_large
from tests.simulators.devices.running import reference

PROFILE = """
schema = 1
[device]
manufacturer = "dicom-assay"
model = "reference device"
[acceptor]
port = {port}
ae_title = "REFERENCE"
services = ["verification", "storage", "query-retrieve", "mpps"]
"""


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    flaw: str = getattr(request, "param", "")
    more = ("--flaw", flaw) if flaw else ()
    with reference(tmp_path, "--idle", "8", *more) as device:
        profile = parse(PROFILE.format(port=device.port), "device.toml")
        lab = Lab.equip(profile, tmp_path / "run", lambda _text: None)
        bench = SimpleNamespace(lab=lab, device=PidTree(device.process.pid))
        try:
            yield sentinel_stage(bench, profile, "INT-007")
        finally:
            lab.close()


def witnessed(stage: Stage, kind: str) -> Mapping[str, JSON]:
    seen = stage.record({}).last(kind)
    assert seen is not None
    return seen.data


def test_what_was_stored_comes_back_octet_by_octet(stage: Stage) -> None:
    thing = store_honestly(stage)
    back = only(retrieve(stage, thing.study, syntaxes=(thing.transfer_syntax,)), thing)
    assert back is not None
    assert (back.transfer_syntax, back.dataset) == (thing.transfer_syntax, thing.dataset)


def test_what_is_not_there_does_not_come_back(stage: Stage) -> None:
    thing = synthetic_object(stage)
    found = retrieve(stage, thing.study)
    assert (only(found, thing), found.status) == (None, 0)


@pytest.mark.parametrize(
    ("answer", "last"), [(0xA700, [0xB000, 1, 1, 0]), (0xB000, [0xB000, 1, 0, 1])]
)
def test_every_response_is_counted(stage: Stage, answer: int, last: list[int]) -> None:
    things = [store_honestly(stage, number) for number in (1, 2)]
    found = retrieve(
        stage, things[0].study, syntaxes=(things[0].transfer_syntax,),
        answer=lambda number: answer if number else 0x0000,
    )  # fmt: skip
    witness_counts(stage, found, total=2, confirmed=1)
    assert witnessed(stage, "counts")["rows"] == [[0xFF00, 1, 1, 0, 0], [last[0], None, *last[1:]]]


@pytest.mark.parametrize(
    ("stage", "listed"), [("", 0), ("merges_foreign_objects", 1)], indirect=["stage"]
)
def test_an_injected_object_is_seen_in_the_study(stage: Stage, listed: int) -> None:
    own = store_honestly(stage)
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        other = synthetic_object(
            stage, 2, transfer_syntax=attacker.contexts[STORAGE.id], PatientID="OTHER"
        )
        attacker.store(other)
    look_into_study(stage, own, other, uid(stage, 3))
    seen = witnessed(stage, "injection")
    assert (seen["listed"], seen["own"]) == (listed, 1)
    assert seen["patients"] == [seen["owner"]]


@pytest.mark.parametrize(
    ("stage", "after"), [("", 1), ("doubles_what_is_repeated", 2)], indirect=["stage"]
)
def test_a_store_is_played_again(stage: Stage, after: int) -> None:
    thing, again = play_store_again(stage)
    assert count_listed(stage, thing) == 1
    again()
    assert count_listed(stage, thing) == after
    statuses = [seen.data.get("status") for seen in stage.record({}).of("outcome", "attacker")]
    assert statuses == [None, 0, None]


def test_an_honest_step_is_told_of_to_its_end(stage: Stage) -> None:
    tell_honestly(stage, uid(stage, 7), IN_PROGRESS, COMPLETED)
    with pytest.raises(PreconditionUnmetError, match="not created"):
        tell_honestly(stage, uid(stage, 7))


@pytest.mark.parametrize(
    ("stage", "unharmed"), [("", True), ("overwrites_procedure_steps", False)], indirect=["stage"]
)
def test_looking_back_tells_what_became_of_a_step(stage: Stage, unharmed: bool) -> None:
    step = uid(stage, 7)
    tell_honestly(stage, step, COMPLETED)
    with Requestor(stage) as attacker:
        attacker.associate((STEP,))
        create(attacker, step, begun(stage, patient="OTHER"))
        assert (status(stage, "attacker") == 0) is not unharmed
    look_back(stage, step, creates=False, should_succeed=False, why="harm")
    assert witnessed(stage, "aftermath") == {"unharmed": unharmed, "why": "harm"}


def test_attributes_of_a_step_are_those_of_the_standard(stage: Stage) -> None:
    step, done = begun(stage), ended(stage)
    assert step.PerformedProcedureStepStatus == IN_PROGRESS
    assert step.ScheduledStepAttributesSequence[0].StudyInstanceUID == uid(stage, 2)
    assert "PatientID" in step
    assert "PatientID" not in done
    assert done.PerformedSeriesSequence[0].SeriesInstanceUID == uid(stage, 3)


def test_a_device_that_cannot_send_is_measured(stage: Stage) -> None:
    thing = store_large(stage)
    assert len(thing.dataset) > OCTETS
    retrieve_slowly(stage, thing, 0.5)
    assert witnessed(stage, "retrieved")["came"] == 1
    share = witnessed(stage, "waiting")["share"]
    assert isinstance(share, float)
    assert share < 0.5
