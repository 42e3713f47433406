"""A finding as a file that can be played again: octets, names of the fields, where it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import RecordError
from harness.model import JSON
from simulators.fuzz.mutations import Mutant, named_fields
from simulators.fuzz.script import Script, Segment

SCHEMA = "dicom-assay/mutant/1"

_MOST_BYTES = 16 << 20
_MOST_CONNECTIONS = 64

Fields = Sequence[tuple[str, int, int]]
"""Name, place and size of the fields of a segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproducer:
    """The smallest mutant that was found to have an effect.

    Attributes:
        scenario: Id of the scenario that found it and plays it again.
        exchange: The honest exchange that it deviates from.
        mutations: What was done to it, in words.
        kind: Of the failure, or "worker".
        reason: What was observed.
        scripts: What leaves on each connection, one after the other.
        fields: For each segment of all scripts: name, place and size of its fields.
        origin: Seed, number and size of the mutant that was made smaller.
    """

    scenario: str
    exchange: str
    mutations: tuple[str, ...]
    kind: str
    reason: str
    scripts: tuple[Script, ...]
    fields: tuple[Fields, ...] = ()
    origin: Mapping[str, JSON] = field(default_factory=dict)

    def document(self) -> dict[str, JSON]:
        """As JSON."""
        return {
            "schema": SCHEMA,
            "scenario": self.scenario,
            "exchange": self.exchange,
            "mutations": list(self.mutations),
            "kind": self.kind,
            "reason": self.reason,
            "connections": [
                {"end": script.end, "segments": [_row(*each) for each in self._named(script)]}
                for script in self.scripts
            ],
            "origin": dict(self.origin),
        }

    def _named(self, script: Script) -> list[tuple[Segment, Fields]]:
        """The segments of one of the scripts with their fields."""
        first = 0
        for each in self.scripts:
            if each is script:
                break
            first += len(each.segments)
        named = self.fields[first : first + len(script.segments)]
        return list(zip(script.segments, named, strict=True))

    def write(self, path: Path) -> None:
        """Writes it.

        Raises:
            RecordError: The file cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(self.document(), indent=1) + "\n", "utf-8")
        except OSError as error:
            raise RecordError(f"{path}: cannot write: {error.strerror}") from error


def _row(segment: Segment, named: Fields) -> dict[str, JSON]:
    return {
        "hex": segment.data.hex(),
        "pause_s": segment.pause_s,
        "answered": segment.answered,
        "fields": [f"{at}+{size} {name}" for name, at, size in named],
    }


def fields_of(made: Mutant, script: Script) -> tuple[Fields, ...]:
    """The named fields of each segment; a PDU in several segments is named in its first."""
    named: list[Fields] = []
    for turn in made.turns:
        parts = 1 + sum(1 for _ in turn.cuts)
        named += [named_fields(turn), *([()] * (parts - 1))]
    found = named[: len(script.segments)]
    return (*found, *([()] * (len(script.segments) - len(found))))


def read(path: Path) -> Reproducer:
    """Reads a file that was written by `Reproducer.write`.

    Raises:
        RecordError: It is none; the message names what is wrong.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RecordError(f"{path}: larger than any reproducer of ours")
        text = path.read_text("utf-8")
        return _parsed(json.loads(text))
    except OSError as error:
        raise RecordError(f"{path}: cannot read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"{path}: is no reproducer: {type(error).__name__}: {error}") from error


def _parsed(document: JSON) -> Reproducer:
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise ValueError(f"schema is not {SCHEMA}")
    connections = document["connections"]
    if not isinstance(connections, list) or not 0 < len(connections) <= _MOST_CONNECTIONS:
        raise ValueError("connections must be a list of a few")
    mutations = document["mutations"]
    origin = document.get("origin", {})
    return Reproducer(
        scenario=str(document["scenario"]),
        exchange=str(document["exchange"]),
        mutations=tuple(map(str, mutations)) if isinstance(mutations, list) else (),
        kind=str(document["kind"]),
        reason=str(document["reason"]),
        scripts=tuple(_script(number, each) for number, each in enumerate(connections)),
        fields=tuple(_fields(each) for one in connections for each in _segments(one)),
        origin=origin if isinstance(origin, Mapping) else {},
    )


def _script(number: int, stored: JSON) -> Script:
    end = stored["end"] if isinstance(stored, Mapping) else None
    return Script(number, tuple(_segment(each) for each in _segments(stored)), str(end))


def _segments(stored: JSON) -> Sequence[JSON]:
    segments = stored["segments"] if isinstance(stored, Mapping) else None
    if not isinstance(segments, list) or not segments:
        raise ValueError("segments must be a list")
    return segments


def _segment(stored: JSON) -> Segment:
    if not isinstance(stored, Mapping):
        raise TypeError("a segment must be an object")
    pause_s = stored["pause_s"]
    if not isinstance(pause_s, int | float) or not 0 <= pause_s <= 60:
        raise ValueError("pause_s must be between 0 and 60")
    return Segment(bytes.fromhex(str(stored["hex"])), float(pause_s), bool(stored["answered"]))


def _fields(stored: JSON) -> Fields:
    rows = stored.get("fields") if isinstance(stored, Mapping) else None
    named: list[tuple[str, int, int]] = []
    for row in rows if isinstance(rows, list) else []:
        place, _, name = str(row).partition(" ")
        at, _, size = place.partition("+")
        named.append((name, int(at), int(size)))
    return named
