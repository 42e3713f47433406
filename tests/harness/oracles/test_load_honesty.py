"""Oracles on refused objects, room that was made, and commitments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model import JSON, Observation, Oracle, Record
from harness.oracles import commits_only_what_it_has, keeps_nothing_refused, stores_again
from harness.verdict import FailKind, Verdict

LEFT, AGAIN, COMMITMENT = "leftovers", "stored-again", "commitment"


def record(kind: str = "", **data: JSON) -> Record:
    seen = Observation(at_s=0.0, actor="load", kind=kind, data=data)
    return Record(scenario="RES-900", case={}, facts={}, observations=(seen,) if kind else ())


COMMITTED: dict[str, JSON] = {
    "reported": True, "stored": 20, "committed": 20, "unknown": 5, "falsely": 0,
}  # fmt: skip
JUDGEMENTS: list[tuple[Oracle, Record, Verdict, FailKind | None]] = [
    (keeps_nothing_refused(), record(LEFT, refused=3, found=0), Verdict.PASS, None),
    (keeps_nothing_refused(), record(LEFT, refused=3, found=1), Verdict.FAIL, FailKind.LOSS),
    (keeps_nothing_refused(), record(LEFT, refused=0, found=0), Verdict.INCONCLUSIVE, None),
    (keeps_nothing_refused(), record(), Verdict.INCONCLUSIVE, None),
    (stores_again(), record(AGAIN, count=4, errors=0), Verdict.PASS, None),
    (stores_again(), record(AGAIN, count=3, errors=1), Verdict.FAIL, FailKind.RESOURCE),
    (stores_again(), record(AGAIN, count=0, errors=0), Verdict.INCONCLUSIVE, None),
    (stores_again(), record(), Verdict.INCONCLUSIVE, None),
    (commits_only_what_it_has(), record(COMMITMENT, **COMMITTED), Verdict.PASS, None),
    (
        commits_only_what_it_has(),
        record(COMMITMENT, **{**COMMITTED, "falsely": 1}),
        Verdict.FAIL,
        FailKind.LOSS,
    ),
    (
        commits_only_what_it_has(),
        record(COMMITMENT, **{**COMMITTED, "committed": 19}),
        Verdict.FAIL,
        FailKind.WRONG_REASON,
    ),
    (
        commits_only_what_it_has(),
        record(COMMITMENT, **{**COMMITTED, "reported": False}),
        Verdict.INCONCLUSIVE,
        None,
    ),
    (commits_only_what_it_has(), record(), Verdict.INCONCLUSIVE, None),
]


@pytest.mark.parametrize(("oracle", "seen", "verdict", "kind"), JUDGEMENTS)
def test_judges(oracle: Oracle, seen: Record, verdict: Verdict, kind: FailKind | None) -> None:
    found = oracle(seen)
    assert (found.verdict, found.kind, found.oracle) == (verdict, kind, oracle.name)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none())


@given(
    kind=st.sampled_from((LEFT, AGAIN, COMMITMENT)),
    data=st.dictionaries(st.sampled_from((*COMMITTED, "refused", "found", "count")), ANYTHING),
)
def test_never_raises_whatever_was_witnessed(kind: str, data: dict[str, JSON]) -> None:
    for oracle in (keeps_nothing_refused(), stores_again(), commits_only_what_it_has()):
        assert oracle(record(kind, **data)).verdict in Verdict
