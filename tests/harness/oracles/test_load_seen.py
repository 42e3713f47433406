"""Whatever stands in a record, an oracle judges: it never raises, and nonsense never passes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model import JSON, Oracle
from harness.oracles import load_seen
from harness.verdict import Verdict
from tests.harness.fakes import a_record, seen
from tests.harness.loads import CLAIMS, a_caller, a_footing, a_ledger, a_load, measured
from tests.harness.oracles import test_load, test_load_after

ORACLES: list[Oracle] = [*test_load.ALL, *test_load_after.ALL]
KINDS = ("load", "ledger", "footing", "recovery")
GOOD: dict[str, Mapping[str, JSON]] = {
    "load": a_load(callers=(a_caller("CT"), a_caller("BIG", greedy=True))).data,
    "ledger": a_ledger().data,
    "footing": a_footing("before").data,
    "recovery": {"after_s": 0.5, "ok": True, "served": True},
}
leaves: st.SearchStrategy[JSON] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from([-1, 2**70, -(2**70), 10**400, "nan", "inf", "TIMEOUT", "before", "after"])
)  # fmt: skip
values: st.SearchStrategy[JSON] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def observations(draw: st.DrawFn) -> list[tuple[str, dict[str, JSON]]]:
    """Observations that are right but for a few values."""
    made: list[tuple[str, dict[str, JSON]]] = []
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=5)):
        data = dict(GOOD[kind])
        for key in draw(st.lists(st.sampled_from(sorted(data)), max_size=3)):
            data[key] = draw(values)
        made.append((kind, data))
    return made


@settings(max_examples=200, deadline=None)
@given(
    observations(),
    st.dictionaries(st.sampled_from(sorted(CLAIMS)), st.none() | st.booleans() | st.floats()),
)
def test_no_oracle_raises(made: list[tuple[str, dict[str, JSON]]], facts: dict[str, JSON]) -> None:
    record = a_record(*(seen(kind, "load", **data) for kind, data in made), facts=CLAIMS | facts)
    for oracle in ORACLES:
        found = oracle(record)
        assert found.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)
        assert found.reason
        assert (found.kind is not None) == (found.verdict is Verdict.FAIL)


@pytest.mark.parametrize("count", [-1, 2**70, 1e400, "nan", None, [1]])
def test_what_was_never_measured_never_passes(count: JSON) -> None:
    broken = seen("load", "load", **{**GOOD["load"], "count": count})
    for oracle in test_load.ALL:
        assert oracle(a_record(broken, facts=CLAIMS)).verdict is Verdict.INCONCLUSIVE


def test_what_stands_beside_a_noun_does_not_matter() -> None:
    beside = seen("load", "load", **GOOD["load"], phase="warm")
    found = load_seen.load(a_record(beside))
    assert found is not None
    assert found.count == 200


def test_our_share_of_a_processor() -> None:
    idle, busy = measured(), measured(client_cpu_us_per_object=9_500.0)
    assert load_seen.limited_by_us(idle) == ""
    assert "95%" in load_seen.limited_by_us(busy)
    assert load_seen.limited_by_us(busy.model_copy(update={"workers": 2})) == ""
