"""What a user agent did with an answer, and what is concluded from it."""

import pytest

from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.agents import (
    asks_nobody_else,
    bounded_answer,
    follows_at_most,
    gives_up_in_time,
    keeps_its_token,
    opens_no_local_file,
    plants_nothing_outside,
    prints_no_commands,
    refuses_answer,
    survives_answer,
    takes,
)
from harness.verdict import FailKind, Verdict

MIB = 1 << 20
BOUNDED = bounded_answer(2.0, 64 * MIB)
NEGATIVE = (
    survives_answer(), refuses_answer(), BOUNDED, plants_nothing_outside(), opens_no_local_file(),
    prints_no_commands(),
)  # fmt: skip
OTHER_SERVER = (keeps_its_token(), asks_nobody_else())


def seen(**changes: JSON) -> Observation:
    data: dict[str, JSON] = {
        "service": "search", "what": "a lie", "outcome": "REJECTED", "detail": "exit 1",
        "crash": [], "timed_out": False, "stopped": "", "duration_s": 0.1, "growth_bytes": 0,
        "asked": 1, "baited": False, "outside": [], "control": [], "kept_wanted": False,
        "brought": False,
    }  # fmt: skip
    return Observation(at_s=0.1, actor="user-agent", kind="agent", data={**data, **changes})


def server(actor: str, *, asked: int, tokens: int = 0, ready: bool = True) -> Observation:
    data: dict[str, JSON] = {
        "asked": asked, "tokens": tokens, "ready": ready, "targets": ["/studies"][:asked],
    }  # fmt: skip
    return Observation(at_s=0.1, actor=actor, kind="served", data=data)


def judged(oracle: Oracle, *observations: Observation, **facts: JSON) -> Finding:
    record = Record(scenario="WEB-999", case={}, facts=facts, observations=observations)
    return oracle(record)


@pytest.mark.parametrize(
    "oracle", [*NEGATIVE, *OTHER_SERVER, takes(), gives_up_in_time(), follows_at_most(9)], ids=str
)
def test_that_nothing_is_concluded_where_nothing_was_seen(oracle: Oracle) -> None:
    assert judged(oracle, agent_answer_timeout_s=2.0).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("oracle", NEGATIVE, ids=str)
def test_that_a_refusal_in_order_passes(oracle: Oracle) -> None:
    assert judged(oracle, seen()).verdict is Verdict.PASS


@pytest.mark.parametrize("oracle", [survives_answer(), refuses_answer(), BOUNDED, takes()], ids=str)
@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"crash": ["ended by SIGSEGV"], "outcome": "CLOSED"}, FailKind.CRASH),
        ({"timed_out": True, "outcome": "TIMEOUT"}, FailKind.HANG),
        ({"stopped": "memory", "outcome": "TIMEOUT"}, FailKind.RESOURCE),
    ],
)
def test_that_a_bad_end_fails(oracle: Oracle, changes: dict[str, JSON], kind: FailKind) -> None:
    found = judged(oracle, seen(**changes))
    assert (found.verdict, found.kind) == (Verdict.FAIL, kind)


@pytest.mark.parametrize(
    ("oracle", "changes", "kind"),
    [
        (refuses_answer(), {"outcome": "RESPONDED"}, FailKind.ACCEPTED),
        (BOUNDED, {"growth_bytes": 65 * MIB}, FailKind.RESOURCE),
        (BOUNDED, {"duration_s": 3.0}, FailKind.SLOW),
        (plants_nothing_outside(), {"outside": ["up/PLANTED"]}, FailKind.LEAK),
        (opens_no_local_file(), {"baited": True}, FailKind.LEAK),
        (prints_no_commands(), {"control": ["'\\x1b[2J'"]}, FailKind.LEAK),
        (takes(), {}, FailKind.WRONG_REASON),
        (takes(), {"outcome": "RESPONDED", "service": "store"}, FailKind.LOSS),
        (takes(), {"outcome": "RESPONDED", "service": "retrieve"}, FailKind.LOSS),
    ],
)
def test_that_each_oracle_fails_on_what_it_is_for(
    oracle: Oracle, changes: dict[str, JSON], kind: FailKind
) -> None:
    found = judged(oracle, seen(**changes), claims=["agent-writes"])
    assert (found.verdict, found.kind) == (Verdict.FAIL, kind)


def test_that_an_end_that_the_profile_does_not_explain_is_no_refusal() -> None:
    assert judged(refuses_answer(), seen(outcome="CLOSED")).verdict is Verdict.WARN


def test_that_success_without_a_request_says_nothing() -> None:
    assert judged(takes(), seen(outcome="RESPONDED", asked=0)).verdict is Verdict.INCONCLUSIVE
    assert judged(takes(), seen(outcome="RESPONDED")).verdict is Verdict.PASS


def test_that_a_claimed_limit_of_memory_takes_the_place_of_ours() -> None:
    found = judged(BOUNDED, seen(growth_bytes=40 * MIB), agent_max_memory=32 * MIB)
    assert found.kind is FailKind.RESOURCE


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"duration_s": 2.1}, Verdict.PASS),
        ({"duration_s": 6.0}, Verdict.FAIL),
        ({"timed_out": True}, Verdict.FAIL),
        ({"outcome": "RESPONDED"}, Verdict.FAIL),
    ],
)
def test_that_the_claimed_time_counts(changes: dict[str, JSON], verdict: Verdict) -> None:
    found = judged(gives_up_in_time(), seen(**changes), agent_answer_timeout_s=2.0)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("ours", "other", "verdict", "preferred"),
    [
        (1, server("canary", asked=0), Verdict.PASS, True),
        (1, server("canary", asked=1), Verdict.PASS, False),
        (1, server("canary", asked=1, tokens=1), Verdict.FAIL, True),
        (0, server("canary", asked=0), Verdict.INCONCLUSIVE, True),
        (1, server("canary", asked=0, ready=False), Verdict.INCONCLUSIVE, True),
    ],
)
def test_that_the_token_is_for_one_server(
    ours: int, other: Observation, verdict: Verdict, preferred: bool
) -> None:
    found = judged(keeps_its_token(), server("attacker", asked=1, tokens=ours), other)
    assert (found.verdict, found.preferred) == (verdict, preferred)


def test_that_nobody_else_is_asked_and_chains_are_counted() -> None:
    assert judged(asks_nobody_else(), server("canary", asked=1)).kind is FailKind.LEAK
    assert judged(asks_nobody_else(), server("canary", asked=0)).verdict is Verdict.PASS
    assert judged(follows_at_most(9), server("attacker", asked=10)).kind is FailKind.RESOURCE
    assert judged(follows_at_most(9), server("attacker", asked=9)).verdict is Verdict.PASS
