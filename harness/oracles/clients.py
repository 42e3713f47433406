"""Oracles on a device that calls us: what its PDUs, its exit and its time tell.

A ``trigger`` observation has ``exit``, ``signal``, ``timed_out``, ``duration_s``, ``by_hand``,
``told_failure``.
"""

from __future__ import annotations

from collections.abc import Collection

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen
from harness.oracles.outcomes import REFUSALS, is_failure
from harness.verdict import FailKind, Outcome

_WENT_ON = frozenset({Outcome.ACCEPTED, Outcome.RESPONDED})


def client_refuses(*preferred: Outcome) -> Oracle:
    """The device must not go on with a lying acceptor, and must not report success.

    A protocol-level refusal is what the standard prefers (by default A-ABORT). A polite release
    passes leniently if the triggered command then reports failure by its exit code. Going on, a
    success code, a crash, or having to be ended by us is a FAIL.
    """
    wanted = frozenset(preferred) or frozenset({Outcome.ABORTED})

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        call = record.last("trigger", "trigger")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        if bad := ended_badly(call, words):
            return bad
        if outcome in _WENT_ON:
            return failed(FailKind.ACCEPTED, f"went on as if nothing were wrong: {words}")
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither refused nor ended: {words}")
        if reported_success(call):
            return failed(FailKind.ACCEPTED, f"reported success (exit code 0); seen: {words}")
        if outcome in REFUSALS or outcome is Outcome.NOT_OFFERED:
            return passed(words, preferred=outcome in wanted, outcome=outcome)
        if call is None or call.data.get("by_hand"):
            return unseen(f"{words}, and nobody saw whether the device reported a failure")
        return passed(f"{words}, and reported failure", preferred=False, outcome=outcome)

    return NamedOracle("client_refuses", judge, refusal=True)


def client_survives(*preferred: Outcome) -> Oracle:
    """The device must neither crash nor hang; a refusal is preferred, going on is tolerated.

    For lies that no clause obliges a requestor to notice, and that did harm where it could not
    cope with them.
    """
    wanted = frozenset(preferred) or frozenset({Outcome.ABORTED})

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        if bad := ended_badly(record.last("trigger", "trigger"), words):
            return bad
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither went on nor ended: {words}")
        return passed(words, preferred=outcome in wanted, outcome=outcome)

    return NamedOracle("client_survives", judge)


def client_keeps_to_contexts() -> Oracle:
    """The device must use no presentation context that it did not propose.

    Reads a ``negotiated`` observation with ``usable``: the ids on which it may send. Ignoring the
    rest of the lie passes leniently; an abort is what the standard prefers.
    """
    refuses = client_refuses()

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        negotiated = record.last("negotiated", "attacker")
        usable = negotiated.data.get("usable") if negotiated else None
        if not seen or not isinstance(usable, list | tuple):
            return unseen("nobody saw what the device did with its contexts")
        outcome, observation = seen[-1]
        context = observation.data.get("context")
        if outcome is Outcome.RESPONDED and context in usable:
            words = f"ignored the lie and used context {context}, which it had proposed"
            bad = ended_badly(record.last("trigger", "trigger"), words)
            return bad or passed(words, preferred=False, outcome=outcome)
        if outcome is Outcome.RESPONDED:
            words = f"sent a message on context {context}, which it never proposed"
            return failed(FailKind.ACCEPTED, words, outcome=outcome)
        return refuses(record)

    return NamedOracle("client_keeps_to_contexts", judge, refusal=True)


def client_ends() -> Oracle:
    """The device must end the call by itself, whether it then reports success or failure."""

    def judge(record: Record) -> Finding:
        call = record.last("trigger", "trigger")
        if call is None or call.data.get("by_hand"):
            return passed("the call was made by hand: its connection tells enough")
        words = f"exit {call.data.get('exit')} after {call.data.get('duration_s')} s"
        return ended_badly(call, words) or passed(words)

    return NamedOracle("client_ends", judge)


def client_gives_up() -> Oracle:
    """The device must end a call to a silent acceptor by itself, within its claimed time."""

    def judge(record: Record) -> Finding:
        call = record.last("trigger", "trigger")
        limit = record.number("requestor_timeout_s", 30.0)
        seen = outcomes_of(record, "attacker")
        ended = seen[-1][0] if seen else None
        if call is None or call.data.get("by_hand"):
            if ended in REFUSALS:
                return passed(f"gave up: {ended}", outcome=ended)
            return unseen("nobody saw whether the device gave up")
        took = call.data.get("duration_s")
        if bad := ended_badly(call, f"{ended or 'nothing'} after {took} s"):
            return bad
        if reported_success(call):
            return failed(
                FailKind.ACCEPTED, "reported success (exit code 0) though nobody answered it"
            )
        return passed(f"gave up after {took} s (limit {limit:g} s)", outcome=ended)

    return NamedOracle("client_gives_up", judge)


def client_succeeds() -> Oracle:
    """An honest acceptor must be used with success: what every requestor's twin must do."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        call = record.last("trigger", "trigger")
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        if outcome not in (Outcome.RELEASED, Outcome.ACCEPTED, Outcome.RESPONDED):
            return failed(FailKind.WRONG_REASON, f"an honest acceptor was not used: {words}")
        for earlier, answer in seen:
            status = answer.data.get("status")
            if isinstance(status, int) and is_failure(status):
                words = f"answered an honest request by {told(earlier, answer)}"
                return failed(FailKind.WRONG_REASON, words)
        if call is not None and not call.data.get("by_hand") and not reported_success(call):
            shown = call.data.get("signal") or call.data.get("exit")
            return failed(FailKind.WRONG_REASON, f"reported failure (exit {shown}): {words}")
        return passed(words, outcome=outcome)

    return NamedOracle("client_succeeds", judge)


def outcome_in(permitted: Collection[Outcome], preferred: Collection[Outcome] = ()) -> Oracle:
    """The last outcome is one of these, whatever the exit code says."""
    allowed, first = frozenset(permitted), frozenset(preferred) or frozenset(permitted)

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        if outcome in allowed:
            return passed(words, preferred=outcome in first, outcome=outcome)
        kind = FailKind.HANG if outcome is Outcome.TIMEOUT else FailKind.ACCEPTED
        return failed(kind, words)

    return NamedOracle(f"outcome_in({', '.join(sorted(o.value for o in allowed))})", judge)


def ended_badly(call: Observation | None, words: str) -> Finding | None:
    """A crash or a hang of the triggered command; None when it ended by itself, or nobody knows."""
    if call is None or call.data.get("by_hand"):
        return None
    if call.data.get("timed_out"):
        # How its connection ended tells nothing here: we ended it.
        took = call.data.get("duration_s")
        return failed(FailKind.HANG, f"it did not end, and was ended by us after {took} s")
    if signal := call.data.get("signal"):
        return failed(FailKind.CRASH, f"the call was ended by {signal}; seen: {words}")
    return None


def reported_success(call: Observation | None) -> bool:
    """True when the triggered command told its user nothing else than that it succeeded.

    Where the profile names what its output says of a failure, that counts like an exit code.
    """
    if call is None or call.data.get("by_hand") or call.data.get("told_failure"):
        return False
    return call.data.get("exit") == 0
