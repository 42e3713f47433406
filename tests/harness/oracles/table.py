"""What the tests of oracles share: a row says which records earn which verdict."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from harness.model import Finding, Oracle, Record
from harness.verdict import FailKind, InconclusiveReason, Verdict

PASS = "PASS"
LENIENT = "lenient PASS"
WARN = "WARN"
UNSEEN = "INCONCLUSIVE INSUFFICIENT_EVIDENCE"
ACCEPTED, HANG, SLOW, WRONG, LEAK, LOSS, RESOURCE, CRASH = (
    f"FAIL {kind.value}"
    for kind in (
        FailKind.ACCEPTED, FailKind.HANG, FailKind.SLOW, FailKind.WRONG_REASON, FailKind.LEAK,
        FailKind.LOSS, FailKind.RESOURCE, FailKind.CRASH,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One expectation.

    Attributes:
        oracle: Judges.
        record: What it is shown.
        verdict: PASS, "lenient PASS", WARN, "FAIL kind" or "INCONCLUSIVE CODE".
        words: Must stand in the reason.
    """

    oracle: Oracle
    record: Record
    verdict: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.oracle.name} {self.verdict} {self.words}".strip()


def check(row: Row) -> None:
    """The oracle says what the row says, says it again, and leaves the record as it was."""
    before = copy.deepcopy(row.record)
    first, again = row.oracle(row.record), row.oracle(row.record)
    assert first == again
    assert row.record == before
    assert shown(first) == row.verdict, first.reason
    assert row.words in first.reason
    assert first.oracle == row.oracle.name
    assert first.reason
    assert (first.verdict is Verdict.FAIL) == (first.kind is not None)
    assert (first.verdict is Verdict.INCONCLUSIVE) == (first.code is not None)


def shown(finding: Finding) -> str:
    """A finding in the short form of the tables."""
    if finding.verdict is Verdict.PASS:
        return PASS if finding.preferred else LENIENT
    detail = finding.kind or finding.code
    assert detail is None or isinstance(detail, FailKind | InconclusiveReason)
    return f"{finding.verdict.name} {detail.value}" if detail else finding.verdict.name
