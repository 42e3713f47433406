"""Oracles on what a load leaves behind: the objects, what the device holds, its quickness."""

from __future__ import annotations

from collections.abc import Callable

from harness.measurement import Footing, Ledger
from harness.model import Finding, Oracle, Record
from harness.oracles import load_seen
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind

_MIB = 2**20
_COUNTS_COPIES = frozenset({"C-FIND", "QIDO-RS", "files"})
"""Ways of looking that show an object which is there twice."""

_LEAST_SLACK = 4
_NOBODY_LOOKED = (
    "nobody could look for the objects afterwards: the device claims neither query nor storage "
    "commitment, and its storage folder is not ours to read"
)


def loses_nothing() -> Oracle:
    """Every acknowledged object that is looked for afterwards is found."""

    def judge(seen: Ledger) -> Finding:
        if seen.lost:
            words = f"{seen.lost} of {seen.looked_for} acknowledged objects are lost"
            return failed(FailKind.LOSS, f"{words}{_examples(seen)}")
        if seen.found < seen.looked_for:
            return unseen(f"{seen.found} of {seen.looked_for} objects found, the rest unexplained")
        return passed(f"{_sample(seen)} found by {', '.join(seen.how)}")

    return _on_ledger("loses_nothing", judge)


def duplicates_nothing() -> Oracle:
    """No acknowledged object is there more than once."""

    def judge(seen: Ledger) -> Finding:
        if seen.duplicated:
            words = f"{seen.duplicated} of {seen.looked_for} objects are there more than once"
            return failed(FailKind.LOSS, f"{words}{_examples(seen)}")
        if not _COUNTS_COPIES & set(seen.how):
            return unseen(f"{', '.join(seen.how)} does not show copies")
        return passed(f"{_sample(seen)} there once")

    return _on_ledger("duplicates_nothing", judge)


def mixes_up_nothing() -> Oracle:
    """No object has the content, or stands under the name, of another."""

    def judge(seen: Ledger) -> Finding:
        if seen.mixed_up:
            words = f"{seen.mixed_up} objects have the content or the name of another"
            return failed(FailKind.LOSS, f"{words}{_examples(seen)}")
        if not seen.compared:
            return unseen("no object was fetched back and compared")
        return passed(f"{seen.compared} of {seen.acknowledged} objects compared, each its own")

    return _on_ledger("mixes_up_nothing", judge)


def returns_to_base(
    kind: FailKind = FailKind.RESOURCE,
    *,
    slack: int | None = None,
    per_request_bytes: float | None = None,
) -> Oracle:
    """After the load the device holds what it held before.

    Memory is judged where it is bounded: by `per_request_bytes`, or by what is claimed (fact
    ``load_memory_growth``) for objects no larger than those of the claim.

    Args:
        kind: The kind of the failure.
        slack: How many more descriptors, threads or processes are no leak; None allows for pools
            that grew with the load: twice its associations, at least 4.
        per_request_bytes: Memory that each request may leave behind, on average.
    """

    def judge(record: Record) -> Finding:
        before = load_seen.footings(record, "before")
        after = load_seen.footings(record, "after")
        if not before or not after:
            return unseen("the device was not observed: let the harness start it ([process])")
        more = _growth(before, after)
        bound = _memory_bound(record, per_request_bytes)
        allowed = _slack(record) if slack is None else slack
        held = ("descriptors", "threads", "processes")
        words = ", ".join(f"{more[name]:+d} {name}" for name in held)
        told = "not bounded" if bound is None else f"bound {bound / _MIB:.1f} MiB"
        words = f"memory {more['rss_bytes'] / _MIB:+.1f} MiB ({told}), {words} (slack {allowed})"
        grown = any(more[name] > allowed for name in held)
        if grown or (bound is not None and more["rss_bytes"] > bound):
            return failed(kind, f"after the load: {words}")
        return passed(f"after the load: {words}")

    return NamedOracle(f"returns_to_base({kind.value})", judge)


def recovers_within(seconds: float | None = None) -> Oracle:
    """After the load the device is as quick as before, in bounded time.

    Args:
        seconds: The bound; None takes the claim (fact ``load_recovery_s``).
    """

    def judge(record: Record) -> Finding:
        limit = load_seen.claim(record, "recovery_s") if seconds is None else seconds
        seen = load_seen.recovery(record)
        if limit is None:
            return unseen("the profile claims no load.recovery_s")
        if seen is None:
            return unseen("nobody measured how quick the device was after the load")
        if seen.served is False:
            words = f"not served in {seen.after_s:.2f} s after the load"
            return failed(FailKind.HANG, words)
        if seen.ok and seen.after_s <= limit:
            return passed(f"as quick as before {seen.after_s:.2f} s after the load")
        words = "as quick as before only" if seen.ok else "not yet as quick as before"
        if not seen.ok and seen.after_s < limit:
            return unseen(f"{words} after {seen.after_s:.2f} s, when nobody looked any more")
        words = f"{words} after {seen.after_s:.2f} s (limit {limit:g} s)"
        return failed(FailKind.SLOW, words)

    return NamedOracle(f"recovers_within({_told(seconds)})", judge)


def _on_ledger(name: str, judge: Callable[[Ledger], Finding]) -> Oracle:
    """An oracle on the ledger, silent where nothing was acknowledged or nobody looked."""

    def on(record: Record) -> Finding:
        seen = load_seen.ledger(record)
        if seen is None:
            return unseen("nobody looked for the objects afterwards")
        if not seen.acknowledged:
            return unseen("no object was acknowledged")
        if not seen.looked_for or not seen.how:
            return unseen(_NOBODY_LOOKED)
        return judge(seen)

    return NamedOracle(name, on)


def _sample(seen: Ledger) -> str:
    if seen.looked_for >= seen.acknowledged:
        return f"all {seen.acknowledged} acknowledged objects"
    return f"{seen.looked_for} of {seen.acknowledged} acknowledged objects"


def _examples(seen: Ledger) -> str:
    shown = ", ".join(seen.examples[:3])
    return f", for example {shown}" if shown else ""


def _growth(before: list[Footing], after: list[Footing]) -> dict[str, int]:
    """By how much the lowest reading after exceeds the highest before: noise is nobody's leak."""

    def more(name: str) -> int:
        highest = max(int(getattr(one, name)) for one in before)
        return min(int(getattr(one, name)) for one in after) - highest

    return {name: more(name) for name in ("rss_bytes", "descriptors", "threads", "processes")}


def _memory_bound(record: Record, per_request_bytes: float | None) -> float | None:
    if per_request_bytes is None:
        size = load_seen.claim(record, "size_bytes") or float("inf")
        larger = any(one.octets > 1.25 * size * one.count for one in load_seen.loads(record))
        return None if larger else load_seen.claim(record, "memory_growth")
    return per_request_bytes * sum(one.count + one.errors for one in load_seen.loads(record))


def _slack(record: Record) -> int:
    widest = max((one.associations for one in load_seen.loads(record)), default=0)
    return max(_LEAST_SLACK, 2 * widest)


def _told(seconds: float | None) -> str:
    return "claimed time" if seconds is None else f"{seconds:g} s"
