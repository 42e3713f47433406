"""Judges the cipher suites of a TLS surface by one rule.

A suite that we do not know by name has no property: it is neither for nor against a rule about
properties, and a list that is closed by properties cannot be judged with it.
"""

from __future__ import annotations

from harness.model import Role
from harness.tls_names import matches, properties, usable_with
from harness.tls_opinion import Opinion, by_demand, doubt_about, echoed, listed, scope_of
from harness.tls_policy import Rule
from harness.tls_surface import UNKNOWN, SuiteSeen, Surface

_UNTESTABLE = "not testable with the device's"


def suites_opinion(rule: Rule, surface: Surface) -> Opinion:
    """What the suites say about the rule."""
    excused = rule.unless_extension
    if excused and any(excused in names for names in echoed(rule, surface)):
        return Opinion(True, f"{excused} is negotiated")
    scope = scope_of(rule, surface)
    if not scope:
        return Opinion(None, f"{listed(rule.versions) or 'TLS'} is not spoken", testable=False)
    if rule.demand == "prefer":
        return _preferred(rule, surface, scope)
    found = [suite for version in scope for suite in surface.suites.get(version, ())]
    opinion = _forbidden(rule, surface, found)
    if opinion is None:
        opinion = _required(rule, surface, found)
    if opinion.kept and (doubt := doubt_about(surface, "suites", scope)):
        return Opinion(None, doubt)
    return opinion


def _forbidden(rule: Rule, surface: Surface, found: list[SuiteSeen]) -> Opinion | None:
    """For what must not be there; None when the rule demands something else."""
    if rule.demand not in ("never", "only", "may"):
        return None
    against = [one for one in found if _meant(rule, one) is (rule.demand == "never")]
    by_property = any(":" in value for value in rule.values)
    strange = [one for one in against if by_property and not properties(one.name)]
    wrong = dict.fromkeys(one.name for one in against if one not in strange)
    word = "negotiates" if surface.side is Role.ACCEPTOR else "offers"
    if wrong and rule.demand != "may":
        return Opinion(False, f"{word} {listed(wrong)}")
    if strange and rule.demand == "only":
        return Opinion(None, f"{word} what we do not know: {listed(one.name for one in strange)}")
    return Opinion(True, f"{len({one.name for one in found})} suites, none against the rule")


def _required(rule: Rule, surface: Surface, found: list[SuiteSeen]) -> Opinion:
    """For what must be there, as far as the device's certificate permits."""
    listens = surface.side is Role.ACCEPTOR
    keys = {one.key for one in surface.certificates}
    shown = f"{_UNTESTABLE} {' and '.join(sorted(keys)).upper()} certificate"
    fitting = [value for value in rule.values if not listens or usable_with(value, keys)]
    if not fitting:
        return Opinion(None, shown, testable=False)
    had = [v for v in fitting if any(matches(one.name, one.weakness, v) for one in found)]
    opinion = by_demand(rule, had, fitting, "has")
    others = len(rule.values) - len(fitting)
    if not others or (rule.demand == "any" and opinion.kept):
        return opinion
    if rule.demand == "any":
        return Opinion(None, f"{opinion.reason}; the others are {shown}", testable=False)
    return Opinion(opinion.kept, f"{opinion.reason}; {others} more are {shown} alone")


def _preferred(rule: Rule, surface: Surface, scope: list[str]) -> Opinion:
    """No suite that is not meant stands before one that is."""
    listens = surface.side is Role.ACCEPTOR
    if listens and surface.preference == UNKNOWN:
        return Opinion(None, "whose order decides was not seen", testable=False)
    for version in scope:
        known = [one for one in surface.suites.get(version, ()) if properties(one.name)]
        ordered = sorted(known, key=lambda one: one.order)
        meant = [_meant(rule, one) for one in ordered]
        if True not in meant:
            return Opinion(None, "has none of the suites to be preferred", testable=False)
        if listens and surface.preference == "client" and False in meant:
            return Opinion(False, f"{version}: follows the client's order, whatever that is")
        last = len(meant) - meant[::-1].index(True)
        if False in meant[:last]:
            first = ordered[meant.index(False)].name
            return Opinion(False, f"{version}: {first} stands before them")
    return Opinion(True, "none of the others stands before them")


def _meant(rule: Rule, one: SuiteSeen) -> bool:
    return any(matches(one.name, one.weakness, value) for value in rule.values)
