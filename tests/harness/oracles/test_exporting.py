"""What lies on a medium, or comes out as a picture, and what is concluded from it."""

import pytest

from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles import exporting, rendering
from harness.verdict import FailKind, Verdict

MIB = 1 << 20
CLEAN: dict[str, JSON] = {
    "lie": "x", "outcome": "RESPONDED", "detail": "exit 0", "files": 3, "directory": True,
}  # fmt: skip
EVERY = (
    exporting.exports(), exporting.directory_tells_the_truth(), exporting.spares_the_others(),
    exporting.holds_only_what_was_asked(), exporting.neutralises_preambles(),
    exporting.conceals_everything(), rendering.draws(), rendering.draws_the_same_twice(),
    rendering.draws_within(MIB), rendering.gives_back_the_samples(),
)  # fmt: skip


def seen(kind: str = "exported", **changes: JSON) -> Observation:
    data = {**CLEAN, **changes}
    return Observation(at_s=0.1, actor="reader", kind=kind, data=data)


def judged(oracle: Oracle, *observations: Observation) -> Finding:
    record = Record(scenario="MED-999", case={}, facts={}, observations=observations)
    return oracle(record)


@pytest.mark.parametrize("oracle", EVERY)
def test_that_what_nobody_saw_is_inconclusive(oracle: Oracle) -> None:
    assert judged(oracle).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("oracle", EVERY[:6])
def test_that_a_sound_medium_passes(oracle: Oracle) -> None:
    assert judged(oracle, seen()).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("oracle", "wrong", "verdict"),
    [
        (exporting.exports(), "lost", Verdict.FAIL),
        (exporting.exports(), "unopened", Verdict.INCONCLUSIVE),
        *[
            (exporting.directory_tells_the_truth(), wrong, Verdict.FAIL)
            for wrong in ("missing", "untrue", "unread", "unlisted")
        ],
        (exporting.directory_tells_the_truth(), "leftover", Verdict.WARN),
        (exporting.directory_tells_the_truth(), "unfit", Verdict.WARN),
        (exporting.spares_the_others(), "lost", Verdict.FAIL),
        *[
            (exporting.holds_only_what_was_asked(), wrong, Verdict.FAIL)
            for wrong in ("foreign", "extra", "telling")
        ],
        (exporting.neutralises_preambles(), "preambles", Verdict.FAIL),
        *[
            (exporting.conceals_everything(), wrong, Verdict.FAIL)
            for wrong in ("plain", "unsealed", "unopened")
        ],
        *[(exporting.conceals_everything(), wrong, Verdict.WARN) for wrong in ("weak", "unproven")],
    ],
)
def test_that_each_thing_that_is_wrong_counts(oracle: Oracle, wrong: str, verdict: Verdict) -> None:
    changes: dict[str, JSON] = {wrong: ["IM1"]}
    found = judged(oracle, seen("exported", **changes))
    assert found.verdict is verdict
    assert verdict is Verdict.INCONCLUSIVE or "IM1" in found.reason


def test_that_a_medium_without_directory_is_none_or_incomplete() -> None:
    oracle = exporting.directory_tells_the_truth()
    assert judged(oracle, seen(directory=False)).verdict is Verdict.FAIL
    assert judged(oracle, seen(directory=False, outcome="REJECTED")).verdict is Verdict.PASS
    told = exporting.spares_the_others()
    assert judged(told, seen(lost=["IM1"], outcome="REJECTED")).verdict is Verdict.WARN
    assert judged(told, seen(lost=["IM1"], outcome="CLOSED")).verdict is Verdict.FAIL


def test_that_pictures_are_compared_and_measured() -> None:
    one, other = (seen("picture", digests=[each], bytes=300) for each in ("aa", "bb"))
    twice = rendering.draws_the_same_twice()
    assert judged(twice, one, one).verdict is Verdict.PASS
    assert judged(twice, one, other).kind is FailKind.LEAK
    assert judged(twice, one).verdict is Verdict.INCONCLUSIVE
    none = seen("picture", digests=[], bytes=0)
    assert judged(twice, none, none).verdict is Verdict.PASS
    assert judged(rendering.draws(), one, one).verdict is Verdict.PASS
    assert judged(rendering.draws(), one, none).verdict is Verdict.FAIL
    within = rendering.draws_within(MIB)
    assert judged(within, one).verdict is Verdict.PASS
    assert judged(within, seen("picture", digests=[], bytes=2 * MIB)).kind is FailKind.RESOURCE


def test_that_samples_come_back_or_are_refused() -> None:
    oracle = rendering.gives_back_the_samples()
    assert judged(oracle, seen("samples", found=1, equal=True)).verdict is Verdict.PASS
    assert judged(oracle, seen("samples", found=1, equal=False)).kind is FailKind.ACCEPTED
    assert judged(oracle, seen("samples", found=0, equal=False)).kind is FailKind.WRONG_REASON
    refused = seen("samples", found=0, equal=False, outcome="REJECTED")
    assert judged(oracle, refused).verdict is Verdict.WARN
