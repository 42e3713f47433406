"""The judgement of what only a person can see."""

from __future__ import annotations

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle
from harness.reviewing import attestation


def attested() -> Oracle:
    """A person looked, and gave an answer that holds; without one the verdict is REVIEW.

    The last answer counts. One that was altered after it was signed counts for nothing.
    """

    def judge(record: Record) -> Finding:
        asked = record.last(attestation.QUESTION)
        ask = str(asked.data.get("ask")) if asked else "nothing was asked"
        given = [seen.data for seen in record.of(attestation.ATTESTATION)]
        return attestation.finding([one for one in given if attestation.holds(one)], ask)

    return NamedOracle("attested", judge)
