"""Oracles on negotiation, state table, maximum length and capacity."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Oracle, Record
from harness.oracles import (
    accepts_only,
    follows_state_table,
    frees_idle_associations,
    keeps_to_announced_maximum,
    refuses_association,
    serves_the_claimed_number,
)
from harness.verdict import FailKind, Verdict


def _record(*seen: Observation, case: dict[str, JSON] | None = None) -> Record:
    facts: dict[str, JSON] = {"artim_s": 2.0, "idle_timeout_s": 4.0}
    return Record(scenario="ASC-999", case=case or {}, facts=facts, observations=seen)


def _seen(kind: str, actor: str = "attacker", /, **data: JSON) -> Observation:
    return Observation(at_s=0.0, actor=actor, kind=kind, data=data)


def _ended(outcome: str, after_s: float = 0.1, **data: JSON) -> Observation:
    return _seen("outcome", outcome=outcome, after_s=after_s, **data)


def _told(oracle: Oracle, record: Record) -> tuple[Verdict, FailKind | None, bool]:
    finding = oracle(record)
    return finding.verdict, finding.kind, finding.preferred


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (_ended("REJECTED", result=1, source=2, reason=2), (Verdict.PASS, None, True)),
        (_ended("REJECTED", result=2, source=2, reason=2), (Verdict.PASS, None, False)),
        (_ended("ABORTED"), (Verdict.PASS, None, False)),
        (_ended("ACCEPTED"), (Verdict.FAIL, FailKind.ACCEPTED, True)),
        (_ended("TIMEOUT", 8.0), (Verdict.FAIL, FailKind.HANG, True)),
    ],
)
def test_only_the_codes_of_the_standard_are_a_strict_rejection(
    ended: Observation, expected: tuple[Verdict, FailKind | None, bool]
) -> None:
    assert _told(refuses_association((1, 2, 2)), _record(ended)) == expected


@pytest.mark.parametrize(
    ("accepted", "verdict"),
    [([1], Verdict.PASS), ([], Verdict.PASS), ([1, 3], Verdict.FAIL), ([1, 1], Verdict.FAIL)],
)
def test_no_context_is_accepted_that_may_not_be_or_twice(
    accepted: list[JSON], verdict: Verdict
) -> None:
    record = _record(_seen("negotiated", accepted=accepted), _ended("ACCEPTED"))
    assert accepts_only({1})(record).verdict is verdict


def test_a_refused_request_accepts_no_context() -> None:
    assert accepts_only({1})(_record(_ended("ABORTED"))).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("action", "outcome", "expected"),
    [
        ("AA-8", "ABORTED", (Verdict.PASS, None, True)),
        ("AA-8", "CLOSED", (Verdict.PASS, None, False)),
        ("AA-8 or AA-6", "CLOSED", (Verdict.PASS, None, True)),
        ("AA-3", "CLOSED", (Verdict.PASS, None, True)),
        ("AA-6", "RELEASED", (Verdict.FAIL, FailKind.WRONG_REASON, True)),
        ("AA-1", "RESPONDED", (Verdict.FAIL, FailKind.ACCEPTED, True)),
        ("DT-2", "ABORTED", (Verdict.INCONCLUSIVE, None, True)),
    ],
)
def test_the_state_table_decides_what_is_strict(
    action: str, outcome: str, expected: tuple[Verdict, FailKind | None, bool]
) -> None:
    record = _record(_ended(outcome), case={"action": action})
    assert _told(follows_state_table(), record) == expected


@pytest.mark.parametrize(
    ("maximum", "size", "data_size", "verdict"),
    [
        (8, 14, 2, Verdict.PASS),
        (8, 15, 3, Verdict.FAIL),
        (0, 90, 78, Verdict.PASS),
        (0, 12, 0, Verdict.FAIL),
    ],
)
def test_pdus_to_us_are_neither_too_long_nor_empty(
    maximum: int, size: int, data_size: int, verdict: Verdict
) -> None:
    parts: list[JSON] = [["pdvs[0].length", 6, 4], ["pdvs[0].data", 12, data_size]]
    pdu = _seen("received", what="P-DATA-TF", bytes=size, parts=parts)
    record = _record(pdu, _ended("RESPONDED", status=0), case={"maximum": maximum})
    assert keeps_to_announced_maximum()(record).verdict is verdict


def test_idle_associations_are_measured_by_the_claim() -> None:
    late = _record(_ended("CLOSED", 10.0))
    assert _told(frees_idle_associations(), late) == (Verdict.FAIL, FailKind.SLOW, True)
    assert _told(frees_idle_associations(3), late) == (Verdict.PASS, None, False)


@pytest.mark.parametrize(
    ("reached", "verdict"), [(24, Verdict.PASS), (23, Verdict.FAIL), (None, Verdict.INCONCLUSIVE)]
)
def test_lost_capacity_is_a_failure(reached: int | None, verdict: Verdict) -> None:
    seen = (
        []
        if reached is None
        else [_seen("capacity", "polite", expected=24, reached=reached, after_s=0.2)]
    )
    assert serves_the_claimed_number()(_record(*seen)).verdict is verdict
