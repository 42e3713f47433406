"""Oracle on a load of C-MOVE: what a device says that it sent, and what arrived."""

from __future__ import annotations

from harness.measurement import Moved
from harness.model import Finding, Oracle, Record
from harness.oracles import load_seen
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind


def delivers_what_it_says() -> Oracle:
    """Every sub-operation that is called completed has brought its object, with its content.

    Whether requests failed is not asked here; objects that nobody asked for are told, since
    another caller may have sent them to us.
    """

    def judge(record: Record) -> Finding:
        seen = load_seen.load(record)
        if seen is None:
            return unseen("no load was measured")
        if seen.moved is None:
            return unseen("nobody of ours listened at the destination")
        return _on(seen.moved)

    return NamedOracle("delivers_what_it_says", judge)


def _on(moved: Moved) -> Finding:
    shown = ", ".join(moved.examples[:3])
    such = f", for example {shown}" if shown else ""
    words = f"{moved.announced} objects were announced as sent, {moved.arrived} arrived"
    if moved.mixed_up:
        words = f"{words}, and {moved.mixed_up} under the name of another{such}"
        return failed(FailKind.LOSS, words)
    if moved.missing and moved.turned_away:
        own = f"our destination had no room for {moved.turned_away} connections"
        return unseen(f"{own}: {words}")
    if moved.missing:
        return failed(FailKind.LOSS, f"{words}: {moved.missing} are missing{such}")
    if not moved.announced:
        return unseen(f"the device announced no object as sent, {moved.arrived} arrived")
    if moved.unasked:
        words = f"{words}; {moved.unasked} came that nobody had asked for{such}"
    return passed(words)
