"""What load oracles read from a record; whatever cannot be read is nothing, and never an error.

Observations, whoever witnessed them: ``load`` is a :class:`Measurement` without ledger and device,
``ledger`` a :class:`Ledger`, ``footing`` a :class:`Footing` with ``when`` ("before", "during" or
"after"), ``recovery`` has ``after_s`` and ``ok``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from harness.measurement import Caller, Footing, Ledger, Measurement
from harness.model import Observation, Record

BUSY_SHARE = 0.9
"""Share of a processor from which on one of our processes is too busy to be a fair judge."""

LATE_SHARE = 0.01
"""Share of requests that may leave late through our own fault: more would be the 99th percentile's
whole story."""

_Noun = TypeVar("_Noun", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Recovery:
    """How long after the load the device was as quick as before.

    Attributes:
        ok: It was, at last.
        served: It served at all, however slowly; None when nobody says.
    """

    after_s: float
    ok: bool
    served: bool | None = None


def loads(record: Record) -> list[Measurement]:
    """Every load that was measured in the play, in order."""
    read = (_read(Measurement, seen) for seen in record.of("load"))
    return [one for one in read if one is not None and _sound_load(one)]


def load(record: Record) -> Measurement | None:
    """The last load of the play; None if there was none, or the last cannot be read."""
    seen = record.last("load")
    found = _read(Measurement, seen) if seen is not None else None
    return found if found is not None and _sound_load(found) else None


def ledger(record: Record) -> Ledger | None:
    """What became of the objects, as far as somebody looked."""
    seen = record.last("ledger")
    found = _read(Ledger, seen) if seen is not None else None
    return found if found is not None and _sound(_counts_of(found)) else None


def footings(record: Record, when: str) -> list[Footing]:
    """What the device held before, during or after the load."""
    wanted = (seen for seen in record.of("footing") if seen.data.get("when") == when)
    read = (_read(Footing, seen) for seen in wanted)
    return [one for one in read if one is not None and _sound((one.rss_bytes, one.descriptors))]


def recovery(record: Record) -> Recovery | None:
    """When the device was as quick as before."""
    seen = record.last("recovery")
    if seen is None:
        return None
    after, ok, served = (seen.data.get(key) for key in ("after_s", "ok", "served"))
    if isinstance(after, bool) or not isinstance(after, int | float) or not isinstance(ok, bool):
        return None
    if not 0 <= after < float("inf"):
        return None
    return Recovery(float(min(after, 1e9)), ok, served if isinstance(served, bool) else None)


def claim(record: Record, key: str) -> float | None:
    """A number that the profile claims in ``[load]``, or None when it claims nothing."""
    value = record.facts.get(f"load_{key}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < float("inf") else None


def limited_by_us(seen: Measurement) -> str:
    """Why our own generator, and not the device, set the limit; empty when it did not."""
    requests = seen.count + seen.errors
    if requests and seen.late > LATE_SHARE * requests:
        return f"{seen.late} of {requests} requests left late through our own fault"
    share = _own_share(seen)
    if share > BUSY_SHARE:
        return f"our own processes used {share:.0%} of a processor each"
    return ""


def polite(seen: Measurement) -> list[Caller]:
    """The callers that took no more than their share."""
    return [one for one in seen.callers if not one.greedy]


def _own_share(seen: Measurement) -> float:
    if seen.duration_s <= 0 or seen.workers <= 0:
        return 0.0
    used_s = seen.client_cpu_us_per_object * seen.count / 1e6
    return used_s / seen.duration_s / seen.workers


def _read(noun: type[_Noun], seen: Observation) -> _Noun | None:
    """The noun in the observation's data, whatever else stands beside it."""
    try:
        data = {key: value for key, value in seen.data.items() if key in noun.model_fields}
        return noun.model_validate(data)
    except (ValidationError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _sound_load(seen: Measurement) -> bool:
    counts = [seen.count, seen.errors, seen.late, seen.size_bytes, seen.duration_s]
    counts += [*seen.statuses.values(), *seen.endings.values()]
    counts += [number for one in seen.callers for number in (one.count, one.errors)]
    if seen.moved is not None:
        counts += seen.moved.model_dump(exclude={"examples"}).values()
    return _sound(counts)


def _counts_of(seen: Ledger) -> tuple[int, ...]:
    return (
        seen.acknowledged, seen.looked_for, seen.found, seen.lost, seen.duplicated, seen.mixed_up,
        seen.compared,
    )  # fmt: skip


def _sound(counts: Sequence[float]) -> bool:
    """Counts and lengths below nothing, or beyond anything, were not measured."""
    return all(0 <= count < 2**63 for count in counts)
