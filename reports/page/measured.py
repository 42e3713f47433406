"""The loads of a run, read from its record: what the pictures and the table for machines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from harness.measurement import Footing, Measurement
from harness.model import JSON, Observation
from harness.run import Run
from reports.page.stored import footing_of, ledger_of, measurement_of, real_in
from reports.rows import Row, mappings, rows_of, text

_AFTER_S = 0.001
"""What comes after a load comes later than its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One load of one play.

    Attributes:
        number: Its place among the loads of the run, from 1.
        scenario: Id of the result that it belongs to.
        play: The play in which it was measured.
        measurement: What was measured; with ledger, footings and recovery where they were seen.
        waited_s: How long the device was looked at in vain after it, until it would be as quick
            as before; None where it became so, or where nobody looked.
    """

    number: int
    scenario: str
    play: str
    measurement: Measurement
    waited_s: float | None = None


def measured_of(run: Run) -> tuple[Measured, ...]:
    """Every load in the order of the catalogue; from run.json alone where no record is at hand."""
    found = [item for scenario, play in _plays(run) for item in _of_play(scenario, play, run)]
    if not found and not run.plays:
        stored = mappings(run.document, "measurements")
        found = [
            (text(data, "scenario"), text(data, "play"), measurement_of(data), None)
            for data in stored
        ]
    return tuple(
        Measured(number=at, scenario=scenario, play=play, measurement=one, waited_s=waited_s)
        for at, (scenario, play, one, waited_s) in enumerate(found, 1)
    )


def _plays(run: Run) -> Iterator[tuple[str, str]]:
    """Scenario and play: those that verdicts rest on, then those that were cut short.

    A play that several scenarios were judged on is told once, with the worst of them.
    """
    judged: dict[str, Row] = {}
    for row in rows_of(run):
        for play in run.chosen.get(row.id, ()):
            if play not in judged or row.gravity < judged[play].gravity:
                judged[play] = row
    yield from ((row.id, play) for play, row in judged.items())
    for play, seen in run.plays.items():
        begun = next((item for item in seen if item.kind == "begin"), None)
        scenario = (text(begun.data, "scenario") if begun else "") or play.split(".")[0]
        if scenario not in run.chosen and play not in judged:
            yield scenario, play


_Found = tuple[str, str, Measurement, float | None]


def _of_play(scenario: str, play: str, run: Run) -> list[_Found]:
    """Its loads; what was seen of the device goes with the last of them, as in run.json."""
    seen = run.plays.get(play, ())
    loads = [measurement_of(item.data) for item in seen if item.kind == "load"]
    if not loads:
        return []
    *rest, last = ((scenario, play, one, None) for one in loads)
    recoveries = [item.data for item in seen if item.kind == "recovery"]
    waited_s = real_in(recoveries[-1], "after_s") if recoveries else None
    ok = bool(recoveries and recoveries[-1].get("ok") is True)
    one = _completed(last[2], seen, waited_s if ok else None)
    return [*rest, (scenario, play, one, None if ok else waited_s)]


def _completed(
    one: Measurement, seen: Iterable[Observation], recovery_s: float | None
) -> Measurement:
    items = list(seen)
    ledgers = [ledger_of(item.data) for item in items if item.kind == "ledger"]
    footings = [_timed(item.data, one.duration_s) for item in items if item.kind == "footing"]
    return one.model_copy(
        update={
            "ledger": ledgers[-1] if ledgers else one.ledger,
            "device": tuple(sorted((*one.device, *footings), key=lambda footing: footing.at_s)),
            "recovery_s": one.recovery_s if recovery_s is None else recovery_s,
        }
    )


def _timed(data: Mapping[str, JSON], duration_s: float) -> Footing:
    """A footing at its time; looks before and after bear times of their own in short plays."""
    footing, when = footing_of(data), text(data, "when")
    if when == "before":
        return footing.model_copy(update={"at_s": min(footing.at_s, 0.0)})
    if when == "after" and footing.at_s <= duration_s:
        return footing.model_copy(update={"at_s": duration_s + max(footing.at_s, _AFTER_S)})
    return footing
