"""Whole campaigns against the reference device: clean, with a flaw, and one finding again."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import registry
from harness.fuzzing import Fuzzing
from harness.judge import judge_case
from harness.model import CaseResult, Record
from harness.stage import Stage
from harness.verdict import FailKind, Verdict
from harness.witness import RunFolder
from simulators.bench import LabBench
from simulators.devices.embedded import embedded_profile
from simulators.fuzz import reproducer
from simulators.wire import decode, encode

PLAYED = "FUZ-001"


def _record(folder: Path, flaws: list[str], fuzzing: Fuzzing, name: str = PLAYED) -> Record:
    """Plays the scenario's body once and returns what was seen."""
    profile = embedded_profile(flaws)
    bench = LabBench(profile, folder, lambda text: None)
    witness = RunFolder(folder)
    try:
        bench.start()
        stage = Stage(
            play=name, scenario=registry.load()[name], case={}, profile=bench.profile,
            bench=bench, witness=witness, seed=3, run="test", fuzzing=fuzzing,
        )  # fmt: skip
        stage.scenario.body(stage)
        return stage.record({})
    finally:
        bench.stop()
        witness.finish_play(name)
        witness.close()


def _findings(record: Record) -> tuple[CaseResult, ...]:
    (oracle, *_) = registry.load()[PLAYED].oracles
    return oracle(record).cases


def test_the_clean_device_survives_and_every_mutant_has_its_letter(tmp_path: Path) -> None:
    record = _record(tmp_path, [], Fuzzing(mutants=150))
    (oracle, *_) = registry.load()[PLAYED].oracles
    assert oracle(record).verdict is Verdict.PASS
    letters = "".join(str(seen.data["outcomes"]) for seen in record.of("mutants"))
    assert len(letters) == 150
    assert set(letters) <= set("ARBSLCXTG")
    emitted = [seen for seen in record.of("emitted") if seen.data["stimulus"]]
    assert emitted
    assert all(seen.data["parts"] for seen in emitted)
    assert (tmp_path / "wire" / f"{PLAYED}.pcapng").stat().st_size > 500


def test_a_culprit_is_found_made_small_and_can_be_played_again(tmp_path: Path) -> None:
    flaw = ["dies_of_repeated_empty_items"]
    first = _record(tmp_path / "first", flaw, Fuzzing())
    cases = _findings(first)
    assert {case.kind for case in cases} == {FailKind.CRASH}
    path = tmp_path / "first" / "fuzz" / f"{PLAYED}.1.json"
    stored = reproducer.read(path)
    octets = stored.scripts[0].segments[0].data
    assert len(stored.scripts) == len(stored.scripts[0].segments) == 1
    assert len(octets) < 140
    assert encode(decode(octets)) == octets
    assert any("repeat empty" in told for told in stored.mutations)
    again = _record(tmp_path / "again", flaw, Fuzzing(reproducer=path))
    assert [case.kind for case in _findings(again)] == [FailKind.CRASH]
    sound = _record(tmp_path / "sound", [], Fuzzing(reproducer=path))
    assert not _findings(sound)


def test_the_verdict_stands_when_the_record_is_judged_again(tmp_path: Path) -> None:
    record = _record(tmp_path, ["dies_of_unknown_vr"], Fuzzing(), "PAR-017")
    scenario = registry.load()["PAR-017"]
    assert judge_case(scenario, record) == judge_case(scenario, record)
    (oracle,) = scenario.oracles
    found = oracle(record)
    assert (found.verdict, found.kind) == (Verdict.FAIL, FailKind.CRASH)
    assert all("dataset" in str(case.vary["mutation"]) for case in found.cases)


@pytest.mark.slow
def test_a_device_that_stops_is_a_hang(tmp_path: Path) -> None:
    record = _record(tmp_path, ["stops_at_empty_fragment"], Fuzzing())
    assert FailKind.HANG in {case.kind for case in _findings(record)}
