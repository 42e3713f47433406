"""Oracles on what a device makes of the data sets that it acknowledges.

They read ``kept`` observations of the "polite" actor, one for each acknowledged object that was
looked for: ``patients`` (Patient IDs that may be shown), ``listed`` (those that queries show),
``came`` (objects that a retrieve brought), ``strangers`` (objects of other plays that came),
``status`` (how the retrieve ended), ``returned`` (Patient IDs in them), ``same`` (octets as they
were sent), ``lost`` (promised elements that are not there), ``owes``, ``promised``, ``fault``. A
``missed`` is an object of which nothing came, and that was offered once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.model import Claim, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen
from harness.verdict import FailKind, Outcome

_WARNING = 0xB


def shows_true_identity() -> Oracle:
    """Whom queries and retrieves show for an acknowledged object is whom the standard reads in it.

    Where the standard has no reading, query and retrieve must agree. What comes back as it was
    sent is never wrong in itself; what a query shows of it may be.
    """

    def opinion(seen: Observation) -> Finding | None:
        permitted = _texts(seen, "patients") or []
        listed, returned = _texts(seen, "listed"), _texts(seen, "returned") or []
        came = seen.data.get("came")
        if listed is None and came is None:
            return unseen("the device answered neither query nor retrieve of what it acknowledged")
        if wrong := [one for one in listed or () if one not in permitted]:
            return failed(
                FailKind.LOSS, f"a query shows {wrong[0]!r}, which is not {permitted[0]!r}"
            )
        strange = [one for one in returned if one not in permitted]
        if strange and not seen.data.get("same"):
            words = f"what comes back bears {strange[0]!r}, not {permitted[0]!r}"
            return failed(FailKind.LOSS, words)
        apart = [one for one in listed or () if one and returned and one not in returned]
        if apart:
            words = f"a query shows {apart[0]!r}, and what comes back bears {returned[0]!r}"
            return failed(FailKind.LOSS, words)
        return None

    return _of_each("shows_true_identity", opinion)


def keeps_what_it_acknowledges() -> Oracle:
    """What was acknowledged by success comes back with everything that it had to keep.

    A warning tells the sender that something is gone, and promises nothing.
    """

    def opinion(seen: Observation) -> Finding | None:
        came, lost = seen.data.get("came"), _texts(seen, "lost") or []
        if not seen.data.get("promised") or not seen.data.get("owes"):
            return None
        if came is None:
            return None if _texts(seen, "listed") else unseen("the device answered no retrieve")
        if came == 0 and seen.data.get("strangers"):
            return unseen("the object of another play came back: the device mixed up the two")
        if came == 0:
            status = seen.data.get("status")
            ended = f"C-GET status {status:04X}H" if isinstance(status, int) else "no C-GET status"
            return failed(FailKind.LOSS, f"acknowledged with success, and not given back ({ended})")
        if lost and not seen.data.get("same"):
            fault = seen.data.get("fault")
            words = f"acknowledged with success, and comes back without {', '.join(lost)}"
            return failed(FailKind.LOSS, f"{words} ({fault})" if fault else words)
        return None

    return _of_each("keeps_what_it_acknowledges", opinion)


def _of_each(name: str, opinion: Callable[[Observation], Finding | None]) -> Oracle:
    """An oracle on every acknowledged object; a device that refuses has nothing to keep."""

    def judge(record: Record) -> Finding:
        outcomes = outcomes_of(record, "attacker")
        if not outcomes:
            return unseen("no outcome was witnessed")
        kept = list(record.of("kept", "polite"))
        for seen in kept if _can_be_asked(record) else ():
            found = opinion(seen)
            if found is not None:
                return found
        last, how = outcomes[-1]
        taken = sum(1 for outcome, seen in outcomes if _acknowledged(outcome, seen))
        if not taken:
            return passed(f"refused: {told(last, how)}", outcome=last)
        if not _can_be_asked(record):
            words = "acknowledged; the device claims neither Query nor Retrieve"
            return passed(words, preferred=False, outcome=last)
        if len(kept) + len(list(record.of("missed", "polite"))) < taken:
            return unseen(f"{taken} objects were acknowledged, {len(kept)} looked for")
        return passed("what was acknowledged is what was sent", outcome=last)

    return NamedOracle(name, judge)


def _can_be_asked(record: Record) -> bool:
    claims = record.facts.get("claims")
    known = claims if isinstance(claims, list | tuple) else ()
    return Claim.QUERY_SCP.value in known or Claim.RETRIEVE_SCP.value in known


def _acknowledged(outcome: Outcome, seen: Observation) -> bool:
    status = seen.data.get("status")
    if outcome is not Outcome.RESPONDED or not isinstance(status, int):
        return False
    return status == 0 or status >> 12 == _WARNING


def _texts(seen: Observation, key: str) -> Sequence[str] | None:
    value = seen.data.get(key)
    return [str(one) for one in value] if isinstance(value, list | tuple) else None
