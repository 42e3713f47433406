from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model import JSON, Observation, Oracle
from harness.oracles import honours_cancel, limits_results, refuses_when_full
from harness.verdict import FailKind, Verdict
from tests.harness.fakes import a_record, seen
from tests.harness.loads import a_load

FACTS: dict[str, JSON] = {"load_storage_quota": 100 * 4096, "load_max_results": 50}
FULL = {"count": 100, "errors": 100}


def _results(**data: JSON) -> Observation:
    return seen("results", "load", **{"existing": 80, "received": 50, "status": "A700H", **data})


ROWS: list[tuple[Oracle, Observation, Verdict, FailKind | None]] = [
    (refuses_when_full(), a_load(**FULL, statuses={"A700H": 100}), Verdict.PASS, None),
    (refuses_when_full(), a_load(**FULL, statuses={"0110H": 100}), Verdict.FAIL,
     FailKind.WRONG_REASON),
    (refuses_when_full(), a_load(**FULL, endings={"ABORTED": 2}), Verdict.FAIL,
     FailKind.WRONG_REASON),
    (refuses_when_full(), a_load(**FULL, endings={"TIMEOUT": 2}), Verdict.FAIL, FailKind.HANG),
    (refuses_when_full(), a_load(count=200), Verdict.FAIL, FailKind.ACCEPTED),
    (refuses_when_full(), a_load(count=50), Verdict.INCONCLUSIVE, None),
    (refuses_when_full(), a_load(count=0, errors=9, statuses={"A700H": 9}), Verdict.INCONCLUSIVE,
     None),
    (limits_results(), _results(), Verdict.PASS, None),
    (limits_results(), _results(received=80, status="0000H"), Verdict.FAIL, FailKind.RESOURCE),
    (limits_results(), _results(status=""), Verdict.FAIL, FailKind.HANG),
    (limits_results(), _results(existing=10, received=10), Verdict.INCONCLUSIVE, None),
    (limits_results(), _results(received="all"), Verdict.INCONCLUSIVE, None),
    (honours_cancel(), _results(cancel_s=0.1, status="FE00H"), Verdict.PASS, None),
    (honours_cancel(), _results(cancel_s=0.1, status="0000H"), Verdict.PASS, None),
    (honours_cancel(), _results(cancel_s=3.0, status="FE00H"), Verdict.FAIL, FailKind.SLOW),
    (honours_cancel(), _results(cancel_s=3.0, status=""), Verdict.FAIL, FailKind.HANG),
    (honours_cancel(), _results(), Verdict.INCONCLUSIVE, None),
]  # fmt: skip
ALL = [refuses_when_full(), limits_results(), honours_cancel()]


@pytest.mark.parametrize(("oracle", "one", "verdict", "kind"), ROWS)
def test_verdicts(
    oracle: Oracle, one: Observation, verdict: Verdict, kind: FailKind | None
) -> None:
    found = oracle(a_record(one, facts=FACTS))
    assert (found.verdict, found.kind) == (verdict, kind), found.reason


@pytest.mark.parametrize("oracle", ALL, ids=str)
def test_without_observations_or_claims_nothing_is_concluded(oracle: Oracle) -> None:
    assert oracle(a_record(facts=FACTS)).verdict is Verdict.INCONCLUSIVE
    assert oracle(a_record(a_load(count=500), _results())).verdict is Verdict.INCONCLUSIVE


def test_the_preferred_answers() -> None:
    assert limits_results()(a_record(_results(), facts=FACTS)).preferred
    assert not limits_results()(a_record(_results(status="0000H"), facts=FACTS)).preferred
    assert not honours_cancel()(a_record(_results(cancel_s=0.1, status="0000H"))).preferred


@given(
    st.dictionaries(
        st.sampled_from(["existing", "received", "status", "cancel_s"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(10**400),
    )
)
def test_no_oracle_raises(data: dict[str, JSON]) -> None:
    record = a_record(a_load(), seen("results", "load", **data), facts=FACTS)
    for oracle in ALL:
        assert oracle(record).reason
