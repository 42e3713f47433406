"""Every shelf of the corpus."""

from __future__ import annotations

from typing import Final

from harness.specimens import Shelf
from simulators.corpus import documents, media, meta, pictures, structure, words

_PLACES: Final = (structure, meta, pictures, words, documents, media)

SHELVES: Final = tuple(
    each for place in _PLACES for each in vars(place).values() if isinstance(each, Shelf)
)
"""In the order of the modules."""
