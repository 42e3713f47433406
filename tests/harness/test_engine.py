"""The engine's schedule: twins first, waits overlap, measurements do not, and every end is kept."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from harness import engine
from harness.engine import MAX_LANES, REQUESTOR_LANES, Engine
from harness.errors import BenchError, HarnessError
from harness.model import JSON, Claim, Result, Role, Safety, Scenario
from harness.oracles import succeeds
from harness.rows import row_of
from harness.stage import Stage
from tests.harness.fakes import (
    FakeBench,
    fake_profile,
    make_engine,
    make_scenario,
    make_twin,
    refused,
    run_engine,
    served,
)

_PATIENCE_S = 10.0


class Company:
    """How many bodies are on stage at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0

    def __call__(self, stage: Stage) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        refused(stage)
        with self._lock:
            self._now -= 1


def test_a_sound_device_passes_everything(tmp_path: Path) -> None:
    played = run_engine(tmp_path, [make_twin(), make_scenario(), make_scenario("ASC-002")])
    assert played.verdicts() == {"ASC-900": "PASS", "ASC-001": "PASS", "ASC-002": "PASS"}
    assert (played.bench.starts, played.bench.stops, played.listener.total) == (1, 1, 3)


def test_twins_are_played_first_and_once(tmp_path: Path) -> None:
    several = [make_scenario(f"ASC-{n:03d}", budget_s=50.0) for n in range(1, 4)]
    played = run_engine(tmp_path, [*several, make_twin()], lanes=1)
    assert played.listener.played == ["ASC-900", "ASC-001", "ASC-002", "ASC-003"]


def test_a_twin_that_nobody_selected_is_played_but_has_no_result(tmp_path: Path) -> None:
    played = run_engine(tmp_path, [make_twin(), make_scenario()], select=["ASC-001"])
    assert played.listener.played == ["ASC-900", "ASC-001"]
    assert played.verdicts() == {"ASC-001": "PASS"}


def test_without_its_twin_s_success_nothing_passes(tmp_path: Path) -> None:
    def unserved(stage: Stage) -> None:
        stage.require(False, "no association")

    played = run_engine(tmp_path, [make_twin(body=unserved), make_scenario()])
    assert played.verdicts() == {
        "ASC-900": "INCONCLUSIVE PRECONDITION_UNMET",
        "ASC-001": "INCONCLUSIVE PRECONDITION_UNMET",
    }


def test_waits_overlap(tmp_path: Path) -> None:
    """Every body waits for all others: only real company ends the wait."""
    together = threading.Barrier(MAX_LANES)

    def waits(stage: Stage) -> None:
        together.wait(_PATIENCE_S)
        refused(stage)

    many = [make_scenario(f"ASC-{n:03d}", waits) for n in range(1, MAX_LANES + 1)]
    played = run_engine(tmp_path, [make_twin(), *many])
    assert set(played.verdicts().values()) == {"PASS"}


def test_cases_of_one_scenario_overlap_too(tmp_path: Path) -> None:
    together = threading.Barrier(5)

    def waits(stage: Stage) -> None:
        together.wait(_PATIENCE_S)
        refused(stage)

    varied = make_scenario(body=waits, vary=[{"n": n} for n in range(5)])
    played = run_engine(tmp_path, [make_twin(), varied])
    row = played.rows()["ASC-001"]
    assert row["verdict"] == "PASS"
    assert isinstance(row["cases"], list)
    assert [case["vary"] for case in row["cases"] if isinstance(case, dict)] == [
        {"n": n} for n in range(5)
    ]


