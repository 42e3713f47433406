"""The judge's order: our errors, then what cannot be concluded, then the sentinel, then oracles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge import judge_case
from harness.model import CaseResult, Observation, Scenario
from harness.oracles import failed, passed, refuses, warned
from harness.verdict import FailKind, InconclusiveReason, Outcome, Verdict
from tests.harness.fakes import (
    ABORTED,
    AFTER,
    BEFORE,
    EMITTED,
    SOUND,
    TWIN,
    a_record,
    always,
    make_scenario,
    make_twin,
    outcome,
    raising,
    saying,
    seen,
)

SICK_BEFORE = seen("health", "sentinel", when="before", ok=False, detail="no answer")
SICK_AFTER = seen("health", "sentinel", when="after", ok=False, detail="no answer", evidence={})
CRASH = seen(
    "health", "sentinel", when="after", ok=False, detail="gone", evidence={"signal": "SIGSEGV"}
)
TWIN_FAILED = seen("twin", "engine", id="ASC-900", verdict="FAIL", bystander_ok=True)
TWIN_ALONE = seen("twin", "engine", id="ASC-900", verdict="PASS", bystander_ok=False)
ERROR = seen("error", "engine", message="KeyError: 'x'", trace="...")
UNMET = seen("precondition", "engine", why="no context was accepted")
SILENT = seen("not-emitted", "engine", why="the library refuses to lie")
NEGLECTED = seen("bystander", "bystander", ok=False, detail="no answer")
CUT_SHORT = seen("cut-short", "engine")
SUSPICION = seen("suspicion", "engine", why="it was one of two")
TIMEOUT = outcome(Outcome.TIMEOUT, after_s=60.0)
ACCEPTED = outcome(Outcome.ACCEPTED, after_s=0.1)


def judge(*observations: Observation, scenario: Scenario | None = None) -> CaseResult:
    return judge_case(scenario or make_scenario(bystander=True), a_record(*observations))


def test_a_sound_refusal_passes() -> None:
    result = judge(*SOUND)
    assert (result.verdict, result.outcome) == (Verdict.PASS, Outcome.ABORTED)
    assert result.preferred


@pytest.mark.parametrize(
    ("observations", "code", "words"),
    [
        ((), InconclusiveReason.INSUFFICIENT_EVIDENCE, "did not look before"),
        ((TWIN, EMITTED, ABORTED, AFTER), "INSUFFICIENT_EVIDENCE", "did not look before"),
        ((BEFORE, TWIN, EMITTED, ABORTED), "INSUFFICIENT_EVIDENCE", "did not look after"),
        ((SICK_BEFORE, TWIN, EMITTED, ABORTED, AFTER), "DEVICE_UNHEALTHY_BEFORE", "no answer"),
        ((SICK_BEFORE,), "DEVICE_UNHEALTHY_BEFORE", "no answer"),
        ((BEFORE, EMITTED, ABORTED, AFTER), "PRECONDITION_UNMET", "ASC-900 did not succeed"),
        ((BEFORE, TWIN_FAILED, EMITTED, ABORTED, AFTER), "PRECONDITION_UNMET", "(FAIL)"),
        ((BEFORE, TWIN, ABORTED, AFTER), "NOT_EMITTED", "no proof"),
        ((BEFORE, TWIN, EMITTED, SILENT, ABORTED, AFTER), "NOT_EMITTED", "refuses to lie"),
        ((BEFORE, TWIN, EMITTED, UNMET, AFTER), "PRECONDITION_UNMET", "no context"),
        ((BEFORE, TWIN, EMITTED, ABORTED, AFTER, SUSPICION), "INSUFFICIENT_EVIDENCE", "of two"),
        ((BEFORE, TWIN, EMITTED, AFTER), "INSUFFICIENT_EVIDENCE", "no outcome"),
        ((BEFORE, TWIN, EMITTED, TIMEOUT, CUT_SHORT, AFTER), "INSUFFICIENT_EVIDENCE", "its time"),
    ],
)
def test_nothing_is_concluded_from_nothing(
    observations: tuple[Observation, ...], code: str, words: str
) -> None:
    result = judge(*observations)
    assert (result.verdict, result.code) == (Verdict.INCONCLUSIVE, code)
    assert words in result.reason


@pytest.mark.parametrize(
    ("observations", "kind"),
    [
        ((BEFORE, TWIN, EMITTED, ABORTED, CRASH), FailKind.CRASH),
        ((BEFORE, TWIN, EMITTED, ABORTED, SICK_AFTER), FailKind.HANG),
        ((BEFORE, TWIN, EMITTED, TIMEOUT, AFTER), FailKind.HANG),
        ((BEFORE, TWIN, EMITTED, ACCEPTED, AFTER), FailKind.ACCEPTED),
        ((BEFORE, TWIN, EMITTED, ABORTED, NEGLECTED, AFTER), FailKind.HANG),
        ((BEFORE, TWIN, EMITTED, UNMET, CRASH), FailKind.CRASH),
        ((BEFORE, TWIN, EMITTED, UNMET, SICK_AFTER), FailKind.HANG),
    ],
)
def test_what_the_device_did_wrong(observations: tuple[Observation, ...], kind: FailKind) -> None:
    result = judge(*observations)
    assert (result.verdict, result.kind) == (Verdict.FAIL, kind)


@pytest.mark.parametrize(
    "observations",
    [
        (ERROR,),
        (SICK_BEFORE, ERROR),
        (BEFORE, TWIN_FAILED, ERROR, AFTER),
        (BEFORE, TWIN, SILENT, ERROR, AFTER),
        (BEFORE, TWIN, EMITTED, ABORTED, ERROR, CRASH),
    ],
)
def test_our_own_error_outweighs_everything(observations: tuple[Observation, ...]) -> None:
    result = judge(*observations)
    assert (result.verdict, result.reason) == (Verdict.ERROR, "KeyError: 'x'")


class TestOracles:
    """The scenario's own opinions come last and never break the run."""

    def test_one_that_raises_is_our_error(self) -> None:
        scenario = make_scenario(oracles=[raising(ZeroDivisionError("of ours")), always()])
        result = judge(*SOUND, scenario=scenario)
        assert result.verdict is Verdict.ERROR
        assert result.reason == "oracle raising raised ZeroDivisionError: of ours"
        assert len(result.findings) == 2

    def test_the_worst_opinion_wins(self) -> None:
        opinions = [saying(passed("a")), saying(failed(FailKind.SLOW, "b")), saying(warned("c"))]
        result = judge(*SOUND, scenario=make_scenario(oracles=opinions))
        assert (result.verdict, result.kind, result.reason) == (Verdict.FAIL, FailKind.SLOW, "b")

    def test_one_lenient_opinion_makes_the_pass_lenient(self) -> None:
        opinions = [saying(passed("strict")), saying(passed("tolerated", preferred=False))]
        result = judge(*SOUND, scenario=make_scenario(oracles=opinions))
        assert (result.verdict, result.preferred) == (Verdict.PASS, False)
        assert result.reason == "tolerated"

    def test_a_tolerated_outcome_is_a_lenient_pass(self) -> None:
        closed = outcome(Outcome.CLOSED, after_s=0.1)
        result = judge(BEFORE, TWIN, EMITTED, closed, AFTER)
        assert (result.verdict, result.preferred) == (Verdict.PASS, False)
        assert result.outcome is Outcome.CLOSED


