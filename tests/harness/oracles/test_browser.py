"""Oracles on what a browser shows, runs and sends."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Oracle
from harness.oracles.browser import (
    ANSWERED,
    KEPT_OUT,
    READ,
    calls_no_stranger,
    hands_over,
    is_framed_by_no_stranger,
    is_read_by_no_stranger,
    runs_nothing,
    shows,
    shows_no_secret,
)
from harness.verdict import Verdict
from tests.harness.fakes import a_record, seen

EAR = seen("ear", "browser", ready=True)
FAIL, PASS, WARN, UNSEEN = Verdict.FAIL, Verdict.PASS, Verdict.WARN, Verdict.INCONCLUSIVE


def page(**more: JSON) -> Observation:
    usual: dict[str, JSON] = {
        "what": "a page", "code": 200, "kind": "text/html", "why": "", "shown": [], "ran": [],
        "built": False, "framed": False, "downloaded": None, "exact": None, "rested": True,
    }  # fmt: skip
    return seen("page", "browser", **{**usual, **more})


def called(*calls: JSON, ready: bool = True) -> Observation:
    return seen("called", "stranger", ready=ready, count=len(calls), calls=list(calls))


@pytest.mark.parametrize(
    ("oracle", "observations", "verdict"),
    [
        (shows("name"), [page(shown=["name"])], PASS),
        (shows("name"), [page(shown=["name"]), page()], FAIL),
        (shows("name"), [page(shown=["name"], code=500)], FAIL),
        (shows("name"), [], UNSEEN),
        (hands_over(), [page(downloaded=4, exact=True)], PASS),
        (hands_over(), [page(downloaded=4, exact=False)], FAIL),
        (hands_over(), [page(kind="application/pdf")], PASS),
        (hands_over(), [page(code=404)], FAIL),
        (hands_over(), [], UNSEEN),
        (runs_nothing(shown=True), [EAR, page(shown=["name"])], PASS),
        (runs_nothing(shown=True), [EAR, page()], UNSEEN),
        (runs_nothing(), [EAR, page()], PASS),
        (runs_nothing(), [EAR, page(ran=[1])], FAIL),
        (runs_nothing(), [EAR, page(built=True)], FAIL),
        (runs_nothing(), [EAR, page(rested=False)], UNSEEN),
        (runs_nothing(), [EAR, page(ran=[1], rested=False)], FAIL),
        (runs_nothing(), [page()], UNSEEN),
        (runs_nothing(), [EAR], UNSEEN),
        (calls_no_stranger(), [called()], PASS),
        (calls_no_stranger(), [called({"credentials": []})], FAIL),
        (calls_no_stranger(credentials_only=True), [called({"credentials": []})], WARN),
        (calls_no_stranger(credentials_only=True), [called({"credentials": ["cookie"]})], FAIL),
        (calls_no_stranger(), [called(ready=False)], UNSEEN),
        (calls_no_stranger(), [], UNSEEN),
        (is_read_by_no_stranger(), [EAR, page(ran=[READ])], FAIL),
        (is_read_by_no_stranger(), [EAR, page(ran=[ANSWERED])], PASS),
        (is_read_by_no_stranger(), [EAR, page(ran=[KEPT_OUT])], PASS),
        (is_read_by_no_stranger(), [EAR, page()], UNSEEN),
        (is_framed_by_no_stranger(), [page(framed=True)], FAIL),
        (is_framed_by_no_stranger(), [page()], PASS),
        (is_framed_by_no_stranger(), [page(code=0)], UNSEEN),
        (is_framed_by_no_stranger(), [page(rested=False)], UNSEEN),
        (shows_no_secret("file"), [page(shown=["file"])], FAIL),
        (shows_no_secret("file"), [page(exact=True)], FAIL),
        (shows_no_secret("file"), [page(code=403)], PASS),
        (shows_no_secret("file"), [page(rested=False)], UNSEEN),
        (shows_no_secret("file"), [], UNSEEN),
    ],
)
def test_verdicts(oracle: Oracle, observations: list[Observation], verdict: Verdict) -> None:
    assert oracle(a_record(*observations)).verdict is verdict


def test_an_answer_without_the_data_is_tolerated_only() -> None:
    assert not is_read_by_no_stranger()(a_record(EAR, page(ran=[ANSWERED]))).preferred
    assert is_read_by_no_stranger()(a_record(EAR, page(ran=[KEPT_OUT]))).preferred