def test_cases_that_end_at_once_publish_one_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both lanes note their cases before either looks, and neither is done before the other."""
    noted, publishing = threading.Barrier(2), threading.Barrier(2)
    complete = Engine._publish_if_complete
    made = []

    def looks_together(self: Engine, scenario: Scenario) -> None:
        if not scenario.positive:
            noted.wait(_PATIENCE_S)
        complete(self, scenario)

    def row(result: Result) -> dict[str, JSON]:
        made.append(result.scenario.id)
        if len(result.cases) == 2:
            with contextlib.suppress(threading.BrokenBarrierError):
                publishing.wait(0.5)
        return row_of(result)

    monkeypatch.setattr(Engine, "_publish_if_complete", looks_together)
    monkeypatch.setattr(engine, "row_of", row)
    varied = make_scenario(vary=[{"n": 1}, {"n": 2}])
    played = run_engine(tmp_path, [make_twin(), varied])
    assert sorted(made) == ["ASC-001", "ASC-900"]
    assert played.verdicts() == {"ASC-900": "PASS", "ASC-001": "PASS"}


def test_the_longest_waits_go_first(tmp_path: Path) -> None:
    budgets = {"ASC-001": 5.0, "ASC-002": 50.0, "ASC-003": 20.0}
    several = [make_scenario(name, budget_s=budget) for name, budget in budgets.items()]
    played = run_engine(tmp_path, [make_twin(), *several], lanes=1)
    assert played.listener.played[1:] == ["ASC-002", "ASC-003", "ASC-001"]


def test_who_measures_plays_alone(tmp_path: Path) -> None:
    company = Company()
    alone = [make_scenario(f"ASC-{n:03d}", company, alone=True) for n in range(1, 5)]
    varied = make_scenario("ASC-005", company, alone=True, vary=[{"n": 1}, {"n": 2}])
    others = [make_scenario(f"ASC-{n:03d}") for n in range(10, 20)]
    played = run_engine(tmp_path, [make_twin(), *alone, varied, *others])
    assert company.most == 1
    assert set(played.verdicts().values()) == {"PASS"}
    assert played.listener.played[-6:] == [
        "ASC-001", "ASC-002", "ASC-003", "ASC-004", "ASC-005", "ASC-005",
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["TIMEOUT", "CLOSED", "RESET"])
def test_an_honest_peer_that_was_not_served_in_company_is_asked_again_alone(
    tmp_path: Path, ending: str
) -> None:
    asked = []

    def crowded(stage: Stage) -> None:
        asked.append(stage.play)
        if len(asked) == 1:
            stage.observe("outcome", "control", outcome=ending)
            stage.require(False, f"an honest client got {ending}")
        refused(stage)

    played = run_engine(
        tmp_path, [make_twin(), make_scenario(body=crowded), make_scenario("ASC-002")]
    )
    assert asked == ["ASC-001", "ASC-001/2"]
    assert played.verdicts()["ASC-001"] == "PASS"


class TestAnEndingForTheWrongReason:
    """An honest exchange that was ended may have met a timer while we were too busy."""

    def test_is_played_again_alone(self, tmp_path: Path) -> None:
        asked = []

        def crowded(stage: Stage) -> None:
            asked.append(stage.play)
            (served if len(asked) > 1 else refused)(stage)

        several = [make_scenario(body=crowded, oracles=[succeeds()]), make_scenario("ASC-002")]
        played = run_engine(tmp_path, [make_twin(), *several])
        assert asked == ["ASC-001", "ASC-001/2"]
        assert played.verdicts()["ASC-001"] == "PASS"

    def test_is_played_again_where_nothing_else_was_in_flight_either(self, tmp_path: Path) -> None:
        asked = []

        def busy_machine(stage: Stage) -> None:
            asked.append(stage.play)
            (served if len(asked) > 1 else refused)(stage)

        lone = make_scenario(body=busy_machine, oracles=[succeeds()])
        played = run_engine(tmp_path, [make_twin(), lone], lanes=1)
        assert asked == ["ASC-001", "ASC-001/2"]
        assert played.verdicts()["ASC-001"] == "PASS"

    def test_counts_when_the_device_repeats_it_alone(self, tmp_path: Path) -> None:
        several = [make_scenario(f"ASC-{n:03d}", oracles=[succeeds()]) for n in (1, 2, 3)]
        played = run_engine(tmp_path, [make_twin(), *several])
        assert played.verdicts()["ASC-002"] == "FAIL wrong_reason"
        assert sorted(played.listener.played) == [
            "ASC-001", "ASC-001", "ASC-002", "ASC-002", "ASC-003", "ASC-003", "ASC-900",
        ]  # fmt: skip


def test_what_rests_on_a_twin_that_failed_is_not_played(tmp_path: Path) -> None:
    """Nothing would be concluded from it, so the device is spared, and the time."""
    asked: list[str] = []
    twin = make_twin(body=lambda stage: stage.require(False, "no association"))
    several = [
        make_scenario(f"ASC-{n:03d}", lambda stage: asked.append(stage.play)) for n in (1, 2)
    ]
    played = run_engine(tmp_path, [twin, *several])
    assert asked == []
    assert played.verdicts()["ASC-001"] == "INCONCLUSIVE PRECONDITION_UNMET"


def test_even_a_twin_may_ask_to_be_alone(tmp_path: Path) -> None:
    company = Company()

    def body(stage: Stage) -> None:
        company(stage)
        served(stage)

    twins = [
        make_scenario(f"ASC-90{n}", body, twin=None, alone=True, oracles=make_twin().oracles)
        for n in range(4)
    ]
    played = run_engine(tmp_path, [*twins, make_scenario()])
    assert company.most == 1
    assert set(played.verdicts().values()) == {"PASS"}


@pytest.mark.parametrize(
    ("limit", "asked", "most"), [(None, None, MAX_LANES), (None, 3, 3), (1, None, 1), (9, None, 4)]
)
def test_lanes_keep_within_the_claimed_associations(
    tmp_path: Path, limit: int | None, asked: int | None, most: int
) -> None:
    company = Company()
    profile = fake_profile()
    assert profile.acceptor is not None
    acceptor = profile.acceptor.model_copy(update={"max_associations": limit})
    bench = FakeBench(profile.model_copy(update={"acceptor": acceptor}))
    many = [make_scenario(f"ASC-{n:03d}", company) for n in range(1, 40)]
    run_engine(tmp_path, [make_twin(), *many], bench=bench, lanes=asked)
    assert 1 <= company.most <= most


class TestRequestor:
    """Calls of the device cost processes, and hands where there is nobody but the operator."""

    NEEDS = frozenset({Claim.VERIFICATION_SCU})

    def test_its_lanes_are_few(self, tmp_path: Path) -> None:
        company = Company()
        many = [
            make_scenario(
                f"ASC-{n}", company, role=Role.REQUESTOR, needs=self.NEEDS, twin="ASC-950"
            )
            for n in range(101, 140)
        ]
        twin = make_twin("ASC-950", role=Role.REQUESTOR)
        played = run_engine(tmp_path, [twin, *many], lanes=16)
        assert company.most <= REQUESTOR_LANES
        assert set(played.verdicts().values()) == {"PASS"}

    def test_an_operator_has_one_pair_of_hands(self, tmp_path: Path) -> None:
        company = Company()
        profile = fake_profile()
        assert profile.requestor is not None
        by_hand = profile.requestor.model_copy(update={"manual": True})
        bench = FakeBench(profile.model_copy(update={"requestor": by_hand}))
        many = [
            make_scenario(
                f"ASC-{n}", company, role=Role.REQUESTOR, needs=self.NEEDS, twin="ASC-950"
            )
            for n in range(101, 110)
        ]
        run_engine(tmp_path, [make_twin("ASC-950", role=Role.REQUESTOR), *many], bench=bench)
        assert company.most == 1


class TestNotApplicable:
    """What the profile does not claim, or permit, is not played; the row says what is missing."""

    def test_the_missing_claims_are_named(self, tmp_path: Path) -> None:
        needs = frozenset({Claim.VERIFICATION_SCP, Claim.TLS_ACCEPTOR, Claim.MUTUAL_TLS})
        played = run_engine(tmp_path, [make_twin(), make_scenario(needs=needs)])
        row = played.rows()["ASC-001"]
        assert row["verdict"] == "NOT_APPLICABLE"
        assert row["reason"] == "the profile does not claim mutual-tls, tls-acceptor"

    def test_a_device_with_nothing_applicable_is_not_even_started(self, tmp_path: Path) -> None:
        needs = frozenset({Claim.TLS_ACCEPTOR})
        played = run_engine(tmp_path, [make_scenario(needs=needs)])
        assert played.bench.starts == 0
        assert played.verdicts() == {"ASC-001": "NOT_APPLICABLE"}

    def test_destruction_needs_permission(self, tmp_path: Path) -> None:
        scenario = make_scenario(safety=Safety.DESTRUCTIVE)
        played = run_engine(tmp_path, [make_twin(), scenario])
        row = played.rows()["ASC-001"]
        assert row["verdict"] == "NOT_APPLICABLE"
        assert row["reason"] == "destructive, and scope.destructive is not true"

    def test_with_permission_it_is_played(self, tmp_path: Path) -> None:
        bench = FakeBench(fake_profile(extra="[scope]\ndestructive = true\n"))
        scenario = make_scenario(safety=Safety.DESTRUCTIVE)
        assert run_engine(tmp_path, [make_twin(), scenario], bench=bench).verdicts() == {
            "ASC-900": "PASS",
            "ASC-001": "PASS",
        }


class TestBystander:
    """An honest peer stands by where the scenario wants it and the twin's was served."""

    def test_neglect_is_a_failure(self, tmp_path: Path) -> None:
        def neglects(stage: Stage) -> None:
            refused(stage)
            assert isinstance(stage.bench, FakeBench)
            stage.bench.bystander_ok = False

        twin = make_scenario(
            "ASC-900", served, twin=None, bystander=True, oracles=make_twin().oracles
        )
        scenario = make_scenario(body=neglects, bystander=True)
        assert run_engine(tmp_path, [twin, scenario]).verdicts()["ASC-001"] == "FAIL hang"

    def test_a_device_that_never_serves_two_is_not_blamed(self, tmp_path: Path) -> None:
        bench = FakeBench()
        bench.bystander_ok = False
        twin = make_scenario(
            "ASC-900", served, twin=None, bystander=True, oracles=make_twin().oracles
        )
        played = run_engine(tmp_path, [twin, make_scenario(bystander=True)], bench=bench)
        assert played.verdicts() == {"ASC-900": "PASS", "ASC-001": "PASS"}


