"""How archives, exports and pictures are laid before a device, within one play."""

from __future__ import annotations

from harness.specimens import Shelf
from harness.stage import Stage
from simulators.corpus import archives, drawings, exports, pictures, structure
from simulators.corpus.files import NAME
from simulators.exporting import Exporting
from simulators.pictures import SAMPLES
from simulators.reading import Reading
from simulators.rendering import Rendering

_NO_SAMPLES = bytes(len(SAMPLES))


def lays_archive(stage: Stage, shelf: Shelf) -> None:
    """Has the device read the archive of this case; an honest one is no lie."""
    case = str(stage.case.get("file", "one-image"))
    lie = shelf.name if stage.case else ""
    with Reading(stage) as desk:
        octets = shelf.files(case, stage.token)[archives.NAME]
        desk.read_archive(octets, f"{shelf.name}: {case}", lie=lie)


def lays_archive_astray(stage: Stage, shelf: Shelf) -> None:
    """Has the device read an archive whose names or links lead to places of this desk."""
    case = str(stage.case["file"])
    with Reading(stage) as desk:
        absent = str(desk.absent)
        if shelf is archives.LINKS:
            files = archives.linking(case, stage.token, str(desk.bait), absent)
        else:
            files = archives.climbing(case, stage.token, absent)
        desk.read_archive(files[archives.NAME], f"{shelf.name}: {case}", lie=shelf.name)


def has_exported(stage: Stage, shelf: Shelf) -> None:
    """Has the device write a medium of the files of this case; honest ones are no lie."""
    case = str(stage.case.get("file", "two-images"))
    with Exporting(stage) as desk:
        lie = "" if stage.scenario.positive else shelf.name
        desk.export(shelf.files(case, stage.token), f"{shelf.name}: {case}", lie=lie)


def draws(stage: Stage, shelf: Shelf) -> None:
    """Has the device draw the picture of this case, twice."""
    case = str(stage.case["file"])
    with Rendering(stage) as desk:
        desk.draw_twice(shelf.only(case, stage.token), f"{shelf.name}: {case}", lie=shelf.name)


def draws_honestly(stage: Stage) -> None:
    """Has the device draw the honest picture, twice."""
    with Rendering(stage) as desk:
        desk.draw_twice(structure.HONEST.only("plain", stage.token), "an honest picture")


def decompresses_honestly(stage: Stage) -> None:
    """Has the device write the honest file without compression, of which it has none."""
    octets = structure.HONEST.only("plain", stage.token)
    with Rendering(stage) as desk:
        desk.decompress(octets, _NO_SAMPLES, "an honest picture without compression")


def decompresses(stage: Stage, shelf: Shelf) -> None:
    """Has the device decompress the unusual stream of this case.

    Raises:
        PreconditionUnmetError: It does not give back the usual one.
    """
    case = str(stage.case["file"])
    usual = pictures.rle if shelf is drawings.LEGAL_RLE else pictures.jpeg
    with Rendering(stage) as desk:
        seen = desk.decompress(usual(stage.token)[NAME], SAMPLES, "a usual stream").data
        stage.require(seen.get("equal") is True, f"no usual stream either: {seen.get('detail')}")
        octets, samples = shelf.only(case, stage.token), drawings.UNUSUAL[case][1]
        desk.decompress(octets, samples, f"{shelf.name}: {case}", lie=shelf.name)


def has_honest_files_exported(stage: Stage) -> None:
    """Has the device write a medium of honest files, which are what the scenario is about."""
    files = exports.EXPORTS.files("two-images", stage.token)
    with Exporting(stage) as desk:
        desk.export(files, "honest files for an encrypted medium", lie=exports.EXPORTS.name)
