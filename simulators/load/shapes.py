"""How load varies with time: a :class:`Shape` as straight pieces, and as a count of associations.

With a rate (open loop) the rate is what varies, and the associations stay. Without one (closed
loop) there is no rate to vary: the associations do, and the plan's number of them is the most.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from simulators.load.plan import LONGEST_S, Plan, Shape


@dataclass(frozen=True)
class Piece:
    """A stretch of time over which the load changes evenly.

    Attributes:
        from_s, to_s: Seconds since the load began.
        begins, ends: Factor of the plan's load at either end.
    """

    from_s: float
    to_s: float
    begins: float
    ends: float

    @property
    def load(self) -> float:
        """Area under the piece: requests that are due in it per request per second."""
        return (self.to_s - self.from_s) * (self.begins + self.ends) / 2

    def at(self, t: float) -> float:
        """The factor at the time `t`, which lies in the piece."""
        return self.begins + (self.ends - self.begins) * (t - self.from_s) / (
            self.to_s - self.from_s
        )


def span_s(plan: Plan) -> float:
    """Seconds that the load lasts if all goes well; infinite for a count in a closed loop."""
    bounds = [plan.bounds.seconds] if plan.duration_s is None else [plan.duration_s]
    if plan.shape.kind == "knee":
        bounds.append(len(list(_knee(plan))) * plan.shape.for_s)
    if plan.count is None or plan.rate is None:
        return min(bounds) if plan.count is None else plan.duration_s or math.inf
    mean = (plan.shape.start + 1) / 2 if plan.shape.kind == "ramp" else 1.0
    return min(*bounds, plan.count / (plan.rate * mean))


def pieces(plan: Plan) -> Iterator[Piece]:
    """The whole load in pieces, in order, without gaps, until the longest time there is."""
    shape = plan.shape
    match shape.kind:
        case "ramp":
            full = _full_after(plan)
            yield Piece(0.0, full, shape.start, 1.0)
            yield Piece(full, full + LONGEST_S, 1.0, 1.0)
        case "spike":
            yield from _spikes(shape)
        case "knee":
            for step, factor in enumerate(_knee(plan)):
                yield Piece(step * shape.for_s, (step + 1) * shape.for_s, factor, factor)
        case _:
            yield Piece(0.0, LONGEST_S, 1.0, 1.0)


def factor_at(plan: Plan, t: float) -> float:
    """Factor of the plan's load at `t` seconds since it began; 0 after a search for the knee."""
    for piece in pieces(plan):
        if t < piece.to_s:
            return piece.at(t)
    return 0.0


def associations_at(plan: Plan, t: float) -> int:
    """How many associations are held at `t` seconds: 1 to ``plan.associations``."""
    most = plan.associations
    if plan.rate is not None or plan.shape.kind not in ("ramp", "spike", "knee"):
        return most
    factor = factor_at(plan, t) if t < LONGEST_S else 1.0
    if plan.shape.kind == "ramp":
        return max(1, min(most, math.ceil(most * factor)))
    if plan.shape.kind == "spike":
        return most if factor > 1.0 else max(1, math.floor(most / plan.shape.peak))
    return max(1, min(most, math.ceil(factor or most)))


def highest(plan: Plan) -> float:
    """The largest factor that the plan's rate is multiplied by."""
    if plan.shape.kind == "spike":
        return plan.shape.peak
    return max(_knee(plan), default=1.0) if plan.shape.kind == "knee" else 1.0


def step_at(shape: Shape, t: float) -> int:
    """Which step of the search for the knee is under way, from 0."""
    return int(t / shape.for_s)


def _knee(plan: Plan) -> Iterator[float]:
    """Factors of the steps, until a bound: of rate in an open loop, else of associations."""
    most = plan.associations if plan.rate is None else plan.bounds.rate / plan.rate
    longest = plan.duration_s or plan.bounds.seconds
    for step in count():
        factor = plan.shape.growth**step
        if step and (factor > most or (step + 1) * plan.shape.for_s > longest):
            return
        yield factor


def _full_after(plan: Plan) -> float:
    """Seconds after which a ramp is at its full load."""
    if plan.duration_s is None and plan.count is not None and plan.rate is None:
        return plan.shape.for_s
    return span_s(plan)


def _spikes(shape: Shape) -> Iterator[Piece]:
    """Calm, spike, calm, spike ...; a spike ends each period."""
    spike = min(shape.for_s, shape.every_s)
    for period in range(math.ceil(LONGEST_S / shape.every_s)):
        begin, end = period * shape.every_s, (period + 1) * shape.every_s
        if end - spike > begin:
            yield Piece(begin, end - spike, 1.0, 1.0)
        yield Piece(end - spike, end, shape.peak, shape.peak)
