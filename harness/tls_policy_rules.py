"""Judges a TLS surface by a policy: a pure function, one finding per rule.

A broken SHALL fails the device only when the rule was read in its own text, or is somebody's own
rule; what is known from second hand or from memory, and every SHOULD, warns. A suite that the
device's certificate cannot carry is not testable, which is told and is no failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from harness.model import JSON, Role
from harness.requirements import Confidence, Level
from harness.tls_names import curve_bits, hash_of_scheme, is_finite_field
from harness.tls_opinion import Opinion, by_demand, doubt_about, echoed, listed, scope_of
from harness.tls_policy import Policy, Rule, rules_of
from harness.tls_policy_suites import suites_opinion
from harness.tls_surface import UNKNOWN, Surface
from harness.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """What became of one rule."""

    rule: Rule
    verdict: Verdict
    reason: str

    def row(self) -> dict[str, JSON]:
        """As it stands in run.json."""
        return {
            "rule": self.rule.rule,
            "text": self.rule.text,
            "level": self.rule.level.value,
            "verdict": self.verdict.name,
            "reason": self.reason,
            "source": self.rule.source,
            "confidence": self.rule.confidence.value,
        }


def judge(policy: Policy, surface: Surface) -> tuple[RuleFinding, ...]:
    """One finding for each rule that binds this side, in the order of the policy."""
    bound = (rule for rule in rules_of(policy) if rule.binds(surface.side))
    return tuple(_finding(rule, _JUDGES[rule.about](rule, surface)) for rule in bound)


def worst(findings: Iterable[RuleFinding]) -> Verdict:
    """The verdict on the whole policy; without a rule that could be judged it is inconclusive."""
    verdicts = [finding.verdict for finding in findings]
    judged = [verdict for verdict in verdicts if verdict is not Verdict.NOT_APPLICABLE]
    return max(judged, default=Verdict.INCONCLUSIVE)


def _finding(rule: Rule, seen: Opinion) -> RuleFinding:
    if seen.kept is None:
        verdict = Verdict.INCONCLUSIVE if seen.testable else Verdict.NOT_APPLICABLE
        return RuleFinding(rule=rule, verdict=verdict, reason=seen.reason)
    if seen.kept or rule.level is Level.MAY or rule.demand == "may":
        return RuleFinding(rule=rule, verdict=Verdict.PASS, reason=seen.reason)
    if rule.decides:
        return RuleFinding(rule=rule, verdict=Verdict.FAIL, reason=seen.reason)
    return RuleFinding(rule=rule, verdict=Verdict.WARN, reason=f"{seen.reason} [{_why(rule)}]")


def _why(rule: Rule) -> str:
    """Why a broken rule only warns."""
    if rule.level is Level.SHOULD:
        return "the rule is a SHOULD"
    words = {Confidence.SECONDARY: "second hand", Confidence.MEMORY: "memory"}
    return f"not a FAIL, because the rule is known from {words[rule.confidence]}: {rule.source}"


def _versions(rule: Rule, surface: Surface) -> Opinion:
    spoken = surface.spoken
    if rule.demand == "prefer":
        return _preferred_version(rule, surface)
    doubt = [name for name in rule.values if surface.answer(name) == UNKNOWN]
    if doubt and rule.demand in ("never", "must"):
        known = [name for name in rule.values if name not in doubt]
        wrong = [name for name in known if surface.speaks(name) == (rule.demand == "never")]
        if not wrong:
            return Opinion(None, f"could not be asked: {listed(doubt)}", testable=False)
    return by_demand(rule, spoken, rule.values, "speaks")


def _preferred_version(rule: Rule, surface: Surface) -> Opinion:
    wanted = [name for name in rule.values if surface.speaks(name)]
    if not wanted:
        return Opinion(None, f"does not speak {listed(rule.values)}", testable=False)
    if not surface.chosen_version:
        return Opinion(None, "what it prefers was not seen")
    kept = surface.chosen_version in wanted
    return Opinion(kept, f"prefers {surface.chosen_version}")


def _groups(rule: Rule, surface: Surface) -> Opinion:
    scope = scope_of(rule, surface)
    found = list(dict.fromkeys(g for v in scope for g in surface.groups.get(v, ())))
    if not found:
        return Opinion(None, "no group was seen", testable=False)
    if rule.least_bits is not None:
        curves = [name for name in found if not is_finite_field(name)]
        small = [name for name in curves if curve_bits(name) < rule.least_bits]
        word = f"groups below {rule.least_bits} bits: {listed(small)}"
        return Opinion(not small, word if small else f"groups: {listed(found)}")
    seen = by_demand(rule, found, rule.values, "has the group")
    if (
        seen.kept
        and rule.demand in ("never", "only")
        and (d := doubt_about(surface, "groups", scope))
    ):
        return Opinion(None, d)
    return seen


def _finite_field(rule: Rule, surface: Surface) -> Opinion:
    assert rule.least_bits is not None
    if surface.dh_bits is None:
        return Opinion(None, "no finite-field key exchange of its own was seen", testable=False)
    return Opinion(surface.dh_bits >= rule.least_bits, f"its DH prime has {surface.dh_bits} bits")


def _signatures(rule: Rule, surface: Surface) -> Opinion:
    found = surface.signature_schemes
    if not found:
        return Opinion(None, "no signature was seen", testable=False)
    wanted = [value.removeprefix("hash:") for value in rule.values]
    by_hash = any(value.startswith("hash:") for value in rule.values)
    shown = [hash_of_scheme(name) for name in found] if by_hash else list(found)
    verb = "signs with" if surface.side is Role.ACCEPTOR else "asks for"
    return by_demand(rule, shown, wanted, verb)


def _certificate(rule: Rule, surface: Surface) -> Opinion:
    if not surface.certificates:
        return Opinion(None, "its certificate was not seen in clear", testable=False)
    wrong: list[str] = []
    for one in surface.certificates:
        least = rule.least_bits if one.key == "rsa" else rule.least_ec_bits
        if least is not None and one.bits < least:
            wrong.append(f"{one.key} key of {one.bits} bits")
        if rule.values and one.digest and one.digest not in rule.values:
            wrong.append(f"signed with {one.digest}")
    seen = [
        f"{one.key} {one.bits} bits, {one.digest or 'hash unknown'}" for one in surface.certificates
    ]
    return Opinion(not wrong, f"its certificate: {listed(wrong or seen)}")


def _extensions(rule: Rule, surface: Surface) -> Opinion:
    answered = echoed(rule, surface)
    if not answered:
        return Opinion(None, f"{listed(rule.versions) or 'TLS'} is not spoken", testable=False)
    found = {name for names in answered for name in names}
    if rule.demand == "must":
        missing = [v for v in rule.values if not all(v in names for names in answered)]
        return Opinion(not missing, f"lacks {listed(missing)}" if missing else "they are there")
    return by_demand(rule, sorted(found), rule.values, "answers")


def _preference(_rule: Rule, surface: Surface) -> Opinion:
    if surface.preference == UNKNOWN:
        return Opinion(None, "whose order decides was not seen", testable=False)
    return Opinion(surface.preference == "server", f"the {surface.preference}'s order decides")


def _client_certificate(_rule: Rule, surface: Surface) -> Opinion:
    if surface.client_certificate == UNKNOWN:
        return Opinion(None, "whether it asks for a certificate was not seen", testable=False)
    return Opinion(surface.client_certificate == "requested", surface.client_certificate)


def _port(rule: Rule, surface: Surface) -> Opinion:
    if surface.port is None:
        return Opinion(None, "it does not listen", testable=False)
    return Opinion(str(surface.port) in rule.values, f"listens on port {surface.port}")


_JUDGES: dict[str, Callable[[Rule, Surface], Opinion]] = {
    "versions": _versions,
    "suites": suites_opinion,
    "groups": _groups,
    "finite-field": _finite_field,
    "signatures": _signatures,
    "certificate": _certificate,
    "extensions": _extensions,
    "preference": _preference,
    "client-certificate": _client_certificate,
    "port": _port,
}
