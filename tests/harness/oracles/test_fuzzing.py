"""The oracle on campaigns: culprits fail, log errors warn, what was not played proves nothing."""

from __future__ import annotations

from collections.abc import Mapping

from harness.judge import judge_case
from harness.model import JSON, Observation, Record, Result
from harness.oracles import survives_mutants
from harness.rows import row_of
from harness.verdict import FailKind, InconclusiveReason, Verdict
from tests.harness.fakes import make_scenario

JUDGE = survives_mutants()


def _seen(kind: str, /, **data: JSON) -> Observation:
    return Observation(at_s=1.0, actor="attacker", kind=kind, data=data)


def _record(*seen: Observation) -> Record:
    return Record(scenario="FUZ-001", case={}, facts={}, observations=seen)


def _culprit(kind: str, path: str = "fuzz/FUZ-001.1.json") -> Observation:
    return _seen(
        "culprit", kind=kind, reason="the device crashed", exchange="echo", number=4, path=path,
        mutations=["length zero of A-ASSOCIATE-RQ items[0].length"],
    )  # fmt: skip


END = _seen("campaign-end", why="complete", played=480, outcomes={"aborted": 300, "released": 180})


def test_all_played_and_nobody_guilty_passes_with_the_outcomes() -> None:
    found = JUDGE(_record(END))
    assert found.verdict is Verdict.PASS
    assert found.reason == "480 mutants: 300 aborted, 180 released"


def test_each_culprit_is_a_case_and_the_worst_decides() -> None:
    found = JUDGE(_record(_culprit("worker"), _culprit("crash", "two"), END))
    assert (found.verdict, found.kind) == (Verdict.FAIL, FailKind.CRASH)
    assert [case.verdict for case in found.cases] == [Verdict.WARN, Verdict.FAIL]
    assert found.cases[1].vary["reproducer"] == "two"
    assert "length zero of A-ASSOCIATE-RQ" in found.reason


def test_a_lost_worker_alone_is_a_warning() -> None:
    assert JUDGE(_record(_culprit("worker"), END)).verdict is Verdict.WARN


def test_trouble_that_nobody_makes_alone_is_inconclusive() -> None:
    unsolved = _seen("unsolved", kind="crash", reason="the device crashed", suspects=[1, 2])
    found = JUDGE(_record(unsolved, END))
    assert found.code is InconclusiveReason.INSUFFICIENT_EVIDENCE
    assert "no mutant does it alone" in found.reason


def test_what_was_not_played_proves_nothing() -> None:
    for seen in (
        (),
        (_seen("campaign-end", why="complete", played=0, outcomes={}),),
        (_seen("campaign-end", why="there was no more time", played=99, outcomes={}),),
    ):
        assert JUDGE(_record(*seen)).verdict is Verdict.INCONCLUSIVE


def test_a_slow_device_that_took_many_passes_leniently() -> None:
    found = JUDGE(_record(_seen("campaign-end", why="there was no more time", played=300)))
    assert (found.verdict, found.preferred) == (Verdict.PASS, False)


def test_a_record_of_nonsense_is_judged_without_an_error() -> None:
    nonsense = (
        _seen("culprit", kind=3, reason=None, mutations="x"),
        _seen("campaign-end", why=1, played="many", outcomes=[1]),
    )
    assert JUDGE(_record(*nonsense)).verdict in Verdict


def test_findings_of_one_play_stand_in_the_row_as_cases() -> None:
    scenario = make_scenario("FUZ-001", oracles=[JUDGE])
    health = Observation(
        at_s=0.0, actor="sentinel", kind="health",
        data={"when": "before", "ok": True, "alive": True, "detail": ""},
    )  # fmt: skip
    after = Observation(
        at_s=2.0, actor="sentinel", kind="health",
        data={"when": "after", "ok": True, "alive": True, "detail": ""},
    )  # fmt: skip
    twin = Observation(
        at_s=0.0, actor="engine", kind="twin", data={"verdict": "PASS", "bystander_ok": True}
    )
    emitted = _seen("emitted", stimulus=True)
    case = judge_case(scenario, _record(health, twin, emitted, _culprit("crash"), END, after))
    row = row_of(Result(scenario=scenario, cases=(case,)))
    assert row["verdict"] == "FAIL"
    cases = row["cases"]
    assert isinstance(cases, list)
    assert [one["kind"] for one in cases if isinstance(one, Mapping)] == ["crash"]
