"""How requirements stand after a run: worst first, nothing good without whole evidence."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from harness import coverage, registry, requirements, standing
from harness.coverage import Gap, Status
from harness.model import JSON
from harness.requirements import Confidence, Level, Requirement
from harness.standing import Standing, State

ANY = next(iter(registry.load().values()))
CATALOGUE = {
    name: Requirement(
        id=name,
        text="A thing holds.",
        level=Level.SHALL,
        source="here",
        confidence=Confidence.READ,
        standard="S",
    )
    for name in ("A/1", "A/2", "B/1", "B/2", "C/1")
}
CATALOGUE["A/1"] = replace(CATALOGUE["A/1"], counts_as=("B/1", "B/2"), counts_wholly_as=("B/2",))
GAPS = {
    "A/2": Gap(requirement="A/2", status=Status.PARTIAL, reason="Half of it."),
    "B/1": Gap(requirement="B/1", status=Status.MANUAL, reason="Look at it."),
    "C/1": Gap(requirement="C/1", status=Status.NOT_TESTED, reason="Nothing yet."),
}


LEFT_OUT: JSON = [{"id": "X-2", "requirements": ["A/1", "UNKNOWN/1"]}]


@pytest.fixture(autouse=True)
def _small_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "load", lambda: CATALOGUE)
    monkeypatch.setattr(coverage, "gaps", lambda: GAPS)


def row(scenario: str, verdict: str, *verified: str, **more: JSON) -> dict[str, JSON]:
    """A row of results."""
    reason = f"{scenario} saw {verdict}"
    return {
        "id": scenario,
        "verdict": verdict,
        "reason": reason,
        "requirements": [*verified] or ["A/1"],
        **more,
    }


def stand(*rows: Mapping[str, JSON], of: str = "A/1", **document: JSON) -> Standing:
    """How one requirement stands after these results."""
    return standing.standings({"results": list(rows), **document})[of]


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ("PASS", State.HOLDS),
        ("PASS NOT_APPLICABLE", State.HOLDS),
        ("PASS WARN", State.WARNED),
        ("PASS WARN REVIEW", State.MANUAL),
        ("PASS REVIEW INCONCLUSIVE", State.UNDECIDED),
        ("PASS ERROR", State.UNDECIDED),
        ("PASS ERROR FAIL", State.BROKEN),
        ("NOT_APPLICABLE", State.NOT_APPLICABLE),
    ],
)
def test_the_worst_result_decides(verdicts: str, state: State) -> None:
    rows = [row(f"X-{n}", verdict) for n, verdict in enumerate(verdicts.split())]
    found = stand(*rows)
    assert found.state is state
    worst = verdicts.rsplit(maxsplit=1)[-1]
    expected = f"X-{len(rows) - 1}" if worst != "NOT_APPLICABLE" else "X-0"
    assert found.scenarios[0] == expected


def test_nothing_played_is_not_tested_or_manual_and_says_why() -> None:
    assert stand(of="C/1") == Standing(
        requirement="C/1", state=State.NOT_TESTED, reason="Nothing yet."
    )
    assert stand(of="B/1").state is State.MANUAL
    assert stand(of="A/1").state is State.NOT_TESTED


def test_every_requirement_of_the_catalogue_stands_somehow() -> None:
    rows = [row("X-1", "PASS", "UNKNOWN/1", "A/2")]
    assert standing.standings({"results": list(rows)}).keys() == CATALOGUE.keys()


class TestWaivers:
    """Somebody answers for a failure; it is not mended by that."""

    WAIVER: Mapping[str, JSON] = {"scenario": "X-1", "verdict": "FAIL", "state": "met"}

    def test_all_failures_waived(self) -> None:
        found = stand(row("X-1", "FAIL"), row("X-2", "PASS"), waivers=[self.WAIVER])
        assert (found.state, found.scenarios) == (State.WAIVED, ("X-1", "X-2"))

    def test_one_of_two_failures_waived(self) -> None:
        found = stand(row("X-1", "FAIL"), row("X-2", "FAIL"), waivers=[self.WAIVER])
        assert (found.state, found.scenarios) == (State.BROKEN, ("X-2", "X-1"))

    @pytest.mark.parametrize("state", ["expired", "not met", "not played"])
    def test_a_waiver_that_is_not_met_waives_nothing(self, state: str) -> None:
        waiver = {**self.WAIVER, "state": state}
        assert stand(row("X-1", "FAIL"), waivers=[waiver]).state is State.BROKEN

    def test_what_is_undecided_besides_stays_so(self) -> None:
        found = stand(row("X-1", "FAIL"), row("X-2", "INCONCLUSIVE"), waivers=[self.WAIVER])
        assert found.state is State.UNDECIDED

    def test_nothing_inconclusive_is_waived(self) -> None:
        waiver = {**self.WAIVER, "verdict": "INCONCLUSIVE"}
        assert stand(row("X-1", "INCONCLUSIVE"), waivers=[waiver]).state is State.UNDECIDED


class TestCrosswalk:
    """Evidence for one requirement counts for another, in part unless it is said to be whole."""

    def test_it_counts_in_part(self) -> None:
        found = stand(row("X-1", "PASS"), of="B/1")
        assert (found.state, found.partial) == (State.HOLDS, True)
        assert "X-1, which verifies A/1" in found.reason

    def test_it_counts_wholly_where_that_is_said(self) -> None:
        assert not stand(row("X-1", "PASS"), of="B/2").partial

    def test_a_failure_breaks_what_it_counts_for_and_names_the_scenario(self) -> None:
        found = stand(row("X-1", "FAIL"), row("X-2", "PASS", "B/1"), of="B/1")
        assert found.state is State.BROKEN
        assert found.reason == "X-1, which verifies A/1 and so counts here: X-1 saw FAIL"

    def test_what_came_directly_speaks_first(self) -> None:
        found = stand(row("X-1", "FAIL"), row("X-2", "FAIL", "B/1"), of="B/1")
        assert (found.scenarios, found.reason) == (
            ("X-2", "X-1"),
            "X-2: X-2 saw FAIL (1 more like it)",
        )

    def test_it_goes_one_step_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        chain = {**CATALOGUE, "B/1": replace(CATALOGUE["B/1"], counts_as=("C/1",))}
        monkeypatch.setattr(requirements, "load", lambda: chain)
        assert stand(row("X-1", "PASS"), of="C/1").state is State.NOT_TESTED

    def test_what_does_not_apply_says_nothing_of_another_set(self) -> None:
        found = stand(row("X-1", "NOT_APPLICABLE"), of="B/1")
        assert found.state is State.MANUAL
        assert found.reason.endswith("does not apply to what the device claims. Look at it.")
        assert stand(row("X-1", "NOT_APPLICABLE"), of="B/2").state is State.NOT_TESTED


def test_a_stated_gap_keeps_it_partial() -> None:
    assert stand(row("X-1", "PASS", "A/2"), of="A/2").partial
    assert not stand(row("X-1", "PASS", "A/1")).partial


class TestWhatHasNoResult:
    """A part of the scenarios does not carry a requirement."""

    @pytest.fixture(autouse=True)
    def _registry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = {"X-2": replace(ANY, id="X-2", verifies=("A/1",))}
        monkeypatch.setattr(registry, "load", lambda: known)

    def test_an_interrupted_run(self) -> None:
        found = stand(row("X-1", "PASS"), not_finished=["X-2", "GONE-1"])
        assert (found.state, found.scenarios) == (State.UNDECIDED, ("X-2", "X-1"))
        assert stand(not_finished=["X-2"]).state is State.UNDECIDED

    def test_a_selection(self) -> None:
        found = stand(row("X-1", "PASS"), not_selected=LEFT_OUT)
        assert found.state is State.UNDECIDED
        assert found.reason == "X-2: It tests this too, and was not selected."

    def test_a_selection_without_any_of_them(self) -> None:
        found = stand(not_selected=LEFT_OUT)
        assert (found.state, found.scenarios) == (State.NOT_TESTED, ("X-2",))

    def test_a_failure_stands(self) -> None:
        assert stand(row("X-1", "FAIL"), not_selected=LEFT_OUT).state is State.BROKEN


class TestPersons:
    """What a person answered, and what nobody was asked."""

    def test_a_question_for_which_the_profile_names_nobody_is_manual(self) -> None:
        found = stand(row("REV-001", "NOT_APPLICABLE", family="REV"))
        assert found.state is State.MANUAL
        assert found.reason.startswith("REV-001 would ask a person: ")

    def test_a_person_may_say_that_it_does_not_apply(self) -> None:
        answer = {"scenario": "REV-001", "answer": "n/a"}
        found = stand(row("REV-001", "NOT_APPLICABLE", family="REV"), attestations=[answer])
        assert found.state is State.NOT_APPLICABLE

    def test_a_word_is_never_mistaken_for_a_measurement(self) -> None:
        answers: JSON = [{"scenario": "REV-001", "answer": "yes"}]
        asked = row("REV-001", "PASS", family="REV")
        assert stand(asked, attestations=answers).attested
        assert not stand(asked, row("X-1", "PASS"), attestations=answers).attested


def test_ten_thousand_results_take_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    names = list(requirements.load())
    coverage.gaps()
    rows: list[JSON] = [
        row(f"X-{n}", "PASS" if n % 9 else "FAIL", *(names[(n + k) % len(names)] for k in range(3)))
        for n in range(10_000)
    ]
    start = time.process_time()
    found = standing.standings({"results": rows})
    assert time.process_time() - start < 0.4
    assert len(found) == len(names)
