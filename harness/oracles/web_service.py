"""Oracles on what web services do: how they read messages, what they store, fetch and hold.

They read outcomes as :mod:`.web` does, and what the play's other observers saw.
"""

from __future__ import annotations

from dataclasses import replace

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen
from harness.oracles.web_answers import is_success, none_hangs
from harness.verdict import FailKind, Outcome

_GRACE_S = 2.0


def acknowledges_nothing() -> Oracle:
    """No store request is answered as if something were stored.

    Reads ``listed``: the ``count`` of objects that an answer lists as stored (PS3.18 10.5.3).
    Success without any is lenient: it was not refused, but nothing was taken either.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        for one in record.of("listed"):
            if one.data.get("count"):
                return failed(FailKind.ACCEPTED, f"{one.data['count']} object(s) acknowledged")
        found = none_hangs(seen)
        refused = not any(is_success(one) for _, one in seen)
        return replace(found, preferred=found.preferred and refused)

    return NamedOracle("acknowledges_nothing", judge, refusal=True)


def reads_one_message() -> Oracle:
    """What has two readings is refused, or read as one message: no second answer to it.

    Reads ``responses``: ``what`` was sent, ``codes`` of the answers that came, ``open`` where the
    connection was still open at the end.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("responses", "attacker"))
        if len(seen) < 2:
            return unseen("not all answers were counted")
        opinions = [_reading(one) for one in seen]
        return max(opinions, key=lambda found: (found.verdict, not found.preferred))

    return NamedOracle("reads_one_message", judge, refusal=True)


def limits_web_results(fact: str = "web_max_results") -> Oracle:
    """One answer holds no more matches than claimed.

    Reads ``matches``: ``count`` of an answer, ``held`` (how many there are to be found).
    """

    def judge(record: Record) -> Finding:
        limit = record.number(fact, 0)
        seen = [one for one in record.of("matches") if isinstance(one.data.get("count"), int)]
        if not seen or not limit:
            return unseen("no answer was counted, or no limit is claimed")
        most = max(int(str(one.data["count"])) for one in seen)
        held = max(int(str(one.data.get("held", 0))) for one in seen)
        words = f"{most} of {held} matches in one answer (claimed limit {limit:g})"
        if most > limit:
            return failed(FailKind.RESOURCE, words)
        return passed(words) if held > limit else unseen(f"{words}: too few to tell")

    return NamedOracle("limits_web_results", judge)


def fetches_nothing() -> Oracle:
    """The device calls no address that stands in what it was sent (CWE-918).

    Reads ``fetched`` of the canary: ``ready`` (a call of ours was heard), ``calls`` of others.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("fetched", "canary")
        if seen is None or not seen.data.get("ready"):
            return unseen("our listener did not hear us, so it would have heard nobody")
        calls = int(str(seen.data.get("calls", 0)))
        if calls:
            return failed(FailKind.ACCEPTED, f"the device called our address {calls} time(s)")
        return passed("nobody called our address")

    return NamedOracle("fetches_nothing", judge)


def changes_nothing() -> Oracle:
    """What was there is there as it was, and nothing else: a refusal has no effect.

    Reads ``effect``: ``what`` was looked for, ``changed``.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("effect"))
        if not seen:
            return unseen("nobody looked for an effect")
        for one in seen:
            if one.data.get("changed"):
                return failed(FailKind.ACCEPTED, f"it took effect: {one.data.get('what')}")
        return passed(f"no effect: {seen[-1].data.get('what')}")

    return NamedOracle("changes_nothing", judge, refusal=True)


def serves_the_web() -> Oracle:
    """An honest web request is answered after the attack (and during it, where one was made).

    Reads ``served`` of the "polite" actor: ``ok``, ``after_s``.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("served", "polite"))
        if not seen:
            return unseen("no polite peer asked")
        for one in seen:
            if not one.data.get("ok"):
                words = f"an honest web request was not served: {one.data.get('detail')}"
                return failed(FailKind.HANG, words)
        return passed(f"{len(seen)} honest web request(s) were served")

    return NamedOracle("serves_the_web", judge)


def gives_up_slow_requests(fact: str = "web_request_timeout_s") -> Oracle:
    """A request that does not come whole is given up within the claimed time."""

    def judge(record: Record) -> Finding:
        limit = record.number(fact, 0)
        seen = outcomes_of(record, "attacker")
        if not seen or not limit:
            return unseen("no outcome was witnessed, or no time is claimed")
        outcome, one = seen[-1]
        words = f"{told(outcome, one)} (claimed {limit:g} s)"
        after = one.data.get("after_s")
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"still waiting: {words}")
        if is_success(one):
            return failed(FailKind.ACCEPTED, f"a part was taken for the whole: {words}")
        if isinstance(after, int | float) and after > limit + _GRACE_S:
            return failed(FailKind.SLOW, words)
        return passed(words, preferred=one.data.get("code") == 408, outcome=outcome)

    return NamedOracle("gives_up_slow_requests", judge, refusal=True)


def _reading(one: Observation) -> Finding:
    codes = one.data.get("codes")
    codes = list(codes) if isinstance(codes, list | tuple) else []
    words = f"{one.data.get('what')}: answers {', '.join(map(str, codes)) or 'none'}"
    if len(codes) > 1:
        return failed(FailKind.ACCEPTED, f"one message was read as {len(codes)}: {words}")
    if not codes:
        still_open = one.data.get("open")
        return failed(FailKind.HANG, words) if still_open else passed(words, preferred=False)
    refused = isinstance(codes[0], int) and 400 <= codes[0] < 500
    return passed(words, preferred=refused, outcome=Outcome.RESPONDED)
