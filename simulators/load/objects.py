"""Synthetic objects for load: realistic shapes, marked as synthetic, no patient behind any of them.

A shape is a file below ``modalities/``; pydicom builds the data set from it, so that an object is
honest by an independent encoder. What differs from object to object (SOP Instance UID and content
mark) has a fixed length, so that it can be patched in place (:mod:`simulators.load.naming`).
"""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from simulators.load import naming
from simulators.objects import INSTITUTION, PATIENT_NAME, encoded
from simulators.wire import uids

Modality = Literal["CT", "MR", "US", "MG", "DX", "WSI", "SC"]
MODALITIES: tuple[Modality, ...] = get_args(Modality)

MARKER = "dicom-assay synthetic load"
"""In Image Comments, Manufacturer and Institution Name of every object."""

_FOLDER = Path(__file__).with_name("modalities")
_LEAST_SIDE = 8
_SHORT_HEADER = 8
_NOISE_OCTETS = 2**20
_ATTRIBUTES_OCTETS = 1200
"""About what everything but the pixels takes."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a data set the octets stand that differ between objects.

    Attributes:
        sop_instance: Value of the SOP Instance UID, without padding.
        study: Value of the Study Instance UID, likewise.
        series: Value of the Series Instance UID, likewise.
        mark: The content mark, the first octets of the pixels.
    """

    sop_instance: slice
    study: slice
    series: slice
    mark: slice


@dataclass(frozen=True, slots=True)
class Made:
    """An encoded object, named as number 0 of its lane.

    Attributes:
        sop_class: SOP Class UID.
        transfer_syntax: How `dataset` is encoded: Explicit VR Little Endian.
        dataset: The data set, without file meta information; Pixel Data is its last element.
        places: Where its names stand in it.
    """

    sop_class: str
    transfer_syntax: str
    dataset: bytes
    places: Places


class _Recipe(BaseModel):
    """One file of ``modalities/``: the size that such a device makes, and its attributes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sop_class: str
    rows: int = Field(ge=_LEAST_SIDE)
    columns: int = Field(ge=_LEAST_SIDE)
    bits: Literal[8, 16]
    samples: Literal[1, 3] = 1
    multi_frame: bool = False
    tiled: bool = False
    attributes: dict[str, object]

    def matrix(self, octets: int) -> tuple[int, int, int]:
        """Rows, columns and frames whose pixels are at most, and nearly, so many octets."""
        pixels = octets // (self.samples * self.bits // 8)
        frames = 1
        if self.multi_frame:
            frames = max(2, pixels // (self.rows * self.columns))
        pixels //= frames
        columns = max(_LEAST_SIDE, math.isqrt(pixels * self.columns // self.rows) // 2 * 2)
        return max(_LEAST_SIDE, pixels // columns), columns, frames


def make(modality: Modality, size_bytes: int, uid_root: str, lane: int, seed: int) -> Made:
    """An object of about the given size; the same arguments give the same octets.

    Args:
        modality: Its kind, a key of ``modalities/``.
        size_bytes: About the length of the data set in octets; an object whose attributes alone
            are longer gets the smallest image there is.
        uid_root: What every UID of the load begins with.
        lane: The association that sends it; has a study and a series of its own.
        seed: Of the noise in its pixels.
    """
    recipe = _recipe(modality)
    dataset = _described(recipe, uid_root, lane)
    room = size_bytes - len(encoded(_with_pixels(dataset, recipe, (1, 1, 1), b"")))
    rows, columns, frames = recipe.matrix(max(room, 0))
    octets = rows * columns * frames * recipe.samples * recipe.bits // 8
    mark = naming.content_mark(lane)
    pixels = mark + _noise(seed, octets - len(mark))
    whole = encoded(_with_pixels(dataset, recipe, (rows, columns, frames), pixels))
    pixels_at = len(whole) - octets
    return Made(
        sop_class=recipe.sop_class,
        transfer_syntax=uids.EXPLICIT_LE,
        dataset=whole,
        places=Places(
            sop_instance=_place(whole, b"\x08\x00\x18\x00UI", dataset.SOPInstanceUID),
            study=_place(whole, b"\x20\x00\x0d\x00UI", dataset.StudyInstanceUID),
            series=_place(whole, b"\x20\x00\x0e\x00UI", dataset.SeriesInstanceUID),
            mark=slice(pixels_at, pixels_at + len(mark)),
        ),
    )


def natural_size(modality: Modality) -> int:
    """About the length in octets of a data set with one image (or frame) of the usual matrix."""
    recipe = _recipe(modality)
    return recipe.rows * recipe.columns * recipe.samples * recipe.bits // 8 + _ATTRIBUTES_OCTETS


def sop_class(modality: Modality) -> str:
    """The SOP Class UID of a modality's objects."""
    return _recipe(modality).sop_class


