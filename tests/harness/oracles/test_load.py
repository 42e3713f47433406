from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Oracle
from harness.oracles import (
    all_answered,
    keeps_latency,
    keeps_rate,
    rejects_properly,
    serves_during_load,
    serves_fairly,
)
from harness.verdict import FailKind, Verdict
from tests.harness.fakes import a_record, seen
from tests.harness.loads import CLAIMS, LATENCY, a_caller, a_load, a_step

FAST = LATENCY.model_dump()
SLOW = {**FAST, "p90": 300.0, "p99": 400.0, "max": 900.0}
STUCK = {**FAST, "p90": 6000.0, "p99": 6000.0, "max": 9000.0}
POLITE = (a_caller("CT"), a_caller("MR"), a_caller("US"))
GREEDY = a_caller("BIG", greedy=True, count=900, objects_per_s=450.0)
CROWD = {"associations": 12, "endings": {"rejected 2/3/2": 4}, "errors": 4}
STARVED = (*POLITE[:2], a_caller("US", count=10, objects_per_s=5.0), GREEDY)
WAITING = (*POLITE[:2], a_caller("US", latency_ms=SLOW), GREEDY)

PASSES: list[tuple[Oracle, Observation]] = [
    (keeps_rate(), a_load()),
    (keeps_rate(), a_load(rate=None, objects_per_s=120.0, duration_s=1.7)),
    (keeps_rate(), a_load(late=150)),
    (keeps_rate(), a_load(associations=2)),
    (keeps_rate(), a_load(shape="knee", steps=(a_step(110, kept=True), a_step(160, kept=False)))),
    (keeps_latency(), a_load()),
    (keeps_latency(), a_load(operation="stow", size_bytes=5000)),
    (all_answered(), a_load()),
    (serves_fairly(), a_load(callers=(*POLITE, GREEDY))),
    (serves_fairly(), a_load(callers=(*POLITE, GREEDY), late=100)),
    (rejects_properly(), a_load(**CROWD)),
    (rejects_properly(10), a_load(**CROWD)),
    (rejects_properly(), a_load(associations=12, endings={"rejected 2/3/1": 4}, errors=4)),
    (serves_during_load(), a_load()),
    (serves_during_load(), a_load(callers=(*POLITE, a_caller("BIG", greedy=True, errors=9)))),
]  # fmt: skip

FAILS: list[tuple[Oracle, Observation, FailKind]] = [
    (keeps_rate(), a_load(duration_s=3.0, objects_per_s=66.7), FailKind.SLOW),
    (keeps_rate(), a_load(count=190, errors=10), FailKind.SLOW),
    (keeps_rate(), a_load(rate=None, duration_s=4.0, objects_per_s=50.0), FailKind.SLOW),
    (keeps_rate(), a_load(shape="knee", steps=(a_step(60, kept=False),)), FailKind.SLOW),
    (keeps_latency(), a_load(latency_ms=SLOW), FailKind.SLOW),
    (all_answered(), a_load(errors=1, statuses={"A700H": 1}), FailKind.WRONG_REASON),
    (all_answered(), a_load(errors=1, endings={"ABORTED": 1}), FailKind.WRONG_REASON),
    (all_answered(), a_load(errors=1, endings={"TIMEOUT": 1}), FailKind.HANG),
    (all_answered(), a_load(errors=1, endings={"UNFINISHED": 1}), FailKind.HANG),
    (all_answered(), a_load(errors=1), FailKind.HANG),
    (all_answered(), a_load(endings={"RESET": 1}), FailKind.WRONG_REASON),
    (all_answered(), a_load(count=0, errors=9, endings={"TIMEOUT": 9}), FailKind.HANG),
    (serves_fairly(), a_load(callers=STARVED), FailKind.SLOW),
    (serves_fairly(), a_load(callers=WAITING), FailKind.SLOW),
    (serves_fairly(), a_load(callers=(a_caller("CT", count=0), GREEDY)), FailKind.HANG),
    (rejects_properly(), a_load(associations=12, endings={"CLOSED": 4}), FailKind.WRONG_REASON),
    (rejects_properly(), a_load(**CROWD | {"endings": {"rejected 1/1/7": 4}}),
     FailKind.WRONG_REASON),
    (rejects_properly(), a_load(associations=12, endings={"TIMEOUT": 4}), FailKind.HANG),
    (rejects_properly(), a_load(**CROWD, count=0), FailKind.HANG),
    (rejects_properly(3), a_load(), FailKind.ACCEPTED),
    (serves_during_load(), a_load(callers=(a_caller("CT", count=0, errors=3), GREEDY)),
     FailKind.HANG),
    (serves_during_load(), a_load(callers=(a_caller("CT", errors=3),), statuses={"A700H": 3}),
     FailKind.WRONG_REASON),
    (serves_during_load(), a_load(latency_ms=STUCK), FailKind.SLOW),
]  # fmt: skip

