from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Oracle
from harness.oracles import (
    duplicates_nothing,
    loses_nothing,
    mixes_up_nothing,
    recovers_within,
    returns_to_base,
)
from harness.verdict import FailKind, Verdict
from tests.harness.fakes import a_record, seen
from tests.harness.loads import CLAIMS, a_footing, a_ledger, a_load

MIB = 2**20


def _recovery(**data: JSON) -> Observation:
    return seen("recovery", "load", **data)


PASSES: list[tuple[Oracle, list[Observation]]] = [
    (loses_nothing(), [a_ledger()]),
    (loses_nothing(), [a_ledger(looked_for=50, found=50)]),
    (duplicates_nothing(), [a_ledger()]),
    (mixes_up_nothing(), [a_ledger(compared=10)]),
    (returns_to_base(), [a_footing("before"), a_footing("after"), a_load()]),
    (returns_to_base(), [a_footing("before"), a_footing("after", rss_bytes=57 * MIB, threads=9),
                         a_load()]),
    (returns_to_base(per_request_bytes=4096),
     [a_footing("before"), a_footing("after", rss_bytes=50 * MIB + 4096 * 100), a_load()]),
    # The claim is about smaller objects.
    (returns_to_base(), [a_footing("before"), a_footing("after", rss_bytes=70 * MIB),
                         a_load(octets=10**9)]),
    (recovers_within(), [_recovery(after_s=0.4, ok=True)]),
    (recovers_within(9.0), [_recovery(after_s=8.0, ok=True, served=True)]),
]  # fmt: skip

FAILS: list[tuple[Oracle, list[Observation], FailKind]] = [
    (loses_nothing(), [a_ledger(lost=1, found=199)], FailKind.LOSS),
    (duplicates_nothing(), [a_ledger(duplicated=4)], FailKind.LOSS),
    (mixes_up_nothing(), [a_ledger(mixed_up=2, compared=0)], FailKind.LOSS),
    (returns_to_base(), [a_footing("before"), a_footing("after", rss_bytes=70 * MIB), a_load()],
     FailKind.RESOURCE),
    (returns_to_base(FailKind.LEAK),
     [a_footing("before"), a_footing("after", threads=40), a_load()], FailKind.LEAK),
    (returns_to_base(slack=0), [a_footing("before"), a_footing("after", descriptors=11), a_load()],
     FailKind.RESOURCE),
    (returns_to_base(), [a_footing("before"), a_footing("after", processes=12), a_load()],
     FailKind.RESOURCE),
    (returns_to_base(per_request_bytes=4096),
     [a_footing("before"), a_footing("after", rss_bytes=55 * MIB), a_load()], FailKind.RESOURCE),
    (recovers_within(), [_recovery(after_s=2.5, ok=True)], FailKind.SLOW),
    (recovers_within(), [_recovery(after_s=4.0, ok=False)], FailKind.SLOW),
    (recovers_within(), [_recovery(after_s=4.0, ok=False, served=False)], FailKind.HANG),
]  # fmt: skip

SILENT: list[tuple[Oracle, list[Observation], str]] = [
    (loses_nothing(), [a_ledger(acknowledged=0)], "no object was acknowledged"),
    (loses_nothing(), [a_ledger(looked_for=0, found=0, how=())], "nobody could look"),
    (loses_nothing(), [a_ledger(found=150)], "unexplained"),
    (duplicates_nothing(), [a_ledger(how=("storage commitment",))], "does not show copies"),
    (mixes_up_nothing(), [a_ledger(compared=0)], "fetched back"),
    (returns_to_base(), [a_footing("before"), a_load()], "not observed"),
    (returns_to_base(), [a_footing("after"), a_footing("during")], "not observed"),
    (recovers_within(), [_recovery(after_s=1.0, ok=False)], "nobody looked any more"),
    (recovers_within(), [_recovery(after_s="soon", ok=True)], "nobody measured"),
]
ALL = [
    loses_nothing(), duplicates_nothing(), mixes_up_nothing(), returns_to_base(), recovers_within(),
]  # fmt: skip


@pytest.mark.parametrize(("oracle", "seen"), PASSES)
def test_a_good_device_passes(oracle: Oracle, seen: list[Observation]) -> None:
    found = oracle(a_record(*seen, facts=CLAIMS))
    assert (found.verdict, found.kind) == (Verdict.PASS, None), found.reason


@pytest.mark.parametrize(("oracle", "seen", "kind"), FAILS)
def test_a_bad_device_fails_with_its_kind(
    oracle: Oracle, seen: list[Observation], kind: FailKind
) -> None:
    found = oracle(a_record(*seen, facts=CLAIMS))
    assert (found.verdict, found.kind) == (Verdict.FAIL, kind), found.reason


@pytest.mark.parametrize(("oracle", "seen", "why"), SILENT)
def test_what_proves_nothing_is_inconclusive(
    oracle: Oracle, seen: list[Observation], why: str
) -> None:
    found = oracle(a_record(*seen, facts=CLAIMS))
    assert found.verdict is Verdict.INCONCLUSIVE, found.reason
    assert why in found.reason


@pytest.mark.parametrize("oracle", ALL, ids=str)
def test_without_observations_nothing_is_concluded(oracle: Oracle) -> None:
    assert oracle(a_record(facts=CLAIMS)).verdict is Verdict.INCONCLUSIVE


def test_memory_that_nobody_bounds_is_told_and_not_judged() -> None:
    looks = [a_footing("before"), a_footing("after", rss_bytes=500 * MIB), a_load()]
    found = returns_to_base()(a_record(*looks))
    assert found.verdict is Verdict.PASS
    assert "+450.0 MiB (not bounded)" in found.reason


def test_the_lowest_look_after_counts() -> None:
    """Memory that is given back a moment later was not kept."""
    looks = [a_footing("before"), a_footing("after", threads=40), a_footing("after"), a_load()]
    assert returns_to_base()(a_record(*looks, facts=CLAIMS)).verdict is Verdict.PASS


def test_examples_name_what_is_lost() -> None:
    found = loses_nothing()(a_record(a_ledger(lost=1, found=199, examples=("1.2.3",))))
    assert "for example 1.2.3" in found.reason


def test_recovery_needs_a_claim_or_a_bound() -> None:
    quick = _recovery(after_s=0.1, ok=True)
    assert recovers_within()(a_record(quick)).verdict is Verdict.INCONCLUSIVE
    assert recovers_within(1.0)(a_record(quick)).verdict is Verdict.PASS