def _place(dataset: bytes, tag_and_vr: bytes, uid: str) -> slice:
    value = uid.encode()
    length = len(value) + len(value) % 2
    at = dataset.index(tag_and_vr + length.to_bytes(2, "little") + value) + _SHORT_HEADER
    return slice(at, at + len(value))


@cache
def _recipe(modality: Modality) -> _Recipe:
    path = _FOLDER / f"{modality.lower()}.toml"
    return _Recipe.model_validate(tomllib.loads(path.read_text("utf-8")))


def _described(recipe: _Recipe, uid_root: str, lane: int) -> Dataset:
    """Everything but the image: who, when, which, and that it is synthetic."""
    study = naming.study_uid(uid_root, lane)
    values: dict[str, object] = {
        "SOPClassUID": recipe.sop_class,
        "SOPInstanceUID": naming.sop_instance_uid(uid_root, lane, 0),
        "StudyInstanceUID": study,
        "SeriesInstanceUID": naming.series_uid(uid_root, lane),
        "PatientName": PATIENT_NAME,
        "PatientID": f"SYNTHETIC-{lane}",
        "PatientBirthDate": "",
        "PatientSex": "O",
        "StudyID": "1",
        "StudyDate": "20200101",
        "StudyTime": "120000",
        "ContentDate": "20200101",
        "ContentTime": "120000",
        "AcquisitionDate": "20200101",
        "AccessionNumber": f"SYN{lane}",
        "ReferringPhysicianName": "",
        "InstitutionName": INSTITUTION,
        "Manufacturer": MARKER,
        "ManufacturerModelName": MARKER,
        "DeviceSerialNumber": "SYNTHETIC",
        "SoftwareVersions": "1",
        "ImageComments": MARKER,
        "BurnedInAnnotation": "NO",
        "SeriesNumber": 1,
        "InstanceNumber": 1,
    }
    return _filled(Dataset(), {**values, **recipe.attributes}, study)


def _filled(dataset: Dataset, values: Mapping[str, object], study: str) -> Dataset:
    """The data set with the values; lists of tables become sequences."""
    for keyword, value in values.items():
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            items = [_filled(Dataset(), item, study) for item in value]
            setattr(dataset, keyword, Sequence(items))
        elif isinstance(value, str):
            setattr(dataset, keyword, value.replace("{study}", study))
        else:
            setattr(dataset, keyword, value)
    return dataset


def _with_pixels(
    dataset: Dataset, recipe: _Recipe, matrix: tuple[int, int, int], pixels: bytes
) -> Dataset:
    """The data set with an image of so many rows, columns and frames."""
    dataset.Rows, dataset.Columns, frames = matrix
    dataset.SamplesPerPixel = recipe.samples
    dataset.PhotometricInterpretation = "MONOCHROME2" if recipe.samples == 1 else "RGB"
    if recipe.samples > 1:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = recipe.bits
    dataset.HighBit = recipe.bits - 1
    dataset.PixelRepresentation = 0
    if recipe.multi_frame:
        dataset.NumberOfFrames = frames
    if recipe.tiled:
        dataset.TotalPixelMatrixRows = dataset.Rows
        dataset.TotalPixelMatrixColumns = dataset.Columns * frames
    dataset.PixelData = pixels
    dataset["PixelData"].VR = "OB" if recipe.bits == 8 else "OW"
    return dataset


def _noise(seed: int, octets: int) -> bytes:
    """So many octets that do not compress well; large images repeat a block, which is cheap."""
    block = _block(seed)
    return (block * (octets // len(block) + 1))[:octets]


@lru_cache(maxsize=4)
def _block(seed: int) -> bytes:
    return random.Random(seed).randbytes(_NOISE_OCTETS)
