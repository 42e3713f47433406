"""When the device turns sick: restart, suspects alone, the culprit named, the innocent cleared."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from harness import watchman
from harness.model import Body, Health
from harness.stage import Stage
from tests.harness.fakes import (
    CRASHED,
    HEALTHY,
    SICK,
    FakeBench,
    bench_of,
    fake_profile,
    make_scenario,
    make_twin,
    refused,
    run_engine,
)

_PATIENCE_S = 10.0


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fake device does not recover by waiting."""
    monkeypatch.setattr(watchman, "RECOVERY_S", 0.0)
    monkeypatch.setattr(watchman, "_AGAIN_S", 0.01)


def leaves(condition: Health) -> Body:
    """A body after which the device is in that condition."""

    def body(stage: Stage) -> None:
        refused(stage)
        bench_of(stage).condition = condition

    return body


class Together:
    """Bodies that are all in flight when the device dies, the first time only."""

    def __init__(self, count: int) -> None:
        self._barrier = threading.Barrier(count)

    def body(self, then: Body) -> Body:
        def body(stage: Stage) -> None:
            if "/" not in stage.play:
                self._barrier.wait(_PATIENCE_S)
            then(stage)

        return body


@pytest.mark.parametrize(("condition", "verdict"), [(CRASHED, "FAIL crash"), (SICK, "FAIL hang")])
def test_the_culprit_is_named_and_the_innocent_cleared(
    tmp_path: Path, condition: Health, verdict: str
) -> None:
    together = Together(4)
    culprit = make_scenario("ASC-001", together.body(leaves(condition)))
    innocent = [make_scenario(f"ASC-00{n}", together.body(refused)) for n in (2, 3, 4)]
    played = run_engine(tmp_path, [make_twin(), culprit, *innocent])
    assert played.verdicts() == {
        "ASC-900": "PASS", "ASC-001": verdict,
        "ASC-002": "PASS", "ASC-003": "PASS", "ASC-004": "PASS",
    }  # fmt: skip
    assert any("ASC-001 again, alone" in remark for remark in played.listener.remarks)


def test_who_waits_when_the_device_dies_is_called_back_and_played_again(tmp_path: Path) -> None:
    begun = threading.Event()

    def waits(stage: Stage) -> None:
        begun.set()
        if "/" not in stage.play:
            assert stage.cancelled.wait(_PATIENCE_S)
        refused(stage)

    def kills(stage: Stage) -> None:
        assert begun.wait(_PATIENCE_S)
        leaves(CRASHED)(stage)

    scenarios = [make_twin(), make_scenario("ASC-001", kills), make_scenario("ASC-002", waits)]
    played = run_engine(tmp_path, scenarios)
    assert played.verdicts()["ASC-001"] == "FAIL crash"
    assert played.verdicts()["ASC-002"] == "PASS"


def test_what_had_not_begun_is_played_on_the_restarted_device(tmp_path: Path) -> None:
    culprit = make_scenario("ASC-001", leaves(CRASHED), budget_s=50.0)
    many = [make_scenario(f"ASC-{n:03d}") for n in range(2, 40)]
    played = run_engine(tmp_path, [make_twin(), culprit, *many], lanes=2)
    verdicts = played.verdicts()
    assert verdicts.pop("ASC-001") == "FAIL crash"
    assert set(verdicts.values()) == {"PASS"}
    assert len(verdicts) == 39


def test_when_nobody_does_it_alone_nothing_is_concluded(tmp_path: Path) -> None:
    """Two that kill only together: each is suspected, neither is convicted."""
    together = Together(2)

    def kills_in_company(stage: Stage) -> None:
        refused(stage)
        if "/" not in stage.play:
            bench_of(stage).condition = CRASHED

    pair = [make_scenario(name, together.body(kills_in_company)) for name in ("ASC-001", "ASC-002")]
    played = run_engine(tmp_path, [make_twin(), *pair])
    for name in ("ASC-001", "ASC-002"):
        assert played.verdicts()[name] == "INCONCLUSIVE INSUFFICIENT_EVIDENCE"
        assert "does it alone" in str(played.rows()[name]["reason"])


