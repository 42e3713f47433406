"""Oracles on certificates: what a device owes to odd ones, to revocation, to its own key.

An ``identity`` observation tells of the certificate that the device showed: ``spki`` (SHA-256 of
its public key), ``algorithm``, ``bits``, ``begins_in_s`` and ``ends_in_s`` (seconds from now) and
``sample`` (whose sample key it is, or nothing).
"""

from __future__ import annotations

from collections.abc import Collection

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.verdict import FailKind, Outcome, Verdict

_SERVED = frozenset({Outcome.RESPONDED, Outcome.RELEASED})
_SMALLEST_RSA = 2048


def keeps_revocation_claim(oracle: Oracle, *, unknown: Collection[str]) -> Oracle:
    """Where revocation cannot be found out, the device does what its profile claims.

    Args:
        oracle: Judges the refusal.
        unknown: Values of the case's ``flaw`` for which nobody can tell. A device that claims to
            accept then passes either way; one that claims nothing and accepts gives a WARN.
    """
    undecided = frozenset(unknown)

    def judge(record: Record) -> Finding:
        found = oracle(record)
        claimed = record.facts.get("revocation_unknown")
        accepted = found.verdict is Verdict.FAIL and found.kind is FailKind.ACCEPTED
        if not accepted or record.case.get("flaw") not in undecided or claimed == "refuse":
            return found
        if claimed == "accept":
            return passed(f"{found.reason} [as claimed]", preferred=False, outcome=found.outcome)
        why = f"{found.reason} [the profile does not say what is done when nobody can tell]"
        return warned(why, outcome=found.outcome)

    name = f"keeps_revocation_claim({oracle.name}; {', '.join(sorted(undecided))})"
    return NamedOracle(name, judge, refusal=oracle.refusal)


def serves_odd_certificate(parameter: str, unusual: Collection[str]) -> Oracle:
    """A certificate that is odd but valid does not keep its holder from service.

    Args:
        parameter: Which parameter of the case tells.
        unusual: Its values for which no rule obliges every device: refusal gives a WARN.
    """
    tolerated = frozenset(unusual)

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        if outcome in _SERVED:
            return passed(words, outcome=outcome)
        why = f"a valid certificate was not served: {words}"
        if record.case.get(parameter) in tolerated:
            return warned(f"{why} [no rule obliges every device]", outcome=outcome)
        return failed(FailKind.WRONG_REASON, why, outcome=outcome)

    name = f"serves_odd_certificate({', '.join(sorted(tolerated))})"
    return NamedOracle(name, judge)


def shows_own_key() -> Oracle:
    """The key that the device shows is no published one, of sufficient size, and in its time."""

    def judge(record: Record) -> Finding:
        seen = record.last("identity", "attacker")
        if seen is None:
            return unseen("the device showed no certificate")
        spki = f"public key SHA-256 {seen.data.get('spki')}"
        if sample := seen.data.get("sample"):
            return failed(FailKind.LEAK, f"shows the published sample key of {sample}; {spki}")
        bits, algorithm = seen.data.get("bits"), seen.data.get("algorithm")
        if algorithm == "RSA" and isinstance(bits, int) and bits < _SMALLEST_RSA:
            return failed(FailKind.WRONG_REASON, f"shows an RSA key of {bits} bits; {spki}")
        begins, ends = seen.data.get("begins_in_s"), seen.data.get("ends_in_s")
        if not isinstance(begins, int | float) or not isinstance(ends, int | float):
            return unseen("the time of its certificate could not be read")
        if begins > 0 or ends < 0:
            return warned(f"its certificate is outside its time of validity; {spki}")
        return passed(f"{algorithm} of {bits} bits; {spki}")

    return NamedOracle("shows_own_key", judge)
