"""Oracles on how an exchange ended: the observed reason, never an exception.

An ``outcome`` observation has ``outcome`` (:class:`~harness.verdict.Outcome`), ``after_s`` (seconds
from the stimulus), and, where they exist, ``status``, ``result``, ``source``, ``reason`` and
``alert``.
"""

from __future__ import annotations

from collections.abc import Collection

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, worded
from harness.verdict import FailKind, Outcome

REFUSALS = frozenset(
    {Outcome.REJECTED, Outcome.ABORTED, Outcome.CLOSED, Outcome.RESET, Outcome.ALERT}
)
"""Every way of saying no; FIN and RST without an abort are the common lenient ones."""

TIMER_GRACE_S = 5.0
"""How much later than its timer a device may act: scheduling, and timers with coarse ticks."""

_TAKEN = frozenset({Outcome.ACCEPTED, Outcome.RESPONDED})


def ends(
    preferred: Collection[Outcome],
    tolerated: Collection[Outcome] = (),
    *,
    within: str | float = "artim_s",
    actor: str = "attacker",
) -> Oracle:
    """The exchange must end in one of these ways, within a time.

    Args:
        preferred: Strict passes: what the standard asks for.
        tolerated: Lenient passes: what the field does, and no clause forbids.
        within: Seconds, or the fact of the profile that holds them (``artim_s``).
        actor: Whose outcomes are judged; every one must satisfy.
    """
    permitted = frozenset(preferred) | frozenset(tolerated)

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, actor)
        if not seen:
            return unseen("no outcome was witnessed")
        limit = record.number(within, 30.0) if isinstance(within, str) else within
        for outcome, observation in seen:
            words = told(outcome, observation)
            if outcome in permitted:
                after = observation.data.get("after_s")
                if isinstance(after, int | float) and after > limit + TIMER_GRACE_S:
                    return failed(FailKind.SLOW, f"{words}; the limit is {limit:g} s")
                continue
            if outcome in _TAKEN:
                return failed(FailKind.ACCEPTED, f"accepted what it had to refuse: {words}")
            if outcome is Outcome.TIMEOUT:
                return failed(FailKind.HANG, f"not ended, still open: {words}")
            return failed(FailKind.WRONG_REASON, f"{words}, where {worded(permitted)} is permitted")
        outcome, observation = seen[-1]
        strict = all(outcome in preferred for outcome, _ in seen)
        return passed(told(outcome, observation), preferred=strict, outcome=outcome)

    when = within if isinstance(within, str) else f"{within:g} s"
    # Where going on is permitted too, a PASS does not mean that the device refused anything.
    refusal = not permitted & _TAKEN
    return NamedOracle(f"ends({worded(permitted)}; {when})", judge, refusal=refusal)


def refuses(*preferred: Outcome, within: str | float = "artim_s") -> Oracle:
    """Any refusal passes; the named ones are what the standard prefers."""
    first = frozenset(preferred) or REFUSALS
    return ends(first, REFUSALS - first, within=within)


def succeeds(actor: str = "attacker") -> Oracle:
    """An honest exchange is answered with success: what every positive twin must do."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, actor)
        if not seen:
            return unseen("no outcome was witnessed")
        for outcome, observation in seen:
            status = observation.data.get("status", 0)
            good = outcome in (Outcome.RESPONDED, Outcome.RELEASED, Outcome.ACCEPTED)
            if not good or status != 0:
                words = told(outcome, observation)
                return failed(FailKind.WRONG_REASON, f"an honest exchange failed: {words}")
        outcome, observation = seen[-1]
        return passed(told(outcome, observation), outcome=outcome)

    return NamedOracle("succeeds", judge)


def refuses_operation(*preferred_status: int) -> Oracle:
    """A DIMSE request must be answered by a failure status, or end the association in order.

    Success and warning statuses (PS3.7 Annex C: 0000H, 0001H, 0107H, 0116H, Bxxx, pending FFxx)
    are acceptance. Any A-ABORT, rejection or close is a lenient pass when statuses are preferred.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        strict = True
        for outcome, observation in seen:
            words = told(outcome, observation)
            status = observation.data.get("status")
            if outcome is Outcome.RESPONDED and isinstance(status, int):
                if not is_failure(status):
                    return failed(FailKind.ACCEPTED, f"answered status {status:04X}H: {words}")
                strict &= not preferred_status or status in preferred_status
            elif outcome in REFUSALS:
                strict &= outcome is Outcome.ABORTED
            elif outcome is Outcome.TIMEOUT:
                return failed(FailKind.HANG, f"neither answer nor ending: {words}")
            else:
                return failed(FailKind.ACCEPTED, f"went on as if nothing were wrong: {words}")
        outcome, observation = seen[-1]
        return passed(told(outcome, observation), preferred=strict, outcome=outcome)

    wanted = ", ".join(f"{status:04X}H" for status in preferred_status)
    return NamedOracle(f"refuses_operation({wanted})", judge, refusal=True)


def never(outcome: Outcome, kind: FailKind, why: str, *, actor: str = "attacker") -> Oracle:
    """That outcome must not be witnessed; anything else passes."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, actor)
        if not seen:
            return unseen("no outcome was witnessed")
        for found, observation in seen:
            if found is outcome:
                return failed(kind, f"{why}: {told(found, observation)}")
        last, observation = seen[-1]
        return passed(told(last, observation), outcome=last)

    return NamedOracle(f"never({outcome.value})", judge)


def is_failure(status: int) -> bool:
    """True for a failure or cancel status of PS3.7 Annex C."""
    if status in (0x0000, 0x0001, 0x0107, 0x0116) or status >> 12 == 0xB:
        return False
    return status not in (0xFF00, 0xFF01)