def test_two_culprits_are_both_named(tmp_path: Path) -> None:
    together = Together(3)
    pair = [make_scenario(name, together.body(leaves(CRASHED))) for name in ("ASC-001", "ASC-002")]
    innocent = make_scenario("ASC-003", together.body(refused))
    verdicts = run_engine(tmp_path, [make_twin(), *pair, innocent]).verdicts()
    assert verdicts == {
        "ASC-900": "PASS", "ASC-001": "FAIL crash", "ASC-002": "FAIL crash", "ASC-003": "PASS",
    }  # fmt: skip


def test_a_killer_among_the_lonely_is_known_at_once(tmp_path: Path) -> None:
    culprit = make_scenario("ASC-001", leaves(CRASHED), alone=True)
    after = make_scenario("ASC-002", alone=True)
    played = run_engine(tmp_path, [make_twin(), culprit, after])
    assert played.verdicts()["ASC-001"] == "FAIL crash"
    assert played.verdicts()["ASC-002"] == "PASS"
    assert played.bench.starts == 2
    assert not any("again" in remark for remark in played.listener.remarks)


def test_the_worst_case_of_a_varied_scenario_names_the_case(tmp_path: Path) -> None:
    def body(stage: Stage) -> None:
        (leaves(CRASHED) if stage.case["n"] == 2 else refused)(stage)

    varied = make_scenario(body=body, vary=[{"n": n} for n in range(5)])
    row = run_engine(tmp_path, [make_twin(), varied]).rows()["ASC-001"]
    assert (row["verdict"], row["kind"]) == ("FAIL", "crash")
    assert isinstance(row["cases"], list)
    assert [case["verdict"] for case in row["cases"] if isinstance(case, dict)] == [
        "PASS", "PASS", "FAIL", "PASS", "PASS",
    ]  # fmt: skip


class TestNoWayBack:
    """A device that stays out of service: the rest of the run concludes nothing."""

    def test_when_restarts_are_used_up(self, tmp_path: Path) -> None:
        bench = FakeBench(fake_profile(restarts=1))
        killers = [make_scenario(f"ASC-00{n}", leaves(CRASHED), alone=True) for n in range(1, 5)]
        played = run_engine(tmp_path, [make_twin(), *killers], bench=bench)
        assert played.verdicts() == {
            "ASC-900": "PASS",
            "ASC-001": "FAIL crash",
            "ASC-002": "FAIL crash",
            "ASC-003": "INCONCLUSIVE DEVICE_UNHEALTHY_BEFORE",
            "ASC-004": "INCONCLUSIVE DEVICE_UNHEALTHY_BEFORE",
        }
        assert bench.starts == 2

    def test_when_a_restart_does_not_help(self, tmp_path: Path) -> None:
        bench = FakeBench()
        bench.mended_by_restart = False
        scenarios = [
            make_twin(),
            make_scenario("ASC-001", leaves(CRASHED), alone=True),
            make_scenario("ASC-002", alone=True),
        ]
        verdicts = run_engine(tmp_path, scenarios, bench=bench).verdicts()
        assert verdicts["ASC-001"] == "FAIL crash"
        assert verdicts["ASC-002"] == "INCONCLUSIVE DEVICE_UNHEALTHY_BEFORE"

    def test_when_it_cannot_be_restarted(self, tmp_path: Path) -> None:
        def kills_for_good(stage: Stage) -> None:
            leaves(CRASHED)(stage)
            bench_of(stage).refuses_to_start = "the port is taken"

        scenarios = [
            make_twin(),
            make_scenario("ASC-001", kills_for_good, alone=True),
            make_scenario("ASC-002", alone=True),
        ]
        played = run_engine(tmp_path, scenarios)
        assert played.verdicts()["ASC-001"] == "FAIL crash"
        assert "the port is taken" in str(played.rows()["ASC-002"]["reason"])

    def test_when_it_is_not_ours_to_restart(self, tmp_path: Path) -> None:
        bench = FakeBench(fake_profile().model_copy(update={"process": None}))
        together = Together(2)
        scenarios = [
            make_twin(),
            make_scenario("ASC-001", together.body(leaves(SICK))),
            make_scenario("ASC-002", together.body(refused)),
            make_scenario("ASC-003", alone=True),
        ]
        played = run_engine(tmp_path, scenarios, bench=bench)
        assert bench.starts == 1
        verdicts = played.verdicts()
        assert "PASS" not in (verdicts["ASC-001"], verdicts["ASC-003"])
        assert verdicts["ASC-003"] == "INCONCLUSIVE DEVICE_UNHEALTHY_BEFORE"

    def test_when_it_was_never_there(self, tmp_path: Path) -> None:
        bench = FakeBench()
        bench.condition = SICK
        played = run_engine(tmp_path, [make_twin(), make_scenario()], bench=bench)
        assert set(played.verdicts().values()) == {"INCONCLUSIVE DEVICE_UNHEALTHY_BEFORE"}
        assert played.rows()["ASC-001"]["reason"] == "out of service before the play: no answer"