SILENT: list[tuple[Oracle, Observation, str]] = [
    (keeps_rate(), a_load(duration_s=3.0, late=3), "late through our own fault"),
    (keeps_rate(), a_load(duration_s=3.0, client_cpu_us_per_object=15_000.0), "our own processes"),
    (keeps_rate(), a_load(duration_s=3.0, complete=False, why="interrupted"), "interrupted"),
    (keeps_rate(), a_load(duration_s=3.0, size_bytes=2**20), "larger than those claimed"),
    (keeps_rate(), a_load(size_bytes=1000), "smaller than those claimed"),
    (keeps_rate(), a_load(duration_s=3.0, associations=9), "more than those claimed"),
    (keeps_rate(), a_load(rate=None, duration_s=3.0, associations=1), "fewer than those claimed"),
    (keeps_rate(), a_load(duration_s=3.0, rate=50.0), "only 50/s were asked for"),
    (keeps_rate(), a_load(duration_s=3.0, rate=500.0), "more than what is claimed"),
    (keeps_rate(), a_load(operation="echo"), "this load was 'echo'"),
    (keeps_rate(), a_load(shape="spike"), "this one was 'spike'"),
    (keeps_rate(), a_load(rate=90.0), "only 90/s were asked for"),
    (keeps_rate(), a_load(count=5), "too few"),
    (keeps_rate(), a_load(count=0, errors=200), "no request was answered"),
    (keeps_rate(), a_load(shape="knee", steps=(a_step(60, kept=True),)), "not reached"),
    (keeps_latency(), a_load(latency_ms=SLOW, late=3), "late through our own fault"),
    (keeps_latency(), a_load(rate=None), "without a rate"),
    (keeps_latency(), a_load(rate=20.0), "only 20/s"),
    (keeps_latency(), a_load(count=99), "too few"),
    (all_answered(), a_load(complete=False, why="interrupted"), "interrupted"),
    (all_answered(), a_load(count=0), "no request was answered"),
    (all_answered(), a_load(errors=3, endings={"rejected 1/1/3": 3}), "not admitted"),
    (serves_during_load(), a_load(endings={"rejected 1/1/3": 3}), "not admitted"),
    (serves_fairly(), a_load(callers=(a_caller("CT", count=0), GREEDY),
                             endings={"rejected 1/1/3": 1}), "CT: not admitted"),
    (serves_fairly(), a_load(), "fewer than two callers"),
    (serves_fairly(), a_load(callers=(GREEDY, GREEDY)), "none of them polite"),
    (serves_fairly(), a_load(count=9, callers=(a_caller("CT", count=0), GREEDY)), "too short"),
    (serves_fairly(), a_load(callers=STARVED, late=100), "late through our own fault"),
    (serves_fairly(), a_load(callers=(a_caller("A", count=0), a_caller("B", count=0))), "nobody"),
    (rejects_properly(), a_load(), "do not exceed the limit"),
    (rejects_properly(), a_load(associations=12), "4 associations were open at a time"),
    (serves_during_load(), a_load(callers=(GREEDY,)), "no polite caller"),
    (serves_during_load(), a_load(count=0), "asked for anything"),
    (serves_during_load(), a_load(latency_ms=STUCK, late=100), "late through our own fault"),
]  # fmt: skip
ALL = [
    keeps_rate(), keeps_latency(), all_answered(), serves_fairly(), rejects_properly(),
    serves_during_load(),
]  # fmt: skip


@pytest.mark.parametrize(("oracle", "load"), PASSES)
def test_a_good_device_passes(oracle: Oracle, load: Observation) -> None:
    found = oracle(a_record(load, facts=CLAIMS))
    assert (found.verdict, found.kind) == (Verdict.PASS, None), found.reason


@pytest.mark.parametrize(("oracle", "load", "kind"), FAILS)
def test_a_bad_device_fails_with_its_kind(
    oracle: Oracle, load: Observation, kind: FailKind
) -> None:
    found = oracle(a_record(load, facts=CLAIMS))
    assert (found.verdict, found.kind) == (Verdict.FAIL, kind), found.reason


@pytest.mark.parametrize(("oracle", "load", "why"), SILENT)
def test_what_proves_nothing_is_inconclusive(oracle: Oracle, load: Observation, why: str) -> None:
    found = oracle(a_record(load, facts=CLAIMS))
    assert found.verdict is Verdict.INCONCLUSIVE, found.reason
    assert why in found.reason


@pytest.mark.parametrize("oracle", ALL, ids=str)
def test_without_observations_nothing_is_concluded(oracle: Oracle) -> None:
    assert oracle(a_record(facts=CLAIMS)).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("oracle", [keeps_rate(), keeps_latency(), serves_fairly()])
def test_without_a_claim_nothing_is_concluded(oracle: Oracle) -> None:
    found = oracle(a_record(a_load(callers=STARVED, duration_s=9.0, latency_ms=SLOW)))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "claims no load." in found.reason


def test_a_generous_latency_makes_no_slow_device_quick() -> None:
    facts = CLAIMS | {"load_p99_ms": 60_000.0}
    found = keeps_rate()(a_record(a_load(duration_s=4.0, objects_per_s=50.0), facts=facts))
    assert (found.verdict, found.kind) == (Verdict.FAIL, FailKind.SLOW)


def test_every_load_of_the_play_must_be_answered() -> None:
    good, bad = a_load(), a_load(errors=1, endings={"RESET": 1})
    assert all_answered()(a_record(good, good)).verdict is Verdict.PASS
    assert all_answered()(a_record(bad, good)).verdict is Verdict.FAIL


def test_a_load_that_cannot_be_read_is_not_passed_over() -> None:
    broken = seen("load", "load", operation="store", count="many")
    assert all_answered()(a_record(a_load(), broken)).verdict is Verdict.INCONCLUSIVE


def test_a_share_of_the_greedy_callers_wait_is_enough() -> None:
    facts: dict[str, JSON] = {"load_fair_share": 0.5}
    big = a_caller("BIG", greedy=True, latency_ms=SLOW)
    callers = (*POLITE, a_caller("US", latency_ms={**SLOW, "p90": 590.0}), big)
    assert serves_fairly()(a_record(a_load(callers=callers), facts=facts)).verdict is Verdict.PASS


def test_only_the_refusing_oracle_says_so() -> None:
    assert [oracle.refusal for oracle in ALL] == [False, False, False, False, True, False]
