"""The ``tls_policies`` section of run.json: a verdict for each policy and each side that was seen.

Made from the record alone, so that a run can be judged again; policies that the device does not
claim are judged as well, for information ("would pass").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from harness.model import JSON, Observation
from harness.tls_policy import Policy, published, stored
from harness.tls_policy_rules import judge, worst
from harness.tls_surface import KIND, Surface, read
from harness.verdict import Verdict


def policy_rows(
    plays: Mapping[str, Sequence[Observation]], chosen: Mapping[str, Sequence[str]]
) -> list[JSON]:
    """One row per side and policy; empty when no surface was seen.

    A row has ``id``, ``title``, ``status``, ``role``, ``claimed``, ``verdict``, ``note``, ``play``
    and ``findings``, each with ``rule``, ``text``, ``level``, ``verdict``, ``reason``, ``source``
    and ``confidence``.

    Args:
        plays: Observations by play.
        chosen: Scenario id -> the plays that were judged.
    """
    rows: list[JSON] = []
    for play, surface, facts in _latest(plays, chosen):
        claimed = _names(facts.get("tls_profiles"))
        house = house_policies(facts)
        for policy in (*published().values(), *house):
            held = policy in house or policy.id in claimed or policy.status == "base"
            rows.append(_row(policy, surface, play, claimed=held))
    return rows


def house_policies(facts: Mapping[str, JSON]) -> tuple[Policy, ...]:
    """The policies of the house, as the record holds them."""
    held = facts.get("tls_policies")
    listed = held if isinstance(held, list | tuple) else ()
    return tuple(policy for one in listed if (policy := stored(one)) is not None)


def summary_lines(rows: Iterable[JSON]) -> list[str]:
    """One line per claimed policy and side, for the end of a run."""
    lines: list[str] = []
    for row in rows:
        if isinstance(row, Mapping) and row.get("claimed"):
            head = f"{_shown(str(row.get('id')))} ({row.get('role')}): {row.get('verdict')}"
            lines.append(f"{head}{_remark(row)}")
    return lines


def _remark(row: Mapping[str, JSON]) -> str:
    """What a bare verdict would hide: whose word it rests on, what could not be tested."""
    listed = row.get("findings")
    findings = [f for f in listed if isinstance(f, Mapping)] if isinstance(listed, list) else []
    verdict = row.get("verdict")
    soft = [f for f in findings if f.get("verdict") == "WARN"]
    doubtful = [f for f in soft if f.get("confidence") in ("secondary", "memory")]
    broken = [str(f.get("rule")) for f in findings if f.get("verdict") == "FAIL"]
    remarks: list[str] = []
    if broken:
        remarks.append(f"broken: {', '.join(broken)}")
    if doubtful and verdict == "WARN":
        remarks.append(f"{_count(len(doubtful), 'rule')} not read in the standard itself")
    if untested := sum(1 for f in findings if "not testable" in str(f.get("reason"))):
        remarks.append(f"{_count(untested, 'rule')} not wholly testable with its certificate")
    return f" ({'; '.join(remarks)})" if remarks else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _shown(policy: str) -> str:
    """PS3.15's profiles are known by their section, which says little without the part."""
    return f"PS3.15 {policy}" if policy.startswith("B.") else policy


def _row(policy: Policy, surface: Surface, play: str, *, claimed: bool) -> dict[str, JSON]:
    findings = judge(policy, surface)
    verdict = worst(findings) if surface.spoken else Verdict.INCONCLUSIVE
    return {
        "id": policy.id,
        "title": policy.title,
        "status": policy.status,
        "role": surface.side.value,
        "claimed": claimed,
        "verdict": verdict.name,
        "note": policy.note,
        "play": play,
        "findings": [finding.row() for finding in findings],
    }


def _latest(
    plays: Mapping[str, Sequence[Observation]], chosen: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Surface, Mapping[str, JSON]]]:
    """Play, surface and facts of the last surface that was seen of each side."""
    found: dict[str, tuple[str, Surface, Mapping[str, JSON]]] = {}
    for name in (name for names in chosen.values() for name in names):
        seen = plays.get(name, ())
        begin = next((one.data.get("facts") for one in seen if one.kind == "begin"), None)
        facts = begin if isinstance(begin, Mapping) else {}
        for one in seen:
            surface = read(one) if one.kind == KIND else None
            if surface is not None:
                found[surface.side.value] = (name, surface, facts)
    yield from (found[side] for side in sorted(found))


def _names(value: JSON) -> frozenset[str]:
    return frozenset(str(one) for one in value) if isinstance(value, list | tuple) else frozenset()