class TestTempering:
    """A rule that nobody read in the standard does not decide a FAIL, except for evident harm."""

    SECONDARY = ("RFC8996/4",)

    @pytest.mark.parametrize(
        "kind", [FailKind.ACCEPTED, FailKind.WRONG_REASON, FailKind.LEAK, FailKind.SLOW]
    )
    def test_it_becomes_a_warning_that_says_so(self, kind: FailKind) -> None:
        scenario = make_scenario(oracles=[saying(failed(kind, "bad"))], verifies=self.SECONDARY)
        result = judge(*SOUND, scenario=scenario)
        assert (result.verdict, result.kind) == (Verdict.WARN, None)
        assert "not a FAIL, because the rule rests on RFC8996/4" in result.reason

    @pytest.mark.parametrize(
        "kind", [FailKind.CRASH, FailKind.HANG, FailKind.RESOURCE, FailKind.LOSS]
    )
    def test_evident_harm_stays_a_failure(self, kind: FailKind) -> None:
        scenario = make_scenario(oracles=[saying(failed(kind, "bad"))], verifies=self.SECONDARY)
        assert judge(*SOUND, scenario=scenario).verdict is Verdict.FAIL

    def test_one_deciding_rule_is_enough(self) -> None:
        scenario = make_scenario(
            oracles=[saying(failed(FailKind.ACCEPTED, "bad"))],
            verifies=(*self.SECONDARY, "HOUSE/NO-EFFECT"),
        )
        assert judge(*SOUND, scenario=scenario).verdict is Verdict.FAIL


