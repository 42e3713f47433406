"""One play, retold for the report: what was sent, what came back, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON, Observation
from reports.page.dump import Line, Part, dump
from reports.page.stored import measurement_of
from reports.page.time_pictures import summary_of
from reports.rows import listed, number, text, texts

_DUMPED_SENT = 3
_DUMPED_RECEIVED = 3
_LISTED = 24
_PARTS = 48
_OUTCOME_DETAILS = ("status", "source", "reason", "result", "alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Bytes that crossed one connection in one direction.

    Attributes:
        at_s: Seconds since the play began.
        size: Bytes in all; the dump may show fewer.
        stimulus: True for the deviation that the scenario is about.
        lies: Names of the length and count fields that do not tell the truth.
    """

    at_s: float
    what: str
    connection: int
    size: int
    sha256: str
    stimulus: bool
    lies: tuple[str, ...]
    parts: tuple[Part, ...]
    more_parts: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one exchange ended, as our side saw it."""

    at_s: float
    actor: str
    outcome: str
    detail: str
    after_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One play: transfers both ways, endings and loads, each in order of witnessing."""

    sent: tuple[Transfer, ...]
    more_sent: int
    received: tuple[Transfer, ...]
    more_received: int
    endings: tuple[Ending, ...]
    loads: tuple[str, ...] = ()


def exchange_of(seen: Sequence[Observation]) -> Exchange:
    """Retells a play: the attacker's side only, for bystander and sentinel are proof, not story."""
    ours = [item for item in seen if item.actor not in ("bystander", "sentinel")]
    emitted = [item for item in ours if item.kind == "emitted"]
    received = [item for item in ours if item.kind == "received"]
    dumped = _dumped(emitted)
    return Exchange(
        sent=tuple(_transfer(item, at in dumped) for at, item in enumerate(emitted[:_LISTED])),
        more_sent=max(0, len(emitted) - _LISTED),
        received=tuple(
            _transfer(item, at < _DUMPED_RECEIVED) for at, item in enumerate(received[:_LISTED])
        ),
        more_received=max(0, len(received) - _LISTED),
        endings=tuple(_ending(item) for item in ours if item.kind == "outcome"),
        loads=tuple(summary_of(measurement_of(item.data)) for item in ours if item.kind == "load"),
    )


def _dumped(emitted: Sequence[Observation]) -> set[int]:
    """Places of the emissions worth a dump: the first stimuli, else the last emission listed."""
    stimuli = [at for at, item in enumerate(emitted) if item.data.get("stimulus")]
    return set(stimuli[:_DUMPED_SENT] or [min(len(emitted), _LISTED) - 1])


def _transfer(item: Observation, dumped: bool) -> Transfer:
    head = _bytes(text(item.data, "head"))
    size = int(number(item.data, "bytes"))
    lies = texts(item.data, "lies")
    parts = _parts(listed(item.data, "parts"), frozenset(lies), head)
    kept = parts[:_PARTS] + tuple(part for part in parts[_PARTS:] if part.lie)[:_PARTS]
    return Transfer(
        at_s=item.at_s,
        what=text(item.data, "what") or "bytes",
        connection=int(number(item.data, "connection")),
        size=size,
        sha256=text(item.data, "sha256"),
        stimulus=bool(item.data.get("stimulus")),
        lies=lies,
        parts=kept if dumped else (),
        more_parts=len(parts) - len(kept),
        lines=dump(head, max(size, len(head)), parts) if dumped else (),
    )


def _parts(rows: Sequence[JSON], lies: frozenset[str], head: bytes) -> tuple[Part, ...]:
    found: list[Part] = []
    for row in rows:
        match row:
            case [str(name), int(offset), int(length)] if offset >= 0 and length >= 0:
                value = _value(head[offset : offset + length], length)
                found.append(
                    Part(name=name, offset=offset, length=length, lie=name in lies, value=value)
                )
            case _:
                continue
    return tuple(found)


def _value(data: bytes, length: int) -> str:
    shown = data[:8].hex(" ")
    return f"{shown} …" if length > 8 else shown


def _bytes(head: str) -> bytes:
    try:
        return bytes.fromhex(head)
    except ValueError:
        return b""


def _ending(item: Observation) -> Ending:
    after = item.data.get("after_s")
    return Ending(
        at_s=item.at_s,
        actor=item.actor,
        outcome=text(item.data, "outcome"),
        detail=_detail(item.data),
        after_s=float(after) if isinstance(after, int | float) else None,
    )


def _detail(data: Mapping[str, JSON]) -> str:
    named = [f"{key} {text(data, key)}" for key in _OUTCOME_DETAILS if data.get(key) is not None]
    return ", ".join([*named, *([text(data, "detail")] if data.get("detail") else [])])
