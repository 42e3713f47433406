"""Gaps of a run against a scheme: what judging levels looks up, and how a gap is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness import requirements, standing
from harness.model import JSON
from harness.standing import Standing, State

_MOST_REMEDIES = 2
_REVIEWS = "REV"
"""The family of scenarios that ask a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What levels are judged from.

    Attributes:
        document: run.json.
        standings: How each requirement stands, by id.
        claims: What the device claims.
        deployment: Id of the deployment; empty when the profile does not say.
        rows: Results by scenario id.
        left_out: Ids of scenarios that were not selected, by requirement that they would decide.
        says_what_it_left_out: False for runs of versions that did not note it.
    """

    document: Mapping[str, JSON]
    standings: Mapping[str, Standing]
    claims: frozenset[str]
    deployment: str
    rows: Mapping[str, Mapping[str, JSON]]
    left_out: Mapping[str, Sequence[str]]
    says_what_it_left_out: bool

    def standing(self, requirement: str) -> Standing | None:
        """How a requirement stands; None for one that is not in the catalogue."""
        return self.standings.get(requirement)


def context_of(document: Mapping[str, JSON]) -> Context:
    """Puts a document's facts where levels look for them."""
    device = _mapping(document.get("device"))
    claims = device.get("claims")
    rows = document.get("results")
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return Context(
        document=document,
        standings=standing.standings(document),
        claims=frozenset(str(one) for one in claims) if isinstance(claims, list) else frozenset(),
        deployment=str(_mapping(document.get("deployment")).get("id") or ""),
        rows={str(row.get("id")): row for row in found},
        left_out=_left_out(document),
        says_what_it_left_out=isinstance(document.get("not_selected"), list),
    )


def remedy_of(need: Mapping[str, JSON], context: Context) -> str:
    """The way to close one gap, in a sentence or two."""
    name, state = str(need["requirement"]), State(str(need["state"]))
    if context.left_out.get(name) and state is State.UNDECIDED:
        return "Run it without --select, --tag and --smoke."
    if state in (State.BROKEN, State.WAIVED, State.WARNED):
        return _mending(need, context)
    if state is State.UNDECIDED:
        if not context.says_what_it_left_out:
            return "Run it again: this record is of a version that did not note what it left out."
        return "Find out why nothing was concluded (see the result), mend the bench, run it again."
    if state is State.NOT_APPLICABLE:
        named = need["scenarios"]
        first = str(named[0]) if isinstance(named, list) and named else "ID"
        return f"Claim it in the profile if the device does it: see 'assay explain {first}'."
    if state is State.MANUAL:
        return _asking(name, context)
    if state is State.HOLDS:
        return "The rest has to be shown by other means: nothing here tests it."
    if str(need["reason"]).startswith(("[assessment]", "[scope]")):
        return "State it in the device profile, and run it again."
    return "Nothing in this catalogue tests it: show it by other means, outside this report."


def _asking(name: str, context: Context) -> str:
    """Whom the catalogue would ask about it, if anybody."""
    for scenario, row in sorted(context.rows.items()):
        verified = row.get("requirements")
        asked = verified if row.get("family") == _REVIEWS and isinstance(verified, list) else []
        counted = (one for found in asked for one in _counts_as(str(found)))
        if name in (*asked, *counted):
            if row.get("verdict") == "REVIEW":
                return f"A person has to look: 'assay attest RUN {scenario}' takes the answer."
            return f"A person has to look: name one under [reviews], and answer {scenario}."
    return "A person has to look, and nobody is asked here: show it outside this report."


def _counts_as(name: str) -> tuple[str, ...]:
    known = requirements.load().get(name)
    return known.counts_as if known else ()


def _mending(need: Mapping[str, JSON], context: Context) -> str:
    """What the scenarios that decided it say of mending."""
    named = need["scenarios"]
    bad = [
        context.rows[str(name)]
        for name in (named if isinstance(named, list) else [])
        if str(name) in context.rows
        and context.rows[str(name)].get("verdict") in ("FAIL", "WARN", "ERROR")
    ]
    said = list(dict.fromkeys(str(row.get("remediation") or "") for row in bad))
    text = " ".join(one for one in said[:_MOST_REMEDIES] if one)
    return text or "Mend what the failing scenarios show."


def _left_out(document: Mapping[str, JSON]) -> dict[str, list[str]]:
    """Scenarios that were not selected, by what they would have decided, crosswalks included."""
    found: dict[str, list[str]] = {}
    rows = document.get("not_selected")
    for row in rows if isinstance(rows, list) else []:
        verified = _mapping(row).get("requirements")
        for name in verified if isinstance(verified, list) else []:
            for one in {str(name), *_counts_as(str(name))}:
                found.setdefault(one, []).append(str(_mapping(row).get("id")))
    return found


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}
