"""What the scenarios of this folder share: whole shelves, a case for each file on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from harness.model import JSON
from harness.specimens import Shelf
from harness.stage import Stage
from simulators.corpus import structure
from simulators.datasets.items import DELIMITERS, UNTRUE_LENGTHS
from simulators.datasets.lengths import BEYOND_THE_END, UNFIT
from simulators.datasets.placement import DISORDER, FOREIGN_GROUPS
from simulators.datasets.representations import UNKNOWN_VRS, WRONG_VRS
from simulators.datasets.specimen import Builder
from simulators.web.depositing import leaves_built, leaves_from
from simulators.web.response import Response
from simulators.web.ways_in import BY_IMPORT

_BUILT: Final[Mapping[str, Mapping[str, Builder]]] = {
    structure.DISORDERED.name: DISORDER,
    structure.FOREIGN.name: FOREIGN_GROUPS,
    structure.HUGE.name: BEYOND_THE_END,
    structure.ITEMS.name: UNTRUE_LENGTHS,
    structure.ODD.name: UNFIT,
    structure.OPEN.name: DELIMITERS,
    structure.UNKNOWN.name: UNKNOWN_VRS,
    structure.WRONG.name: WRONG_VRS,
}
"""Shelves whose builders say what has to be kept of the file, which octets alone do not."""


def every_file_of(*shelves: Shelf) -> list[Mapping[str, JSON]]:
    """A case for each file; shelves are named because files of two may have one name."""
    return [{"shelf": shelf.name, "file": name} for shelf in shelves for name in shelf.makers]


def imports(stage: Stage, shelf: Shelf, like: str = "") -> Response | None:
    """Imports the file of this case, and looks what became of it.

    Args:
        stage: The play.
        shelf: Where the file stands.
        like: The kind of honest file that it deviates from, which must be imported before it.

    Returns:
        What the device gives back, if it acknowledged the file.

    Raises:
        PreconditionUnmetError: The device imports no honest file of that kind.
    """
    builders = _BUILT.get(shelf.name)
    if builders is not None:
        return leaves_built(stage, builders, way=BY_IMPORT)
    return leaves_from(stage, shelf, like=like, way=BY_IMPORT)
