"""Oracles on a device that claims limits: whether slots are freed, and all of them come back."""

from __future__ import annotations

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.oracles.outcomes import REFUSALS, ends
from harness.verdict import FailKind, Outcome

_UNCLAIMED_IDLE_S = 60.0


def frees_idle_associations(periods: float = 1.0) -> Oracle:
    """Every association of the attacker is ended within so many claimed idle times.

    Reads the fact ``idle_timeout_s``. An A-ABORT is preferred; a closed connection passes
    leniently (PS3.8 9.1.4 note 1).
    """

    def judge(record: Record) -> Finding:
        limit = record.number("idle_timeout_s", _UNCLAIMED_IDLE_S) * periods
        return ends({Outcome.ABORTED}, REFUSALS, within=limit)(record)

    return NamedOracle(f"frees_idle_associations({periods:g} idle times)", judge)


def serves_the_claimed_number() -> Oracle:
    """As many associations as claimed are open at one time, whatever happened before.

    Reads a ``capacity`` observation of the "polite" actor: ``expected`` and ``reached`` count
    associations, ``after_s`` is how long it took.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("capacity", "polite")
        if seen is None:
            return unseen("nobody tried to use all associations")
        expected, reached = (int(str(seen.data.get(key, 0))) for key in ("expected", "reached"))
        words = f"{reached} of {expected} associations after {seen.data.get('after_s')} s"
        return passed(words) if reached >= expected else failed(FailKind.RESOURCE, words)

    return NamedOracle("serves_the_claimed_number", judge)
