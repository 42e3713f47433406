"""Oracles on TLS policies: does what the device negotiates keep to the profile that it claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.tls_policy import Policy, published
from harness.tls_policy_report import house_policies
from harness.tls_policy_rules import RuleFinding, judge, worst
from harness.tls_surface import KIND, Surface, read
from harness.verdict import FailKind, Outcome, Verdict

_TOLD = 4


def keeps_to_policy(policy: str) -> Oracle:
    """The device's surface keeps to a published policy.

    A broken SHALL that was read in the standard is a FAIL; a SHOULD, and a rule that is known from
    second hand or from memory, is a WARN that says so. Rules that the device's certificate leaves
    untestable make the PASS a lenient one.

    Args:
        policy: Its id, as in ``[tls] profiles``.
    """

    def judge_record(record: Record) -> Finding:
        surface = _surface(record)
        if surface is None or not surface.spoken:
            return unseen("no version of TLS was seen to be spoken")
        return _summed(published()[policy].id, judge(published()[policy], surface))

    return NamedOracle(f"keeps_to_policy({policy})", judge_record, refusal=True)


def keeps_to_house_policies() -> Oracle:
    """The device's surface keeps to every policy that its profile names in ``[tls] policies``."""

    def judge_record(record: Record) -> Finding:
        surface = _surface(record)
        policies: Sequence[Policy] = house_policies(record.facts)
        if surface is None or not surface.spoken:
            return unseen("no version of TLS was seen to be spoken")
        if not policies:
            return unseen("the record holds no policy of the house")
        found = [_summed(policy.id, judge(policy, surface)) for policy in policies]
        return max(found, key=lambda one: (one.verdict, not one.preferred))

    return NamedOracle("keeps_to_house_policies", judge_record, refusal=True)


def _surface(record: Record) -> Surface | None:
    seen: Observation | None = record.last(KIND)
    return None if seen is None else read(seen)


def _summed(policy: str, findings: Sequence[RuleFinding]) -> Finding:
    verdict = worst(findings)
    if verdict is Verdict.FAIL:
        kinds = {one.rule.demand for one in _of(findings, Verdict.FAIL)}
        kind = FailKind.ACCEPTED if kinds & {"never", "only"} else FailKind.WRONG_REASON
        return failed(kind, f"{policy}: {_words(findings)}", outcome=Outcome.ACCEPTED)
    if verdict is Verdict.WARN:
        return warned(f"{policy}: {_words(findings)}", outcome=Outcome.ACCEPTED)
    if verdict is Verdict.INCONCLUSIVE:
        return unseen(f"{policy}: {_words(findings)}")
    kept = sum(1 for one in findings if one.verdict is Verdict.PASS)
    skipped = len(findings) - kept
    words = f"{policy}: {kept} rules kept"
    if skipped:
        words += f", {skipped} do not apply or cannot be tested on it"
    partly = any("not testable" in one.reason for one in findings)
    return passed(words, preferred=not partly, outcome=Outcome.ACCEPTED)


def _words(findings: Sequence[RuleFinding]) -> str:
    """The rules that are not kept, the worst first."""
    bad = [one for one in findings if one.verdict > Verdict.PASS]
    bad.sort(key=lambda one: -one.verdict)
    told = [f"{one.rule.rule} ({one.rule.level}): {one.reason}" for one in bad[:_TOLD]]
    more = f"; and {len(bad) - _TOLD} more" if len(bad) > _TOLD else ""
    return "; ".join(told) + more


def _of(findings: Iterable[RuleFinding], verdict: Verdict) -> list[RuleFinding]:
    return [one for one in findings if one.verdict is verdict]
