"""The relay between the two sides of the reference device: honest, deviating, and led elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import PreconditionUnmetError
from harness.model import Record
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.bench import LabBench
from simulators.devices.embedded import embedded_profile, null_profile
from simulators.relay import (
    Deviation,
    Relay,
    Side,
    Upstream,
    cut_before_the_answer,
    cut_inside_the_object,
    cut_offer,
    flip_in_the_answer,
    flip_in_the_object,
    lead_astray,
    look_for_object,
    reflect,
    serve_afterwards,
)
from simulators.relay.hello import SUITES, VERSIONS
from simulators.relay.replay import replay
from simulators.relay.security import observe_downgrade, observe_pair
from simulators.sentinel import sentinel_stage


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabBench]:
    opened = LabBench(embedded_profile(), tmp_path_factory.mktemp("run"), lambda _: None)
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def stage(bench: LabBench) -> Stage:
    return sentinel_stage(bench, bench.profile)


def played(stage: Stage, deviation: Deviation | None = None) -> Record:
    """One C-STORE through the relay, and what became of it."""
    with Relay(stage, deviation=deviation) as relay:
        relay.run()
    look_for_object(stage)
    return stage.record({})


def ended(record: Record, actor: str) -> Outcome:
    seen = record.last("outcome", actor)
    assert seen is not None
    return Outcome(str(seen.data["outcome"]))


def exit_code(record: Record) -> object:
    seen = record.last("trigger", "trigger")
    return seen.data["exit"] if seen else None


def found(record: Record) -> object:
    seen = record.last("kept", "polite")
    assert seen is not None
    assert seen.data["by"] == "files"
    return seen.data["found"]


def stimuli(record: Record) -> list[str]:
    return [str(seen.data["what"]) for seen in record.of("emitted") if seen.data["stimulus"]]


@pytest.mark.parametrize("service", ["verification", "storage"])
def test_an_honest_relay_is_not_noticed(stage: Stage, service: str) -> None:
    with Relay(stage, service) as relay:
        relay.run()
        relay.witness_honest()
        observe_pair(stage, relay)
    record = stage.record({})
    assert exit_code(record) == 0
    assert len(stimuli(record)) == 1
    pair = record.last("pair", "relay")
    assert pair is not None
    assert pair.data["version"] == "TLS 1.3"
    assert pair.data["asks_for_certificate"] is True
    assert pair.data["certificate_by"] == "a client"
    assert isinstance(pair.data["certificate"], dict)


def test_what_was_stored_is_found(stage: Stage) -> None:
    assert found(played(stage)) == 1


ALTERED = {
    "object": flip_in_the_object(),
    "half a record": cut_inside_the_object(between_records=False),
    "between records": cut_inside_the_object(between_records=True),
    "versions": cut_offer(VERSIONS),
    "suites": cut_offer(SUITES),
}


@pytest.mark.parametrize("name", ALTERED)
def test_what_is_altered_on_its_way_is_kept_by_nobody(stage: Stage, name: str) -> None:
    record = played(stage, ALTERED[name])
    assert exit_code(record) == 1
    assert found(record) == 0
    assert ended(record, "upstream") in (Outcome.CLOSED, Outcome.RESET, Outcome.ALERT)
    assert len(stimuli(record)) == 1


@pytest.mark.parametrize("deviation", [flip_in_the_answer(), cut_before_the_answer()])
def test_an_answer_that_is_altered_confirms_nothing(stage: Stage, deviation: Deviation) -> None:
    record = played(stage, deviation)
    assert exit_code(record) == 1
    assert found(record) == 1, "the acceptor had the whole object"
    assert len(stimuli(record)) == 1


def test_a_lesser_version_is_marked_and_refused(stage: Stage) -> None:
    with Relay(stage, deviation=cut_offer(VERSIONS)) as relay:
        relay.run()
    observe_downgrade(stage, relay)
    seen = stage.record({}).last("downgrade", "relay")
    assert seen is not None
    assert (seen.data["version"], seen.data["sentinel"]) == ("TLS 1.2", True)
    assert seen.data["went_on"] is False
    assert ended(stage.record({}), "attacker") is Outcome.ALERT


def test_a_requestor_refuses_its_own_words(stage: Stage) -> None:
    record = played(stage, reflect())
    assert ended(record, "attacker") is Outcome.ALERT
    assert exit_code(record) == 1


def test_a_requestor_for_tls_finds_nothing_at_the_plain_port(stage: Stage) -> None:
    with Relay(stage, deviation=lead_astray("astray"), upstream=Upstream.PLAIN) as relay:
        relay.run()
        assert not relay.next_call(1.0)
    look_for_object(stage)
    record = stage.record({})
    assert found(record) == 0
    assert ended(record, "attacker") in (Outcome.RESET, Outcome.CLOSED, Outcome.ALERT)


def test_a_recording_is_worth_nothing(stage: Stage) -> None:
    with Relay(stage) as honest:
        honest.run()
    assert honest.seen.sealed(Side.REQUESTOR) > 1 << 17
    replay(stage, honest)
    record = stage.record({})
    seen = record.last("replayed", "relay")
    assert seen is not None
    assert (seen.data["changed"], seen.data["held"]) == (0, 1)
    assert ended(record, "upstream") in (Outcome.CLOSED, Outcome.ALERT, Outcome.RESET)
    serve_afterwards(stage)
    assert ended(stage.record({}), "control") is Outcome.RESPONDED


def test_an_acceptor_that_keeps_still_is_told_from_one_that_ends(tmp_path: Path) -> None:
    silent, sound = null_profile("hang-all"), embedded_profile()
    bench = LabBench(
        silent.model_copy(update={"requestor": sound.requestor}), tmp_path, lambda _: None
    )
    bench.start()
    try:
        record = played(sentinel_stage(bench, bench.profile), cut_offer(VERSIONS))
    finally:
        bench.stop()
    assert ended(record, "upstream") is Outcome.TIMEOUT
    assert ended(record, "attacker") is Outcome.CLOSED
    assert exit_code(record) == 1


def test_who_does_not_call_is_no_pair(tmp_path: Path) -> None:
    bench = LabBench(null_profile("close-all"), tmp_path, lambda _: None)
    bench.start()
    try:
        stage = sentinel_stage(bench, bench.profile)
        with pytest.raises(PreconditionUnmetError, match="did not call"), Relay(stage):
            pass
        assert ended(stage.record({}), "attacker") is Outcome.NOT_CALLED
    finally:
        bench.stop()
