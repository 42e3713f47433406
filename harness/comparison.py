"""What changed between two runs: verdicts, level, claims, and what makes them hard to compare.

A scenario that does not apply says nothing, so a verdict that comes from there is new and one that
goes there is gone, unless it was good: what was proved and is proved no more is a regression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict

Changes = dict[str, list[str]]
Document = Mapping[str, JSON]

KINDS: Final = (
    "regressions", "fixed", "undecided", "new", "gone", "changed_reason", "level", "claims",
    "same_key", "notes",
)  # fmt: skip
"""Keys of :data:`Changes`; a line stands under one of them."""

_GOOD = (Verdict.PASS, Verdict.WARN)
_KNOWN: Final[Mapping[Verdict, int]] = {
    Verdict.PASS: 0,
    Verdict.WARN: 1,
    Verdict.REVIEW: 2,
    Verdict.INCONCLUSIVE: 2,
    Verdict.ERROR: 2,
    Verdict.FAIL: 3,
}
"""How bad what is known is: of a device that nobody could judge nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two runs and what changed between them, for whoever writes it down."""

    before: Document
    after: Document
    changes: Changes


def compare(before: Run, after: Run) -> Changes:
    """Differences by kind; a worse verdict is a regression, a better one is fixed.

    A verdict that became INCONCLUSIVE is a regression too: what was proved is proved no more. A
    failure that became INCONCLUSIVE is not fixed; it is undecided.
    Where the runs are of two devices, a key that both have shown is named: it cannot be either's
    own.
    """
    changes = compare_documents(before.document, after.document)
    if before.document["device"] != after.document["device"]:
        for digest in sorted(_shown_keys(before) & _shown_keys(after)):
            changes["same_key"].append(f"both devices show the public key with SHA-256 {digest}")
    return changes


def compare_documents(before: Document, after: Document) -> Changes:
    """As :func:`compare`, from run.json alone: without the keys that only a record shows."""
    changes: Changes = {kind: [] for kind in KINDS}
    for kind, line in (
        *_verdicts(before, after), *_levels(before, after), *_claims(before, after),
        *_notes(before, after),
    ):  # fmt: skip
        changes[kind].append(line)
    return changes


def flips(before: Document, after: Document) -> Iterator[tuple[str, Verdict, Verdict, str]]:
    """Scenarios of both runs whose verdict changed: id, before, after, and the kind of change."""
    old, new = _rows(before), _rows(after)
    for name in sorted(old.keys() & new.keys()):
        was, now = (Verdict[str(row["verdict"])] for row in (old[name], new[name]))
        if was is not now:
            yield name, was, now, _kind(was, now)


def _kind(was: Verdict, now: Verdict) -> str:
    if now is Verdict.NOT_APPLICABLE:
        return "regressions" if was in _GOOD else "gone"
    if was is Verdict.NOT_APPLICABLE:
        return "new"
    if _KNOWN[now] > _KNOWN[was]:
        return "regressions"
    return "fixed" if now in _GOOD else "undecided"


def _verdicts(before: Document, after: Document) -> Iterator[tuple[str, str]]:
    old, new = _rows(before), _rows(after)
    unfinished = after.get("not_finished")
    lost = {str(one) for one in unfinished} if isinstance(unfinished, list) else set()
    for name in sorted(old.keys() - new.keys()):
        # A run that was cut short has lost what it did not reach; one of other scenarios has not.
        kind = "regressions" if name in lost else "gone"
        yield kind, f"{name} {old[name]['verdict']}" + (" -> no result" if name in lost else "")
    for name in sorted(new.keys() - old.keys()):
        yield "new", f"{name} {new[name]['verdict']}"
    for name, was, now, kind in flips(before, after):
        yield kind, f"{name} {was.name} -> {now.name}"
    for name in sorted(old.keys() & new.keys()):
        earlier, later = old[name], new[name]
        reasons = (_reason(earlier), _reason(later))
        if earlier["verdict"] == later["verdict"] and reasons[0] != reasons[1]:
            yield "changed_reason", f"{name} {later['verdict']}: {reasons[0]} -> {reasons[1]}"


def _levels(before: Document, after: Document) -> Iterator[tuple[str, str]]:
    old, new = before.get("scheme"), after.get("scheme")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return
    if old["id"] != new["id"]:
        yield "notes", f"judged by two schemes: {old['id']} and {new['id']}"
        return
    if old["level"] == new["level"]:
        return
    kind = "level" if _height(new) > _height(old) else "regressions"
    yield kind, f"level of {new['id']}: {old['level'] or 'none'} -> {new['level'] or 'none'}"


def _height(scheme: Document) -> int:
    """How many levels were reached."""
    levels = scheme["levels"]
    rows = levels if isinstance(levels, list) else []
    return sum(1 for row in rows if isinstance(row, Mapping) and row["reached"])


def _claims(before: Document, after: Document) -> Iterator[tuple[str, str]]:
    old, new = _rows(before, "claims"), _rows(after, "claims")
    for name in sorted(old.keys() & new.keys()):
        was, now = str(old[name].get("state")), str(new[name].get("state"))
        if was != now:
            worse = now == "contradicted" or was == "confirmed"
            yield "regressions" if worse else "claims", f"claim {name}: {was} -> {now}"


def _notes(before: Document, after: Document) -> Iterator[tuple[str, str]]:
    """What a reader has to know before believing a difference."""
    for key, said in (("tool", "catalogue"), ("device", "profile")):
        old, new = (_mapped(one, key).get(said) for one in (before, after))
        if old != new:
            yield "notes", f"another {said}: what changed may be the {said}, not the device"
    for name, one in (("before", before), ("after", after)):
        if not one.get("complete", True):
            yield "notes", f"the run {name} is incomplete"


def _rows(document: Document, key: str = "results") -> dict[str, Mapping[str, JSON]]:
    rows = document.get(key)
    found = rows if isinstance(rows, list) else []
    return {str(row["id"]): row for row in found if isinstance(row, Mapping)}


def _reason(row: Mapping[str, JSON]) -> str:
    return str(row["kind"] or row["code"] or "")


def _mapped(document: Document, key: str) -> Mapping[str, JSON]:
    value = document.get(key)
    return value if isinstance(value, Mapping) else {}


def _shown_keys(run: Run) -> set[str]:
    """Digests of the public keys that the device of a run has shown for its own."""
    seen = (one for play in run.plays.values() for one in play if one.kind == "identity")
    return {str(one.data["spki"]) for one in seen if "spki" in one.data}
