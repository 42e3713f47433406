"""Runs with an authorisation matrix: one as a device would have it, one that attacks the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from harness.model import JSON
from harness.run import Run
from tests.reports import builder, hostile
from tests.reports.rows import result

Tried = dict[str, JSON]


def tried(
    identity: str, operation: str, object_: str, declared: str, outcome: str, **more: JSON
) -> Tried:
    """One try of a cell."""
    return {
        "identity": identity, "operation": operation, "object": object_, "declared": declared,
        "result": outcome, "detail": "status 0000H", "granted": True, "how": "", "path": "", **more,
    }  # fmt: skip


ALLOWED = (
    tried("modality", "echo", "any", "allowed", "served"),
    tried("modality", "store", "public", "allowed", "served"),
    tried("station", "find", "public", "allowed", "served", objects=1),
    tried("station", "move", "public", "allowed", "served", objects=0),
)
FORBIDDEN = (
    tried("modality", "find", "public", "forbidden", "refused"),
    tried("modality", "find", "secret", "forbidden", "served", objects=1),
    tried("station", "find", "secret", "forbidden", "hidden"),
    tried("station", "get", "secret", "forbidden", "silent"),
    tried("station", "delete", "secret", "forbidden", "silent", granted=False),
    tried("station", "commit", "secret", "forbidden", "untried"),
)
DETOURS = (
    tried("station", "find", "secret", "forbidden", "served", how="at IMAGE level"),
    tried("modality", "find", "secret", "forbidden", "refused", how="at IMAGE level"),
    tried("station", "find", "public", "forbidden", "served", how="to ELSEWHERE"),
    tried("nobody", "find", "public", "forbidden", "served", how="with no identity"),
)


def granted(folder: Path) -> Run:
    """A believable device: one role that forgets the query, and one that forgets its levels."""
    return _with(folder, {"AUT-930": ALLOWED, "AUT-020": FORBIDDEN, "AUT-008": DETOURS})


def hostile_granted(folder: Path) -> Run:
    """The same with every string an attack on the reader."""
    text = hostile.EVERYTHING
    attack = tried(text, "find", text, "forbidden", "served", detail=text, path=text)
    odd = tried(text, text, text, text, text, detail=[text, {text: text}], granted=text)
    return _with(folder, {"AUT-020": (attack, odd, {text: text})})


def _with(folder: Path, plays: dict[str, Iterable[Tried]]) -> Run:
    made = builder.build(folder, [result(name, "FAIL") for name in plays])
    seen = {
        name: [*made.plays[name], *(builder.observation("cell", one) for one in cells)]
        for name, cells in plays.items()
    }
    return replace(made, plays={**made.plays, **seen})
