"""Oracles on a device that makes pictures of files, or files without compression.

They read ``picture`` observations, one for each run on the same file: ``digests`` of what it wrote,
``bytes`` and ``outcome``; and ``samples`` observations: ``found`` and ``equal``.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind, Outcome

_MIB = 1 << 20


def draws() -> Oracle:
    """An honest picture is drawn."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("picture"))
        if not seen:
            return unseen("nothing was drawn")
        for one in seen:
            if one.data.get("outcome") != Outcome.RESPONDED.value or not one.data.get("bytes"):
                words = f"an honest picture was not drawn: {one.data.get('detail')}"
                return failed(FailKind.WRONG_REASON, words)
        return passed(f"drawn: {seen[0].data.get('bytes')} octets", outcome=Outcome.RESPONDED)

    return NamedOracle("draws", judge)


def draws_the_same_twice() -> Oracle:
    """Two runs on one file give the same octets, while what memory holds differs between them."""

    def judge(record: Record) -> Finding:
        seen = _of_lies(record)
        if len(seen) < 2:
            return unseen("it was not drawn twice")
        drawn = [one.data.get("digests") for one in seen]
        if not any(drawn):
            return passed(f"nothing was drawn: {seen[0].data.get('detail')}")
        if any(one != drawn[0] for one in drawn):
            words = "one file gave two pictures: they show memory that no file has filled"
            return failed(FailKind.LEAK, words)
        return passed("the same octets both times")

    return NamedOracle("draws_the_same_twice", judge)


def draws_within(octets: int) -> Oracle:
    """What is drawn of a small file is bounded.

    Args:
        octets: The bound.
    """

    def judge(record: Record) -> Finding:
        sizes = [one.data.get("bytes") for one in _of_lies(record)]
        most = max((size for size in sizes if isinstance(size, int)), default=None)
        if most is None:
            return unseen("what it wrote was not measured")
        words = f"wrote {most / _MIB:.1f} MiB (bound {octets / _MIB:g} MiB)"
        return failed(FailKind.RESOURCE, words) if most > octets else passed(words)

    return NamedOracle(f"draws_within({octets / _MIB:g} MiB)", judge)


def gives_back_the_samples() -> Oracle:
    """What comes out of compression is what went in; refusing a legal stream is a WARN."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("samples"))
        lies = [one for one in seen if one.data.get("lie")] or seen
        if not lies:
            return unseen("nobody looked at the samples")
        last = lies[-1]
        detail = str(last.data.get("detail"))
        if last.data.get("equal"):
            return passed("sample by sample as it was", outcome=Outcome.RESPONDED)
        if last.data.get("outcome") == Outcome.REJECTED.value:
            return warned(f"refused, although the standard permits it: {detail}")
        if not last.data.get("found"):
            return failed(FailKind.WRONG_REASON, f"wrote no picture: {detail}")
        return failed(FailKind.ACCEPTED, f"other samples than those that went in: {detail}")

    return NamedOracle("gives_back_the_samples", judge)


def _of_lies(record: Record) -> Sequence[Observation]:
    seen = list(record.of("picture"))
    return [one for one in seen if one.data.get("lie")] or seen