class TestRecovery:
    """A device may take a moment to be in service again."""

    def test_one_that_comes_back_in_time_is_well(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watchman, "RECOVERY_S", _PATIENCE_S)
        bench = _Convalescent()
        played = run_engine(tmp_path, [make_twin(), make_scenario()], bench=bench, lanes=1)
        assert played.verdicts() == {"ASC-900": "PASS", "ASC-001": "PASS"}
        assert bench.starts == 1

    def test_a_worker_lost_meanwhile_is_not_forgotten(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watchman, "RECOVERY_S", _PATIENCE_S)
        scenario = make_scenario(body=leaves(_LOST), alone=True)
        played = run_engine(tmp_path, [make_twin(), scenario], bench=_Convalescent())
        assert played.verdicts()["ASC-001"] == "WARN"
        assert "Exception in thread" in str(played.rows()["ASC-001"]["reason"])


_LOST = Health(ok=False, alive=True, detail="no answer", lost_worker="Exception in thread 3")


class _Convalescent(FakeBench):
    """Sick once, and well when one looks again."""

    def health(self, role: object) -> Health:
        found, self.condition = self.condition, HEALTHY
        return found


def test_a_device_that_is_merely_overrun_gets_fewer_lanes(tmp_path: Path) -> None:
    """Out of service in company, and no evidence of a crash: that is our crowd, not a culprit."""
    together = Together(8)

    def overruns(stage: Stage) -> None:
        refused(stage)
        if "/" not in stage.play:
            bench_of(stage).condition = SICK

    crowd = [make_scenario(f"ASC-00{n}", together.body(overruns)) for n in range(1, 9)]
    played = run_engine(tmp_path, [make_twin(), *crowd], lanes=8)
    assert set(played.verdicts().values()) == {"PASS"}
    assert any("2 from now on" in remark for remark in played.listener.remarks)


def test_twins_that_fail_alone_too_cost_no_lanes(tmp_path: Path) -> None:
    """A service that the device does not have says nothing about how many it takes at a time."""
    unserved = [
        make_twin(f"ASC-90{n}", body=lambda stage: stage.require(False, "no association"))
        for n in (1, 2)
    ]
    together = Together(8)
    crowd = [make_scenario(f"ASC-00{n}", together.body(refused)) for n in range(1, 9)]
    played = run_engine(tmp_path, [make_twin(), *unserved, *crowd], lanes=8)
    assert played.verdicts()["ASC-008"] == "PASS"
    assert not any("from now on" in remark for remark in played.listener.remarks)
