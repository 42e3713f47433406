"""The table of TLS profiles: which the device meets, claimed or not, and where it differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports.rows import mappings, text

_READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rule that the device does not keep; ``word`` says whose word it is unless it was read."""

    rule: str
    level: str
    verdict: Verdict
    reason: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One profile in one role; ``words`` name those on whom a warning rests."""

    id: str
    title: str
    role: str
    status: str
    claimed: bool
    verdict: Verdict
    kept: int
    differences: tuple[Difference, ...]
    words: tuple[str, ...]


def policies_of(run: Run) -> tuple[Policy, ...]:
    """The profiles of ``tls_policies`` in run.json: what is claimed first, then as they stand."""
    found = [_policy(entry) for entry in mappings(run.document, "tls_policies")]
    return tuple(sorted(found, key=lambda policy: not policy.claimed))


def verdict_of(data: Mapping[str, JSON]) -> Verdict:
    """The verdict of an entry; INCONCLUSIVE for a word that is none."""
    name = text(data, "verdict")
    return Verdict[name] if name in Verdict.__members__ else Verdict.INCONCLUSIVE


def _policy(entry: Mapping[str, JSON]) -> Policy:
    findings = list(mappings(entry, "findings"))
    differing = [item for item in findings if verdict_of(item) > Verdict.PASS]
    differences = tuple(
        sorted(map(_difference, differing), key=lambda item: (-item.verdict, item.rule))
    )
    warned = [item.word for item in differences if item.verdict is Verdict.WARN and item.word]
    return Policy(
        id=text(entry, "id"),
        title=text(entry, "title"),
        role=text(entry, "role"),
        status=text(entry, "status"),
        claimed=entry.get("claimed") is True,
        verdict=verdict_of(entry),
        kept=sum(1 for item in findings if verdict_of(item) is Verdict.PASS),
        differences=differences,
        words=tuple(dict.fromkeys(warned)),
    )


def _difference(finding: Mapping[str, JSON]) -> Difference:
    confidence, source = text(finding, "confidence"), text(finding, "source")
    unread = confidence and confidence != _READ
    return Difference(
        rule=text(finding, "rule"),
        level=text(finding, "level"),
        verdict=verdict_of(finding),
        reason=text(finding, "reason"),
        word=f"{source} ({confidence})".strip() if unread else "",
    )
