"""How a specimen is laid before a device that reads files, within one play."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from harness.specimens import Files, Shelf
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.corpus import media, pictures, structure
from simulators.corpus.documents import HONEST_DOCUMENTS
from simulators.corpus.files import NAME
from simulators.reading import Reading

_HONEST: Final[Mapping[str, Callable[[str], Files]]] = {
    "deflated": structure.deflated,
    "document": HONEST_DOCUMENTS.makers["pdf"],
    "items": structure.with_items,
    "jpeg": pictures.jpeg,
    "rle": pictures.rle,
}


def lays(stage: Stage, shelf: Shelf, *, like: str = "") -> None:
    """Has the device read the file of this case.

    Args:
        stage: The play; its case names the ``file``.
        shelf: Where the file stands.
        like: The kind of honest file that it deviates from, which must be read before it; nothing
            for the kind of which the twin consists.

    Raises:
        PreconditionUnmetError: The device reads no honest file of that kind, so that refusing a
            hostile one says nothing.
    """
    case = str(stage.case["file"])
    with Reading(stage) as desk:
        if like:
            seen = desk.read(_HONEST[like](stage.token)[NAME], f"an honest file ({like})")
            read = seen.data.get("outcome") == Outcome.RESPONDED.value
            stage.require(read, f"it reads no honest file of this kind: {seen.data.get('detail')}")
        desk.read(shelf.only(case, stage.token), f"{shelf.name}: {case}", lie=shelf.name)


def lays_media(stage: Stage, shelf: Shelf) -> None:
    """Has the device read the file-set of this case."""
    case = str(stage.case["file"])
    with Reading(stage) as desk:
        files = shelf.files(case, stage.token)
        desk.read_media(files, f"{shelf.name}: {case}", lie=shelf.name)


def lays_media_astray(stage: Stage) -> None:
    """Has the device read a file-set whose directory leads to the bait beside it."""
    case = str(stage.case["file"])
    with Reading(stage) as desk:
        files = media.astray(case, stage.token, str(desk.bait))
        desk.read_media(files, f"{media.ASTRAY.name}: {case}", lie=media.ASTRAY.name)


def lays_honestly(stage: Stage) -> None:
    """Has the device read the honest file."""
    with Reading(stage) as desk:
        desk.read(structure.HONEST.only("plain", stage.token), "an honest file")


def lays_honest_media(stage: Stage) -> None:
    """Has the device read the honest file-set."""
    with Reading(stage) as desk:
        desk.read_media(media.honest(stage.token), "an honest file-set")
