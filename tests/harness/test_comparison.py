"""What changed between two runs, and what counts as worse."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.comparison import KINDS, compare_documents
from harness.model import JSON


def run(verdict: str | None = None, **more: JSON) -> dict[str, JSON]:
    rows: list[JSON] = []
    if verdict:
        rows.append({"id": "ASC-001", "verdict": verdict, "kind": "", "code": ""})
    return {"results": rows, "complete": True, "not_finished": [], **more}


def changed(before: Mapping[str, JSON], after: Mapping[str, JSON]) -> dict[str, list[str]]:
    changes = compare_documents(before, after)
    assert tuple(changes) == KINDS
    return {kind: lines for kind, lines in changes.items() if lines}


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("PASS", "FAIL", "regressions"),
        ("PASS", "WARN", "regressions"),
        ("PASS", "INCONCLUSIVE", "regressions"),
        ("PASS", "ERROR", "regressions"),
        ("PASS", "NOT_APPLICABLE", "regressions"),
        ("ERROR", "FAIL", "regressions"),
        ("INCONCLUSIVE", "FAIL", "regressions"),
        ("FAIL", "PASS", "fixed"),
        ("FAIL", "WARN", "fixed"),
        ("REVIEW", "PASS", "fixed"),
        ("FAIL", "INCONCLUSIVE", "undecided"),
        ("FAIL", "ERROR", "undecided"),
        ("ERROR", "INCONCLUSIVE", "undecided"),
        ("FAIL", "NOT_APPLICABLE", "gone"),
        ("NOT_APPLICABLE", "PASS", "new"),
        ("NOT_APPLICABLE", "FAIL", "new"),
    ],
)
def test_verdicts(was: str, now: str, kind: str) -> None:
    assert changed(run(was), run(now)) == {kind: [f"ASC-001 {was} -> {now}"]}


def test_nothing() -> None:
    assert changed(run("PASS"), run("PASS")) == {}


def test_what_a_run_did_not_get_to_is_a_regression_and_what_it_left_out_is_gone() -> None:
    assert changed(run("PASS"), run()) == {"gone": ["ASC-001 PASS"]}
    cut = run(complete=False, not_finished=["ASC-001"])
    assert changed(run("PASS"), cut) == {
        "regressions": ["ASC-001 PASS -> no result"],
        "notes": ["the run after is incomplete"],
    }


def scheme(height: int, id: str = "s") -> JSON:
    names = ["low", "middle", "high"]
    return {
        "id": id,
        "level": ["", *names][height],
        "levels": [{"id": name, "reached": at < height} for at, name in enumerate(names)],
    }


def test_a_lost_level_is_a_regression() -> None:
    up, down = run(scheme=scheme(2)), run(scheme=scheme(0))
    assert changed(up, down) == {"regressions": ["level of s: middle -> none"]}
    assert changed(down, up) == {"level": ["level of s: none -> middle"]}
    assert changed(up, up) == {}
    other = run(scheme=scheme(1, "t"))
    assert changed(up, other) == {"notes": ["judged by two schemes: s and t"]}
    assert changed(up, run(scheme=None)) == {}


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("confirmed", "contradicted", "regressions"),
        ("confirmed", "not observable", "regressions"),
        ("not observable", "contradicted", "regressions"),
        ("contradicted", "confirmed", "claims"),
        ("contradicted", "not observable", "claims"),
    ],
)
def test_claims(was: str, now: str, kind: str) -> None:
    before, after = (run(claims=[{"id": "TLS", "state": one}]) for one in (was, now))
    assert changed(before, after) == {kind: [f"claim TLS: {was} -> {now}"]}


def test_another_catalogue_or_profile_is_said_and_not_refused() -> None:
    before = run("PASS", tool={"catalogue": "a"}, device={"profile": "p"})
    after = run("PASS", tool={"catalogue": "b"}, device={"profile": "q"})
    assert changed(before, after)["notes"] == [
        "another catalogue: what changed may be the catalogue, not the device",
        "another profile: what changed may be the profile, not the device",
    ]