class TestBystander:
    """Neglect of others is proved only against a twin whose bystander was served."""

    def test_without_the_twin_s_nothing_is_said(self) -> None:
        result = judge(BEFORE, TWIN_ALONE, EMITTED, ABORTED, NEGLECTED, AFTER)
        assert result.verdict is Verdict.PASS

    def test_a_scenario_may_do_without(self) -> None:
        observations = (BEFORE, TWIN, EMITTED, ABORTED, NEGLECTED, AFTER)
        assert judge(*observations, scenario=make_scenario()).verdict is Verdict.PASS

    @pytest.mark.parametrize(
        ("codes", "verdict"), [("2/3/2", Verdict.PASS), ("1/1/1", Verdict.FAIL)]
    )
    def test_a_full_device_may_tell_it_to_return(self, codes: str, verdict: Verdict) -> None:
        detail = f"an honest association was rejected ({codes})"
        refused = seen("bystander", "bystander", ok=False, detail=detail)
        assert judge(BEFORE, TWIN, EMITTED, ABORTED, refused, AFTER).verdict is verdict

    def test_a_full_device_has_refused_nothing(self) -> None:
        refused = seen("bystander", "bystander", ok=False, detail="was rejected (2/3/2)")
        rejected = seen("outcome", "attacker", outcome="REJECTED", result=2, detail="2/3/2")
        result = judge(BEFORE, TWIN, EMITTED, rejected, refused, AFTER)
        assert result.verdict is Verdict.INCONCLUSIVE
        assert result.code is InconclusiveReason.INSUFFICIENT_EVIDENCE

    def test_a_twin_is_no_twin_of_itself(self) -> None:
        observations = (BEFORE, EMITTED, ABORTED, NEGLECTED, AFTER)
        assert judge(*observations, scenario=make_twin()).verdict is Verdict.PASS


def test_a_lost_worker_is_a_warning() -> None:
    lost = seen("health", "sentinel", when="after", ok=True, lost_worker="Exception in thread 7")
    result = judge(BEFORE, TWIN, EMITTED, ABORTED, lost)
    assert result.verdict is Verdict.WARN
    assert "Exception in thread 7" in result.reason


def test_the_last_look_after_the_play_counts() -> None:
    result = judge(BEFORE, TWIN, EMITTED, ABORTED, SICK_AFTER, AFTER)
    assert result.verdict is Verdict.PASS


def test_evidence_and_duration_are_carried() -> None:
    paths = [seen("evidence", "engine", path="wire/a.pcapng"), seen("evidence", "process")]
    ended = Observation(at_s=2.5, actor="engine", kind="ended", data={})
    result = judge(*SOUND, *paths, ended)
    assert result.evidence == ("wire/a.pcapng",)
    assert result.duration_s == 2.5


_ANYTHING = [
    BEFORE, AFTER, TWIN, EMITTED, ABORTED, SICK_BEFORE, SICK_AFTER, CRASH, TWIN_FAILED, TWIN_ALONE,
    ERROR, UNMET, SILENT, NEGLECTED, SUSPICION, TIMEOUT, ACCEPTED,
    seen("emitted", stimulus=False), seen("connect", ok=False), seen("outcome", outcome="NONSENSE"),
]  # fmt: skip


@given(st.lists(st.sampled_from(_ANYTHING)))
def test_there_is_no_pass_without_proof(observations: list[Observation]) -> None:
    result = judge(*observations, scenario=make_scenario(oracles=[always()], bystander=True))
    if result.verdict is Verdict.PASS:
        first = next(one for one in observations if one.data.get("when") == "before")
        last = [one for one in observations if one.data.get("when") == "after"][-1]
        twins = [one for one in observations if one.kind == "twin"]
        assert first is BEFORE
        assert last is AFTER
        assert twins[-1] in (TWIN, TWIN_ALONE)
        assert EMITTED in observations
        assert not {ERROR.kind, UNMET.kind, SILENT.kind} & {one.kind for one in observations}


@given(st.lists(st.sampled_from(_ANYTHING)))
def test_the_judge_never_raises(observations: list[Observation]) -> None:
    result = judge(*observations, scenario=make_scenario(oracles=[refuses()], bystander=True))
    assert (result.verdict is Verdict.FAIL) == (result.kind is not None)
    assert (result.verdict is Verdict.INCONCLUSIVE) == (result.code is not None)


def test_of_a_play_that_was_cut_short_only_the_watch_speaks() -> None:
    result = judge(BEFORE, TWIN, EMITTED, TIMEOUT, NEGLECTED, CUT_SHORT, AFTER)
    assert (result.verdict, result.kind) == (Verdict.FAIL, FailKind.HANG)
    assert [finding.oracle for finding in result.findings] == ["bystander"]
