"""Every shelf of the corpus."""

from __future__ import annotations

from typing import Final

from harness.specimens import Shelf
from simulators.corpus import (
    archives,
    documents,
    drawings,
    exports,
    media,
    meta,
    pictures,
    structure,
    words,
)

_PLACES: Final = (
    structure, meta, pictures, drawings, words, documents, media, archives, exports,
)  # fmt: skip

SHELVES: Final = tuple(
    each for place in _PLACES for each in vars(place).values() if isinstance(each, Shelf)
)
"""In the order of the modules."""