class TestEnds:
    """However a run ends, every future has an end and the bench is stopped."""

    def test_a_bench_that_cannot_start_is_everybody_s_error(self, tmp_path: Path) -> None:
        bench = FakeBench()
        bench.refuses_to_start = "missing tool storescp"
        played = run_engine(tmp_path, [make_twin(), make_scenario()], bench=bench)
        for future in played.engine.results.values():
            assert isinstance(future.exception(), BenchError)
            assert str(future.exception()) == "missing tool storescp"
        assert bench.stops == 1

    def test_a_record_that_cannot_be_written_ends_the_run(self, tmp_path: Path) -> None:
        played = make_engine(tmp_path, [make_twin(), make_scenario()])
        played.folder.close()
        played.engine.run()
        for future in played.engine.results.values():
            assert isinstance(future.exception(), HarnessError)
        assert played.bench.stops == 1

    def test_a_body_that_raises_is_our_error_and_the_run_goes_on(self, tmp_path: Path) -> None:
        def breaks(stage: Stage) -> None:
            refused(stage)
            raise KeyError("of ours")

        played = run_engine(
            tmp_path, [make_twin(), make_scenario(body=breaks), make_scenario("ASC-002")]
        )
        assert played.verdicts()["ASC-001"] == "ERROR"
        assert played.rows()["ASC-001"]["reason"] == "KeyError: 'of ours'"
        assert played.verdicts()["ASC-002"] == "PASS"

    def test_cancelling_keeps_what_is_finished(self, tmp_path: Path) -> None:
        reached = threading.Event()

        def waits(stage: Stage) -> None:
            reached.set()
            assert stage.cancelled.wait(_PATIENCE_S)

        slow = make_scenario("ASC-002", waits, budget_s=1.0)
        played = make_engine(
            tmp_path,
            [make_twin(), make_scenario(budget_s=9.0), slow, make_scenario("ASC-003")],
            lanes=1,
        )
        thread = threading.Thread(target=played.engine.run)
        thread.start()
        assert reached.wait(_PATIENCE_S)
        played.engine.cancel()
        thread.join(_PATIENCE_S)
        played.folder.close()
        assert not thread.is_alive()
        assert played.verdicts()["ASC-900"] == "PASS"
        with pytest.raises(CancelledError):
            played.engine.results["ASC-002"].result(0)
        assert all(future.done() for future in played.engine.results.values())
        assert played.bench.stops == 1
