"""Recorded TLS surfaces of the reference device and of real ones, for what judges them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from harness.model import JSON, Observation
from harness.tls_surface import KIND, Surface, read

NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.json")))


def data(name: str) -> dict[str, JSON]:
    """The observation's data, anew each time."""
    text = Path(__file__).with_name(f"{name}.json").read_text("utf-8")
    return cast("dict[str, JSON]", json.loads(text))


def surface_of(seen: dict[str, JSON]) -> Surface:
    """The surface that an observation with this data tells."""
    found = read(Observation(at_s=0.0, actor="attacker", kind=KIND, data=seen))
    assert found is not None
    return found
