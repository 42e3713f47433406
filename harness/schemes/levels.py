"""How far a run gets in a scheme: which level it reaches, and what stands between it and more.

Strict by design. Required requirements have to hold in a whole run: what is incomplete, undecided,
left out, untested or waiting for a person reaches nothing, and neither does what merely does not
apply. A waiver keeps a finding from surprising a build; it makes no level (unless a house says so).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness import deployments
from harness.model import JSON
from harness.schemes import model as schemes
from harness.schemes.evidence import present
from harness.schemes.gaps import Context, context_of, remedy_of
from harness.schemes.model import Level, Need, Scheme, Weight
from harness.standing import State

_MARKS = {
    "proposal": "A proposal of this project, approved by nobody.",
    "reading": "Our reading of a standard or guidance; its publisher has not approved it.",
    "house": "A scheme of the user's own.",
}
_MOST_SCENARIOS = 12


@dataclass(frozen=True, slots=True)
class _Met:
    """How one need fared."""

    state: str
    met: bool
    reason: str
    scenarios: tuple[str, ...] = ()
    partial: bool = False


def reached(head: Mapping[str, JSON], document: Mapping[str, JSON]) -> dict[str, JSON] | None:
    """How far the run gets in the scheme that it was made for; None without a scheme.

    Args:
        head: What the record begins with: ``scheme`` and, for a house's own, ``scheme_text``.
        document: run.json with results, waivers and attestations.
    """
    name = head.get("scheme")
    if not name:
        return None
    text = head.get("scheme_text")
    try:
        scheme = (
            schemes.completed(schemes.parse("\n".join(map(str, text))))
            if isinstance(text, list)
            else schemes.load()[str(name)]
        )
    except (KeyError, ValueError) as error:
        return _unknown(str(name), str(error))
    found = evaluate(scheme, document)
    if head.get("scheme_digest") not in (None, scheme.digest):
        found["note"] = f"{found['note']} The scheme has changed since the run was made."
    return found


def evaluate(scheme: Scheme, document: Mapping[str, JSON]) -> dict[str, JSON]:
    """Which level a run reaches, with every need, and every gap with the way to close it.

    Args:
        scheme: The scheme, with the levels that it builds on.
        document: run.json; ``scheme`` in it is not read.

    Returns:
        ``document["scheme"]`` as docs/schema/run.schema.json has it.
    """
    context = context_of(document)
    rows = [_level(level, scheme, context) for level in scheme.level]
    whole = bool(document.get("complete"))
    highest, unbroken = "", whole
    for row in rows:
        unbroken = unbroken and bool(row["reached"])
        row["reached"] = unbroken
        highest = str(row["id"]) if unbroken else highest
    gaps: list[JSON] = [gap for row in rows for gap in _gaps(row, context)]
    return {
        "id": scheme.id,
        "title": scheme.title,
        "status": scheme.status,
        "digest": scheme.digest,
        "level": highest,
        "reached": unbroken,
        "target": scheme.target,
        "levels": list(rows),
        "gaps": gaps,
        "note": " ".join([_MARKS[scheme.status], scheme.note, *_incomplete(whole)]),
    }


def in_brief(reached: Mapping[str, JSON]) -> dict[str, JSON]:
    """``summary.scheme``: the level, and the requirements that stand in the way of the target."""
    gaps = reached["gaps"]
    rows = [gap for gap in gaps if isinstance(gap, Mapping)] if isinstance(gaps, list) else []
    named: list[JSON] = list(dict.fromkeys(str(gap["requirement"]) for gap in rows))
    return {**{key: reached[key] for key in ("id", "level", "reached")}, "gaps": named}


def _incomplete(whole: bool) -> list[str]:
    return [] if whole else ["The run is incomplete, and an incomplete run reaches no level."]


def _level(level: Level, scheme: Scheme, context: Context) -> dict[str, JSON]:
    needs: list[JSON] = []
    blocked, met_required = False, 0
    for need in level.need:
        for name in need.requirements:
            asked, excuse = _weighed(name, need, scheme, context)
            fared = _fared(name, need, scheme, context, excuse)
            needs.append(_need_row(name, asked, fared))
            blocked = blocked or (not fared.met and asked != "recommended")
            applies = fared.state != State.NOT_APPLICABLE.value
            met_required += asked == "required" and fared.met and applies
    # A level whose every need is excused has been shown by nothing.
    row: dict[str, JSON] = {"id": level.id, "title": level.title, "purpose": level.purpose}
    return {**row, "reached": not blocked and met_required > 0, "needs": needs}


def _weighed(name: str, need: Need, scheme: Scheme, context: Context) -> tuple[Weight, str]:
    """What a need weighs where the device is used, and why it is not asked there, if so."""
    if not scheme.weighs_deployments or context.deployment not in deployments.load():
        return need.weight, ""
    there = deployments.weight(context.deployment, name)
    if not there.weight:
        return need.weight, f"does not arise in {context.deployment}: {there.reason}"
    essential = need.weight == "recommended" and there.weight == deployments.ESSENTIAL
    return ("required" if essential else need.weight), ""


def _need_row(name: str, weight: Weight, fared: _Met) -> dict[str, JSON]:
    return {
        "requirement": name,
        "weight": weight,
        "state": fared.state,
        "met": fared.met,
        "partial": fared.partial,
        "scenarios": list(fared.scenarios[:_MOST_SCENARIOS]),
        "reason": fared.reason,
    }


def _fared(name: str, need: Need, scheme: Scheme, context: Context, excuse: str) -> _Met:
    excuse = excuse or _excuse(need, context)
    if excuse:
        return _Met(State.NOT_APPLICABLE.value, met=True, reason=excuse)
    if need.evidence:
        facts = [present(one, context.document) for one in need.evidence]
        if all(found for found, _ in facts):
            return _Met(State.HOLDS.value, met=True, reason="; ".join(said for _, said in facts))
        missing = "; ".join(said for found, said in facts if not found)
        stood = context.standing(name)
        if stood is None or stood.state is not State.HOLDS:
            return _Met(State.NOT_TESTED.value, met=False, reason=missing)
    return _stood(name, need, scheme, context)


def _excuse(need: Need, context: Context) -> str:
    """Why a need does not concern this device; empty when it does."""
    if need.role != "both" and need.role not in context.claims:
        return f"the device is no {need.role}"
    if need.deployments and context.deployment and context.deployment not in need.deployments:
        return f"asked for in {', '.join(need.deployments)} only"
    if need.claim and need.claim not in context.claims:
        return f"the device does not claim {need.claim}"
    return ""


def _stood(name: str, need: Need, scheme: Scheme, context: Context) -> _Met:
    stood = context.standing(name)
    if stood is None:
        return _Met(State.NOT_TESTED.value, met=False, reason="not in this catalogue")
    state, reason = stood.state, stood.reason
    left = context.left_out.get(name, ())
    if left and state in (State.HOLDS, State.WARNED, State.NOT_APPLICABLE, State.NOT_TESTED):
        state, reason = State.UNDECIDED, f"left out of this run: {_few(left)}"
    elif not context.says_what_it_left_out and state is not State.BROKEN:
        state, reason = State.UNDECIDED, "the run does not say which scenarios it left out"
    met = {
        State.HOLDS: need.partial or not stood.partial,
        State.WARNED: need.warned and (need.partial or not stood.partial),
        State.WAIVED: scheme.accepts_waivers,
        State.NOT_APPLICABLE: need.weight == "if-claimed" and not need.claim,
    }.get(state, False)
    if state is State.HOLDS and not met:
        reason = f"only a part of it is tested. {reason}".strip()
    if met and (need.warned or need.partial) and (stood.partial or state is State.WARNED):
        reason = f"{reason} Counts here: {need.because}".strip()
    return _Met(state.value, met, reason, stood.scenarios, stood.partial)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(names[:6]) + more


def _gaps(row: Mapping[str, JSON], context: Context) -> list[JSON]:
    needs = row["needs"]
    found: list[JSON] = []
    for need in needs if isinstance(needs, list) else []:
        if isinstance(need, Mapping) and not need["met"] and need["weight"] != "recommended":
            gap = {key: need[key] for key in ("requirement", "state", "scenarios", "reason")}
            found.append({**gap, "level": row["id"], "remedy": remedy_of(need, context)})
    return found


def _unknown(name: str, why: str) -> dict[str, JSON]:
    return {
        "id": name,
        "title": name,
        "status": "house",
        "digest": "",
        "level": "",
        "reached": False,
        "target": "",
        "levels": [],
        "gaps": [],
        "note": f"This installation cannot judge by this scheme ({why}): "
        "judge the run by another with 'assay report RUN --scheme S'.",
    }
