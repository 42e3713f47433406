"""What became of an object, and what is concluded from it."""

from __future__ import annotations

import pytest

from harness import deidentification
from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.deidentification import (
    comes_out_whole,
    leaves_no_canary,
    moves_dates_together,
    refuses_or_leaves_no_canary,
    replaces_uids,
    says_what_it_did,
    tells_nobody,
)
from harness.verdict import FailKind, Verdict

LEAK: dict[str, JSON] = {
    "channel": "a file that it wrote", "place": "(0010,0010)", "action": "Z", "decides": True,
}  # fmt: skip
EVERY = (
    comes_out_whole(), leaves_no_canary(), refuses_or_leaves_no_canary(), tells_nobody(),
    says_what_it_did(), replaces_uids(), moves_dates_together(),
)  # fmt: skip
CLAIMED: dict[str, JSON] = {"deid_profile": "basic", "deid_options": ["clean-graphics"]}


def done(**changes: JSON) -> Observation:
    data: dict[str, JSON] = {
        "outcome": "RESPONDED", "detail": "exit 0", "files": 1, "readable": 1, "canaries": 3,
        "leaks": [], "crash": [], "timed_out": False, "lie": "x",
    }  # fmt: skip
    return seen("deidentified", **{**data, **changes})


def seen(kind: str, **data: JSON) -> Observation:
    return Observation(at_s=0.1, actor="reader", kind=kind, data=data)


def judged(oracle: Oracle, *observations: Observation, **facts: JSON) -> Finding:
    return oracle(Record(scenario="DEI-999", case={}, facts=facts, observations=observations))


@pytest.mark.parametrize("oracle", EVERY, ids=str)
def test_that_nothing_is_concluded_where_nothing_was_done(oracle: Oracle) -> None:
    assert judged(oracle).verdict is Verdict.INCONCLUSIVE


def test_that_a_canary_fails_unless_its_rule_may_not_decide() -> None:
    assert judged(leaves_no_canary(), done()).verdict is Verdict.PASS
    found = judged(leaves_no_canary(), done(leaks=[LEAK]))
    assert (found.verdict, found.kind) == (Verdict.FAIL, FailKind.LEAK)
    assert judged(leaves_no_canary(), done(leaks=[{**LEAK, "decides": False}])).verdict is (
        Verdict.WARN
    )


def test_that_a_refusal_passes_only_where_it_may() -> None:
    refused = done(outcome="REJECTED", files=0, readable=0)
    assert judged(leaves_no_canary(), refused).verdict is Verdict.INCONCLUSIVE
    assert judged(refuses_or_leaves_no_canary(), refused).verdict is Verdict.PASS
    crashed = done(outcome="CLOSED", files=0, readable=0, crash=["an unhandled error"])
    assert judged(refuses_or_leaves_no_canary(), crashed).verdict is Verdict.WARN
    hung = done(outcome="TIMEOUT", files=0, timed_out=True)
    assert judged(refuses_or_leaves_no_canary(), hung).kind is FailKind.HANG


def test_that_logs_are_a_matter_of_their_own() -> None:
    printed = done(leaks=[{**LEAK, "channel": "what it printed"}])
    assert judged(leaves_no_canary(), printed).verdict is Verdict.PASS
    assert judged(tells_nobody(), printed).kind is FailKind.LEAK
    assert judged(tells_nobody(), done(leaks=[LEAK])).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("changes", "after", "verdict"),
    [
        ({}, ["a"], Verdict.PASS),
        ({}, ["b"], Verdict.FAIL),
        ({"files": 0, "readable": 0}, [], Verdict.FAIL),
        ({"readable": 0}, [], Verdict.FAIL),
        ({"outcome": "REJECTED"}, [], Verdict.FAIL),
    ],
)
def test_that_an_honest_object_has_to_come_out(
    changes: dict[str, JSON], after: list[JSON], verdict: Verdict
) -> None:
    picture = seen("picture", before="a", after=after)
    assert judged(comes_out_whole(), done(**changes), picture).verdict is verdict


@pytest.mark.parametrize(
    ("removed", "codes", "verdict"),
    [
        ("YES", ["113100", "113103"], Verdict.PASS),
        ("YES", ["113100"], Verdict.FAIL),
        ("YES", ["113100", "113103", "113101"], Verdict.WARN),
        ("", ["113100", "113103"], Verdict.FAIL),
    ],
)
def test_that_marks_are_true(removed: str, codes: list[str], verdict: Verdict) -> None:
    marks = seen("marks", removed=removed, codes=[[code, "DCM"] for code in codes])
    assert judged(says_what_it_did(), marks, **CLAIMED).verdict is verdict


@pytest.mark.parametrize(
    ("places", "more", "verdict"),
    [
        ({"1.2": ["2.25.7", "2.25.7"], "1.3": ["2.25.8"]}, {}, Verdict.PASS),
        ({"1.2": ["2.25.7", "2.25.9"]}, {}, Verdict.FAIL),
        ({"1.2": ["2.25.7"], "1.3": ["2.25.7"]}, {}, Verdict.FAIL),
        ({"1.2": [""]}, {}, Verdict.FAIL),
        ({"1.2": ["2.25.7"]}, {"meta": "2.25.8"}, Verdict.FAIL),
        ({"1.2": ["2.25.7"]}, {"hashed": ["md5"]}, Verdict.WARN),
    ],
)
def test_that_uids_are_replaced_alike(
    places: dict[str, JSON], more: dict[str, JSON], verdict: Verdict
) -> None:
    data: dict[str, JSON] = {"places": places, "meta": "1", "instance": "1", "hashed": []}
    assert judged(replaces_uids(), seen("uids", **{**data, **more})).verdict is verdict


@pytest.mark.parametrize(
    ("after", "said", "stamp", "verdict"),
    [
        (["19990109", "19990112"], "MODIFIED", "19990109", Verdict.PASS),
        (["19990101", "19990101"], "MODIFIED", "19990101", Verdict.PASS),
        (["19990112", "19990109"], "MODIFIED", "19990109", Verdict.FAIL),
        (["20000109", "19990112"], "MODIFIED", "19990109", Verdict.FAIL),
        (["", ""], "MODIFIED", "", Verdict.FAIL),
        (["19990109", "19990112"], "MODIFIED", "20000109", Verdict.FAIL),
        (["19990109", "19990112"], "", "19990109", Verdict.FAIL),
    ],
)
def test_that_dates_move_together(
    after: list[JSON], said: str, stamp: str, verdict: Verdict
) -> None:
    dates = seen(
        "dates", before=["20000109", "20000112"], after=after, stamps=[stamp], stamp="20000109"
    )
    assert judged(moves_dates_together(), dates, seen("marks", dates=said)).verdict is verdict


def test_that_options_override_the_profile() -> None:
    study_date = deidentification.row_of(0x00080020)
    assert study_date is not None
    assert study_date.action(()) != "K"
    assert study_date.action(("retain-longitudinal-full",)) == "K"
    assert study_date.action(("retain-longitudinal-modified",)) == "C"
    overlay = deidentification.row_of(0x60023000)
    assert overlay is not None
    assert overlay.basic == "X"
    assert deidentification.row_of(0x00280010) is None
    assert {*deidentification.codes()} == {"basic", *deidentification.OPTIONS}
