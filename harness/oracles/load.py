"""Oracles on a device under load: rate, latency, answers, fair service, orderly refusals.

A device fails only by what it did. Where our own generator was the limit, or the load was not the
one that is claimed, nothing may be concluded. What becomes of the device and of its objects
afterwards is judged in :mod:`harness.oracles.load_after`.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.measurement import Caller, Measurement
from harness.model import Finding, Oracle, Record
from harness.oracles import load_seen
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind

_STORING = frozenset({"store", "stow"})
_STEADY = frozenset({"constant", "soak"})
_RATE_TOLERANCE = 0.05
"""Share of the claimed time by which a load may last longer before its rate counts as missed."""

_TAIL_S = 0.25
"""How long after it was due the last answer of a short load may come, where no less is claimed."""

_SERVED_SHARE = 0.99
_LEAST_FOR_P99 = 100
_LEAST_FOR_RATE = 20
_WHILE_OTHERS = 50
"""How many requests per caller are served before one that had none was passed over."""

_MANY_ANSWERS = 50
_NOBODY_STARVES_MS = 100.0
"""A wait below this is no starvation, whatever the greedy caller gets."""

_IN_ORDER = frozenset({"rejected 2/3/1", "rejected 2/3/2"})
"""Transient, by the presentation-related provider: congestion or local limit (PS3.8 9.3.4)."""

_SILENT = ("TIMEOUT", "UNFINISHED")
"""Endings of associations on which an answer did not come in its time."""

NO_LOAD = "no load was measured"


def keeps_rate() -> Oracle:
    """The device serves the rate that it claims (facts ``load_rate`` and its conditions)."""

    def judge(record: Record) -> Finding:
        seen, rate = load_seen.load(record), load_seen.claim(record, "rate")
        if seen is None:
            return unseen(NO_LOAD)
        if rate is None:
            return unseen("the profile claims no load.rate")
        if seen.shape == "knee":
            return _knee(seen, rate)
        beside = _beside_the_claim(record, seen)
        if beside:
            return unseen(beside)
        words = (
            f"{seen.count} of {seen.count + seen.errors} requests served in "
            f"{seen.duration_s:.2f} s, {_per_second(seen):.1f}/s (claimed {rate:g}/s)"
        )
        if seen.count + seen.errors < _LEAST_FOR_RATE:
            return unseen(f"too few requests to judge a rate: {words}")
        if seen.rate is not None and seen.rate < rate * (1 - _RATE_TOLERANCE):
            return unseen(f"only {seen.rate:g}/s were asked for; {words}")
        if _kept(record, seen, rate):
            return passed(words)
        why = _not_the_claimed_load(record, seen)
        return unseen(f"{why}; {words}") if why else failed(FailKind.SLOW, words)

    return NamedOracle("keeps_rate", judge)


def keeps_latency() -> Oracle:
    """At the claimed rate, 99 of 100 answers come within the claimed time (``load_p99_ms``).

    Only an open loop can pass: a closed one waits for a device that stalls, and so hides it.
    """

    def judge(record: Record) -> Finding:
        seen, limit = load_seen.load(record), load_seen.claim(record, "p99_ms")
        if seen is None:
            return unseen(NO_LOAD)
        if limit is None:
            return unseen("the profile claims no load.p99_ms")
        beside = _beside_the_claim(record, seen)
        if beside:
            return unseen(beside)
        p99 = seen.latency_ms.p99
        words = f"99 of 100 answers within {p99:.1f} ms, all within {seen.latency_ms.max:.1f} ms"
        words = f"{words} (claimed {limit:g} ms for 99 of 100)"
        if seen.count < _LEAST_FOR_P99:
            return unseen(f"{seen.count} answers are too few for a 99th percentile")
        why = _not_the_claimed_load(record, seen)
        if p99 > limit:
            return unseen(f"{why}; {words}") if why else failed(FailKind.SLOW, words)
        if seen.rate is None:
            return unseen(f"a load without a rate cannot show that latency is kept; {words}")
        rate = load_seen.claim(record, "rate")
        if rate is not None and seen.rate < rate * (1 - _RATE_TOLERANCE):
            return unseen(f"only {seen.rate:g}/s were asked for, {rate:g}/s are claimed; {words}")
        return passed(words)

    return NamedOracle("keeps_latency", judge)


def all_answered() -> Oracle:
    """Every request of every load of the play is answered with success."""

    def judge(record: Record) -> Finding:
        seen = load_seen.loads(record)
        if not seen or len(seen) != len(list(record.of("load"))):
            return unseen(NO_LOAD)
        served, errors = sum(one.count for one in seen), sum(one.errors for one in seen)
        not_admitted = _not_admitted(seen)
        if not_admitted:
            return unseen(not_admitted)
        if errors or any(one.endings for one in seen):
            words = f"{errors} of {served + errors} requests failed: {_how(seen)}"
            return failed(_kind_of_errors(seen), words)
        if not served:
            return unseen("no request was answered, and none failed")
        cut = next((one.why or "ended early" for one in seen if not one.complete), "")
        if cut:
            return unseen(f"the load was not finished ({cut}): {served} requests answered so far")
        return passed(f"all {served} requests answered with success")

    return NamedOracle("all_answered", judge)


def serves_fairly() -> Oracle:
    """Beside a greedy caller, every polite one gets its share (fact ``load_fair_share``).

    Each polite caller must get that share of the polite callers' mean throughput, and must not wait
    longer for an answer than the greedy one does, divided by that share.
    """

    def judge(record: Record) -> Finding:
        seen, share = load_seen.load(record), load_seen.claim(record, "fair_share")
        if seen is None:
            return unseen(NO_LOAD)
        if share is None:
            return unseen("the profile claims no load.fair_share")
        callers = load_seen.polite(seen)
        greedy = [one for one in seen.callers if one.greedy]
        if not callers or len(seen.callers) < 2:
            return unseen("fewer than two callers, or none of them polite")
        if not any(one.count for one in seen.callers):
            return unseen("nobody was served")
        unserved = [one for one in callers if not one.count]
        if unserved:
            return _unserved(unserved, seen)
        finding = _shares(callers, greedy, share)
        limited = load_seen.limited_by_us(seen)
        return finding if finding.kind is None or not limited else unseen(limited)

    return NamedOracle("serves_fairly", judge)


def rejects_properly(limit: int | None = None) -> Oracle:
    """Beyond its limit the device rejects transiently, and serves those whom it admitted.

    Args:
        limit: Associations at a time that it claims; None takes the fact ``max_associations``.
    """

    def judge(record: Record) -> Finding:
        seen = load_seen.load(record)
        if seen is None:
            return unseen(NO_LOAD)
        most = record.number("max_associations", 0) if limit is None else float(limit)
        if most <= 0:
            return unseen("the profile claims no acceptor.max_associations")
        if seen.associations <= most:
            return unseen(f"{seen.associations} associations do not exceed the limit of {most:g}")
        return _refusals(seen, most)

    shown = "claimed limit" if limit is None else str(limit)
    return NamedOracle(f"rejects_properly({shown})", judge, refusal=True)


def serves_during_load(within_s: float = 5.0) -> Oracle:
    """Every polite caller is served throughout, each time within so many seconds.

    For loads in which others are slow, greedy, hostile or too many; without named callers the
    whole load is the polite one.
    """

    def judge(record: Record) -> Finding:
        seen = load_seen.load(record)
        if seen is None:
            return unseen(NO_LOAD)
        not_admitted = _not_admitted([seen])
        if not_admitted:
            return unseen(not_admitted)
        callers = load_seen.polite(seen) or [_as_caller(seen)]
        if seen.callers and not load_seen.polite(seen):
            return unseen("there was no polite caller")
        served, errors = sum(one.count for one in callers), sum(one.errors for one in callers)
        if not served + errors:
            return unseen("no polite caller asked for anything")
        neglected = [one.ae_title for one in callers if not one.count]
        if errors or neglected:
            words = f"{errors} of {served + errors} polite requests failed: {_how([seen])}"
            return failed(FailKind.HANG if neglected else _kind_of_errors([seen]), words)
        longest = max(one.latency_ms.max for one in callers) / 1000
        words = f"{served} polite requests served, the slowest after {longest:.2f} s"
        if longest <= within_s:
            return passed(words)
        limited = load_seen.limited_by_us(seen)
        words = f"{words} (limit {within_s:g} s)"
        return unseen(f"{limited}; {words}") if limited else failed(FailKind.SLOW, words)

    return NamedOracle(f"serves_during_load({within_s:g} s)", judge)


def _knee(seen: Measurement, rate: float) -> Finding:
    """A search for the knee: the claim is kept where a step at or beyond it is."""
    best = max((step.achieved for step in seen.steps if step.kept), default=0.0)
    missed = [step for step in seen.steps if not step.kept and step.rate <= rate]
    words = f"kept up to {best:.1f}/s (claimed {rate:g}/s)"
    if best >= rate * (1 - _RATE_TOLERANCE):
        return passed(words)
    limited = load_seen.limited_by_us(seen)
    if not missed or limited:
        return unseen(f"{limited or 'the claimed rate was not reached by the search'}; {words}")
    return failed(FailKind.SLOW, f"{words}; {missed[0].rate:g}/s were not")


def _beside_the_claim(record: Record, seen: Measurement) -> str:
    """Why this load says nothing about the claim, kept or not; empty when it does."""
    size = load_seen.claim(record, "size_bytes") or 0.0
    if seen.operation not in _STORING:
        return f"the claim is about objects that are stored, and this load was '{seen.operation}'"
    if seen.shape not in _STEADY:
        return f"the claim is about a steady load, and this one was '{seen.shape}'"
    if seen.size_bytes < 0.75 * size:
        return f"objects of {seen.size_bytes} octets are smaller than those claimed ({size:g})"
    if not seen.count:
        return "no request was answered"
    return ""


def _not_the_claimed_load(record: Record, seen: Measurement) -> str:
    """Why it would be unfair to hold the load against the claim; empty when it is fair."""
    size = load_seen.claim(record, "size_bytes") or float("inf")
    most = load_seen.claim(record, "associations") or float("inf")
    rate = load_seen.claim(record, "rate") or float("inf")
    asked = seen.rate if seen.rate is not None else _per_second(seen)
    if not seen.complete:
        return f"the load was not finished ({seen.why or 'ended early'})"
    if seen.size_bytes > 1.25 * size:
        return f"objects of {seen.size_bytes} octets are larger than those claimed ({size:g})"
    if seen.associations > most:
        return f"{seen.associations} associations are more than those claimed ({most:g})"
    if asked > rate * (1 + _RATE_TOLERANCE):
        return f"{asked:.1f}/s are more than what is claimed ({rate:g}/s)"
    if seen.rate is None and most < float("inf") and seen.associations < most:
        return f"{seen.associations} associations are fewer than those claimed ({most:g})"
    return load_seen.limited_by_us(seen)


def _kept(record: Record, seen: Measurement, rate: float) -> bool:
    """True when nearly all requests were served in the time that the claim leaves them."""
    requests = seen.count + seen.errors
    asked_s = requests / rate
    late_s = (load_seen.claim(record, "p99_ms") or _TAIL_S * 1000) / 1000
    tail_s = min(late_s, max(_TAIL_S, asked_s * _RATE_TOLERANCE))
    allowed_s = asked_s * (1 + _RATE_TOLERANCE) + tail_s
    return seen.count >= _SERVED_SHARE * requests and 0 < seen.duration_s <= allowed_s


def _unserved(callers: list[Caller], seen: Measurement) -> Finding:
    """Whoever asked in vain was neglected; whoever did not yet ask only in a load that lasted."""
    names = ", ".join(one.ae_title for one in callers)
    not_admitted = _not_admitted([seen])
    if not_admitted:
        return unseen(f"{names}: {not_admitted}")
    words = f"not served at all: {names}, while {seen.count} requests of others were"
    lasted = seen.count >= _WHILE_OTHERS * len(seen.callers)
    if any(one.errors for one in callers) or lasted:
        return failed(FailKind.HANG, words)
    return unseen(f"the load was too short to tell: {words}")


def _shares(callers: list[Caller], greedy: list[Caller], share: float) -> Finding:
    rates = {one.ae_title: one.objects_per_s for one in callers}
    mean = sum(rates.values()) / len(rates)
    least = min(callers, key=lambda one: one.objects_per_s)
    # Of few answers the slowest tenth is one moment in which everybody stood still.
    many = min(one.count for one in callers) >= _MANY_ANSWERS
    waited = {one.ae_title: _usual_wait(one, many=many) for one in callers}
    slowest = max(callers, key=lambda one: waited[one.ae_title])
    waits = waited[slowest.ae_title]
    allowed = max((_usual_wait(one, many=many) for one in greedy), default=waits) / share
    words = (
        f"the least of {len(callers)} polite callers got {least.objects_per_s:.1f}/s of "
        f"{mean:.1f}/s on average, and {'9 of 10' if many else 'half of the'} answers within "
        f"{waits:.0f} ms"
    )
    if least.objects_per_s < share * mean:
        return failed(FailKind.SLOW, f"{least.ae_title} was starved: {words} (share {share:g})")
    if waits > max(allowed, _NOBODY_STARVES_MS):
        words = f"{slowest.ae_title} was starved: {words}, {allowed:.0f} ms would be its share"
        return failed(FailKind.SLOW, words)
    return passed(words)


def _usual_wait(caller: Caller, *, many: bool) -> float:
    return caller.latency_ms.p90 if many else caller.latency_ms.p50


def _refusals(seen: Measurement, most: float) -> Finding:
    wrong = {how: number for how, number in seen.endings.items() if how not in _IN_ORDER and number}
    turned_away = sum(seen.endings.get(how, 0) for how in _IN_ORDER)
    if wrong:
        kind = FailKind.HANG if "TIMEOUT" in wrong else FailKind.WRONG_REASON
        return failed(kind, f"beyond {most:g} associations: {_counted(wrong)}")
    if not turned_away:
        held = max((second.associations for second in seen.timeline), default=0)
        words = f"{held} associations were open at a time, of {seen.associations} that were wanted"
        return failed(FailKind.ACCEPTED, words) if held > most else unseen(words)
    if not seen.count:
        return failed(FailKind.HANG, "those within the limit were not served")
    return passed(f"{_counted(seen.endings)}; {seen.count} requests served within the limit")


def _not_admitted(seen: list[Measurement]) -> str:
    """Whom it rejects for good (PS3.8 9.3.4, result 1), a device does not know: no load is why."""
    rejected: dict[str, int] = {}
    for one in seen:
        for how, number in one.endings.items():
            if how.startswith("rejected 1/") and number:
                rejected[how] = rejected.get(how, 0) + number
    if not rejected:
        return ""
    return f"not admitted ({_counted(rejected)}): does the device know all AE titles?"


def _kind_of_errors(seen: list[Measurement]) -> FailKind:
    """No answer is a hang; an answer, or an ending, that nobody asked for a wrong reason."""
    told = sum(sum(one.statuses.values()) + sum(one.endings.values()) for one in seen)
    silent = sum(one.endings.get(how, 0) for one in seen for how in _SILENT)
    return FailKind.HANG if silent or not told else FailKind.WRONG_REASON


def _how(seen: list[Measurement]) -> str:
    counted: dict[str, int] = {}
    for one in seen:
        for how, number in (*one.statuses.items(), *one.endings.items()):
            counted[how] = counted.get(how, 0) + number
    return _counted(counted) or "never answered"


def _counted(how: Mapping[str, int]) -> str:
    most = sorted(((number, name) for name, number in how.items() if number), reverse=True)
    return ", ".join(f"{number} x {name}" for number, name in most[:6])


def _per_second(seen: Measurement) -> float:
    return seen.count / seen.duration_s if seen.duration_s > 0 else 0.0


def _as_caller(seen: Measurement) -> Caller:
    return Caller(
        ae_title="everybody", count=seen.count, errors=seen.errors, latency_ms=seen.latency_ms
    )
