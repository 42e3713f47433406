"""Oracles on claimed limits of what a device stores and of what one query returns."""

from __future__ import annotations

import re

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles import load_seen
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind

_OUT_OF_RESOURCES = re.compile(r"A7[0-9A-F]{2}H")
_CANCELLED = "FE00H"
_NO_QUERY = "no query was made"


def refuses_when_full() -> Oracle:
    """Beyond its quota the device refuses objects with a status A7xxH (PS3.4 B.2.3).

    Reads the last ``load``, whose octets were to exceed the fact ``load_storage_quota``.
    """

    def judge(record: Record) -> Finding:
        seen, quota = load_seen.load(record), load_seen.claim(record, "storage_quota")
        if seen is None:
            return unseen("nothing was stored")
        if quota is None:
            return unseen("the profile claims no load.storage_quota")
        other = {how: n for how, n in seen.statuses.items() if not _OUT_OF_RESOURCES.fullmatch(how)}
        ended = {how: n for how, n in seen.endings.items() if n}
        if other or ended:
            told = ", ".join(f"{n} x {how}" for how, n in sorted((other | ended).items())[:6])
            silent = "TIMEOUT" in ended
            return failed(FailKind.HANG if silent else FailKind.WRONG_REASON, f"when full: {told}")
        stored = seen.count * seen.size_bytes
        words = f"{seen.count} objects of {seen.size_bytes} octets stored (quota {quota:g} octets)"
        refused = sum(seen.statuses.values())
        if not refused and stored > quota:
            return failed(FailKind.ACCEPTED, f"{words}, and none refused")
        if not refused:
            return unseen(f"{words}: the quota was not reached")
        if not seen.count:
            return unseen(f"none of {refused} objects was stored, so that nothing was filled")
        return passed(f"{words}, {refused} refused by {', '.join(sorted(seen.statuses))}")

    return NamedOracle("refuses_when_full", judge, refusal=True)


def limits_results() -> Oracle:
    """A query that matches more than is claimed returns no more than that (PS3.4 C.4.1).

    Reads the last ``results`` observation: ``existing`` matches, how many were ``received``, and
    the final ``status`` as "A700H"; and the fact ``load_max_results``.
    """

    def judge(record: Record) -> Finding:
        seen, limit = record.last("results"), load_seen.claim(record, "max_results")
        if seen is None:
            return unseen(_NO_QUERY)
        if limit is None:
            return unseen("the profile claims no load.max_results")
        existing, received = _count(seen, "existing"), _count(seen, "received")
        status = str(seen.data.get("status", ""))
        if existing is None or received is None:
            return unseen("the matches were not counted")
        words = f"{received} of {existing} matches, status {status or 'none'} (limit {limit:g})"
        if received > limit:
            return failed(FailKind.RESOURCE, words)
        if existing <= limit:
            return unseen(f"too few matches to reach the limit: {words}")
        if not status:
            return failed(FailKind.HANG, f"the query did not end: {words}")
        return passed(words, preferred=bool(_OUT_OF_RESOURCES.fullmatch(status)))

    return NamedOracle("limits_results", judge)


def honours_cancel(within_s: float = 2.0) -> Oracle:
    """A query that is cancelled ends soon, as cancelled or with what was already under way.

    Reads the last ``results`` observation: ``cancel_s`` is the time from C-CANCEL to the final
    status, ``status`` that status (empty when there was none).
    """

    def judge(record: Record) -> Finding:
        seen = record.last("results")
        if seen is None or "cancel_s" not in seen.data:
            return unseen("no query was cancelled")
        after, status = seen.data.get("cancel_s"), str(seen.data.get("status", ""))
        if isinstance(after, bool) or not isinstance(after, int | float) or not 0 <= after < 1e9:
            return unseen("the time after the cancel was not measured")
        if not status:
            return failed(FailKind.HANG, f"no final status in {after:.2f} s after the cancel")
        words = f"status {status} {after:.2f} s after the cancel (limit {within_s:g} s)"
        if after > within_s:
            return failed(FailKind.SLOW, words)
        return passed(words, preferred=status == _CANCELLED)

    return NamedOracle(f"honours_cancel({within_s:g} s)", judge)


def _count(seen: Observation, key: str) -> int | None:
    value = seen.data.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 2**63 else None
