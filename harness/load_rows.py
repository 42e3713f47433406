"""What was measured under load, for run.json: put together from the observations of each play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from harness.measurement import Footing, Ledger, Measurement
from harness.model import JSON, Observation

Plays = Mapping[str, Sequence[Observation]]


def measurement_rows(plays: Plays, chosen: Mapping[str, Sequence[str]]) -> list[JSON]:
    """One entry per load that was measured in a play that was judged.

    Args:
        plays: Observations by play name.
        chosen: Scenario id -> names of the plays that it was judged on.

    Returns:
        The :class:`Measurement` of each, with ``play``, and ``scenario`` (the first id that was
        judged on it). Ledger, footings and recovery belong to the last load of their play.
    """
    judged: dict[str, str] = {}
    for scenario in sorted(chosen):
        for play in chosen[scenario]:
            judged.setdefault(play, scenario)
    rows: list[JSON] = []
    for play, scenario in sorted(judged.items(), key=lambda item: (item[1], item[0])):
        measured = measured_in(plays.get(play, ()))
        rows += [{"scenario": scenario, "play": play, **_dumped(one)} for one in measured]
    return rows


def measured_in(seen: Sequence[Observation]) -> list[Measurement]:
    """The loads of one play, the last one with what was found afterwards."""
    loads = [one for one in (_load(each) for each in seen if each.kind == "load") if one]
    if not loads:
        return []
    told: dict[str, object] = {"device": tuple(_footings(seen))}
    ledgers = [one for one in (_ledger(each) for each in seen if each.kind == "ledger") if one]
    if ledgers:
        told["ledger"] = ledgers[-1]
    after = [each.data.get("after_s") for each in seen if _recovered(each)]
    if after and isinstance(after[-1], int | float):
        told["recovery_s"] = float(after[-1])
    return [*loads[:-1], loads[-1].model_copy(update=told)]


def _recovered(seen: Observation) -> bool:
    return seen.kind == "recovery" and seen.data.get("ok") is True


def _footings(seen: Sequence[Observation]) -> list[Footing]:
    read: list[Footing] = []
    for each in seen:
        if each.kind == "footing":
            try:
                read.append(Footing.model_validate(_known(each, Footing.model_fields)))
            except ValidationError:
                continue
    return read


def _load(seen: Observation) -> Measurement | None:
    try:
        return Measurement.model_validate(_known(seen, Measurement.model_fields))
    except ValidationError:
        return None


def _ledger(seen: Observation) -> Ledger | None:
    try:
        return Ledger.model_validate(_known(seen, Ledger.model_fields))
    except ValidationError:
        return None


def _known(seen: Observation, fields: Mapping[str, object]) -> dict[str, JSON]:
    return {key: value for key, value in seen.data.items() if key in fields}


def _dumped(measured: Measurement) -> dict[str, JSON]:
    dumped: dict[str, JSON] = measured.model_dump(mode="json")
    return dumped
