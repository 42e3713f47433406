"""Oracles on what a device says of objects that it did not take, and on room that it was given."""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind


def keeps_nothing_refused() -> Oracle:
    """What was refused is not there afterwards, not even in part (PS3.4 B.2.3).

    Reads the last ``leftovers`` observation: ``refused`` counts the objects that were refused,
    ``found`` those that are there all the same.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("leftovers")
        refused, found = (_count(seen, key) for key in ("refused", "found"))
        if refused is None or found is None:
            return unseen("nobody could look for the refused objects")
        if not refused:
            return unseen("no object was refused")
        words = f"{found} of {refused} refused objects are there"
        return failed(FailKind.LOSS, words) if found else passed(words)

    return NamedOracle("keeps_nothing_refused", judge)


def stores_again() -> Oracle:
    """After room was made the device stores again.

    Reads the last ``stored-again`` observation: ``count`` and ``errors``.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("stored-again")
        count, errors = (_count(seen, key) for key in ("count", "errors"))
        if count is None or errors is None or not count + errors:
            return unseen("nothing was stored after room had been made")
        words = f"{count} of {count + errors} objects stored after room had been made"
        return failed(FailKind.RESOURCE, words) if errors else passed(words)

    return NamedOracle("stores_again", judge)


def commits_only_what_it_has() -> Oracle:
    """Storage commitment is given for what was stored, and refused for what was not (PS3.4 J.3).

    Reads the last ``commitment`` observation: ``unknown`` counts the instances asked for that were
    never stored, ``falsely`` those of them that were committed, ``stored`` and ``committed`` the
    same of those that were; ``reported`` says whether a report came at all.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("commitment")
        names = ("unknown", "falsely", "stored", "committed")
        unknown, falsely, stored, committed = (_count(seen, name) for name in names)
        if seen is None or not seen.data.get("reported"):
            return unseen("no storage commitment report came")
        if unknown is None or falsely is None or stored is None or committed is None:
            return unseen("the report could not be read")
        words = f"{falsely} of {unknown} instances committed that were never stored"
        if falsely:
            return failed(FailKind.LOSS, words)
        if committed < stored:
            return failed(
                FailKind.WRONG_REASON, f"{committed} of {stored} stored instances committed"
            )
        return passed(f"{words}; {committed} of {stored} that were")

    return NamedOracle("commits_only_what_it_has", judge)


def _count(seen: Observation | None, key: str) -> int | None:
    value = seen.data.get(key) if seen is not None else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 2**63 else None
