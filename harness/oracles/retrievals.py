"""Oracles on devices that query and retrieve: what they believe, take in, and delete."""

from __future__ import annotations

from harness.model import Claim, Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.clients import ended_badly, reported_success
from harness.oracles.outcomes import REFUSALS, is_failure
from harness.verdict import FailKind, Outcome


def client_tells_failure() -> Oracle:
    """The device must end the call by itself, and tell its user that it failed.

    By its exit code, or by its output where the profile says how (``told_failure`` of a ``trigger``
    observation). How it ends the association is its own affair: the operation has failed.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        call = record.last("trigger", "trigger")
        if bad := ended_badly(call, words):
            return bad
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither went on nor ended: {words}")
        if call is None or call.data.get("by_hand"):
            if outcome in REFUSALS:
                return passed(f"ended the association: {words}", outcome=outcome)
            return unseen(f"{words}, and nobody saw whether the device reported a failure")
        if reported_success(call):
            return failed(FailKind.ACCEPTED, f"reported success (exit code 0); seen: {words}")
        return passed(f"{words}, and reported failure", outcome=outcome)

    return NamedOracle("client_tells_failure", judge)


def takes_only_what_it_asked_for(*, must: bool = False) -> Oracle:
    """The device must not take in objects that do not belong to its retrieval.

    A failure status or the end of the association refuses one; that a confirmed one is kept apart
    from those that were asked for passes leniently. Reads ``offered`` and ``taken-in`` observations
    (:mod:`simulators.suboperations`).

    Args:
        must: What is offered was never negotiated, so that taking it is a FAIL. Otherwise it is one
            only for a device that claims to check what it retrieves, and a warning for others: no
            clause obliges a requestor to compare the objects with its request.
    """
    what = "negotiated" if must else "asked for"

    def judge(record: Record) -> Finding:
        offered = [seen for seen in record.of("offered", "attacker") if seen.data.get("foreign")]
        if not offered:
            return unseen("no foreign object was offered")
        for seen in offered:
            outcome = Outcome(str(seen.data["outcome"]))
            status = seen.data.get("status")
            confirmed = outcome is Outcome.RESPONDED and isinstance(status, int)
            if not confirmed or (isinstance(status, int) and is_failure(status)):
                continue
            words = f"confirmed an object that was not {what}: {told(outcome, seen)}"
            kept = record.last("taken-in", "attacker")
            if kept is not None and kept.data.get("asked_for") and not kept.data.get("foreign"):
                return passed(f"{words}, but did not keep it", preferred=False, outcome=outcome)
            claims = record.facts.get("claims")
            checks = isinstance(claims, list | tuple) and Claim.CHECKS_RETRIEVED.value in claims
            if must or checks:
                return failed(FailKind.ACCEPTED, words, outcome=outcome)
            return warned(f"{words} (no such check is claimed)", outcome=outcome)
        last = offered[-1]
        outcome = Outcome(str(last.data["outcome"]))
        if outcome is Outcome.TIMEOUT:
            return passed("the object got no answer", preferred=False, outcome=outcome)
        return passed(f"the object was refused: {told(outcome, last)}", outcome=outcome)

    return NamedOracle(f"takes_only_what_it_asked_for({what})", judge, refusal=True)


def stops_at_its_limit() -> Oracle:
    """The device must end a query that has more matches than it claims to take.

    Reads a ``matches`` observation with ``sent``, ``stopped`` and ``by``, and ``max_matches``.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("matches", "attacker")
        limit = record.number("max_matches", 0)
        if seen is None or not limit:
            return unseen("no endless query was played, or no limit is claimed")
        sent = seen.data.get("sent")
        if seen.data.get("stopped"):
            return passed(f"{seen.data.get('by')} after {sent} matches (limit {limit:g})")
        if isinstance(sent, int) and sent <= limit:
            return unseen(f"only {sent} matches left us (limit {limit:g})")
        return failed(FailKind.RESOURCE, f"took {sent} matches (limit {limit:g})")

    return NamedOracle("stops_at_its_limit", judge, refusal=True)


def keeps_its_copy() -> Oracle:
    """The device must keep its own copy of an object that nobody has promised to keep.

    Reads a ``local-copy`` observation with ``exists``, and the reporter's outcome, which tells how
    the device took the report.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("local-copy", "attacker")
        reports = outcomes_of(record, "reporter")
        if seen is None or not reports:
            return unseen("nobody looked for the local copy, or no report was made")
        words = told(*reports[-1])
        if not seen.data.get("exists"):
            return failed(FailKind.LOSS, f"the local copy is gone; the report was answered {words}")
        return passed(f"the local copy is still there; the report was answered {words}")

    return NamedOracle("keeps_its_copy", judge, refusal=True)


def deletes_its_copy() -> Oracle:
    """The device deletes its copy of what an archive has promised to keep, as it claims."""

    def judge(record: Record) -> Finding:
        seen = record.last("local-copy", "attacker")
        if seen is None:
            return unseen("nobody looked for the local copy")
        if seen.data.get("exists"):
            return failed(FailKind.WRONG_REASON, "the local copy is still there")
        return passed("the local copy was deleted")

    return NamedOracle("deletes_its_copy", judge)
