"""What the judgements on TLS rules share: an opinion, the demands, and words for sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.tls_policy import Rule
from harness.tls_surface import Surface

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was seen of a rule.

    Attributes:
        kept: True kept, False broken, None unknown.
        reason: What was seen.
        testable: False with an unknown that nobody could find out on this device as it is.
    """

    kept: bool | None
    reason: str
    testable: bool = True


def by_demand(rule: Rule, found: Iterable[str], values: Iterable[str], verb: str) -> Opinion:
    """Whether what was found is as the rule demands, for lists of names."""
    has, wanted = list(dict.fromkeys(found)), list(values)
    common = [value for value in wanted if value in has]
    missing = [value for value in wanted if value not in has]
    extra = [one for one in has if one not in wanted]
    if rule.demand == "never":
        return Opinion(not common, f"{verb} {listed(common or has)}")
    if rule.demand == "only":
        return Opinion(not extra, f"{verb} {listed(extra or has)}")
    if rule.demand == "any":
        kept = bool(common)
        return Opinion(kept, f"{verb} {listed(common)}" if kept else f"lacks {listed(missing)}")
    if rule.demand == "must" and missing:
        return Opinion(False, f"lacks {listed(missing)}")
    return Opinion(True, f"{verb} {listed(common) or 'none of them'}")


def scope_of(rule: Rule, surface: Surface) -> list[str]:
    """The versions under which the rule is judged: those of it that are spoken."""
    return [name for name in surface.spoken if not rule.versions or name in rule.versions]


def echoed(rule: Rule, surface: Surface) -> list[tuple[str, ...]]:
    """The extensions under each version that the rule is about."""
    return [surface.extensions[v] for v in scope_of(rule, surface) if v in surface.extensions]


def doubt_about(surface: Surface, what: str, scope: Iterable[str]) -> str:
    """What was not found out, and why; empty when all was."""
    names = [f"{what} {version}" for version in scope]
    return "; ".join(f"{n}: {surface.unsure[n]}" for n in names if n in surface.unsure)


def listed(names: Iterable[str]) -> str:
    """Names for a sentence; a long list is cut, and says so."""
    every = list(names)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more
