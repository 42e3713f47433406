"""Oracles on web services that are reached by TLS alone."""

from __future__ import annotations

import re

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen
from harness.oracles.web_answers import fields_of, none_hangs, succeeded
from harness.verdict import FailKind, Outcome

_TURNED_AWAY = frozenset((400, 403, 421, 426))
"""What a server says whose port is for TLS, to whoever comes without (RFC 9110 15.5)."""

_SENT_ON = frozenset((301, 302, 307, 308))
_MAX_AGE = re.compile(r"(?:^|;)\s*max-age\s*=\s*\"?(\d+)", re.IGNORECASE)


def serves_by_tls_alone() -> Oracle:
    """A request without TLS is refused, sent on to https, or not understood; never served.

    To ask for credentials is service as well: whoever has some would send them in clear.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        for outcome, one in seen:
            if outcome is Outcome.RESPONDED and not _refuses(one):
                words = f"HTTP is spoken without TLS: {told(outcome, one)}"
                return failed(FailKind.ACCEPTED, words, outcome=outcome)
        return none_hangs(seen)

    return NamedOracle("serves_by_tls_alone", judge, refusal=True)


def names_its_transport_policy() -> Oracle:
    """An answer by TLS names a strict transport policy that lasts (RFC 6797 6.1)."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        outcome, one = seen[-1]
        words = told(outcome, one)
        if not succeeded(outcome, one):
            return failed(FailKind.WRONG_REASON, f"an honest request failed: {words}")
        policy = fields_of(one).get("strict-transport-security", "")
        age = _MAX_AGE.search(policy)
        if age is None or not int(age[1]):
            said = f"only {policy!r}" if policy else "none"
            return failed(FailKind.WRONG_REASON, f"{words}: of a strict transport policy {said}")
        return passed(f"{words}: {policy}", outcome=outcome)

    return NamedOracle("names_its_transport_policy", judge)


def _refuses(one: Observation) -> bool:
    code = one.data.get("code")
    if code in _SENT_ON:
        return fields_of(one).get("location", "").lower().startswith("https:")
    return code in _TURNED_AWAY
