"""Synthetic objects: read by pydicom, complete, about as long as asked, and named by their lane."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.filereader import read_dataset

from simulators.load import naming, objects
from simulators.load.encoded import prepare_store
from simulators.load.objects import MODALITIES, Made, Modality, make, natural_size
from simulators.load.plan import Target
from simulators.load.web_requests import Stow

ROOT = naming.uid_root(2**120 + 7)
LANE = 3

TYPE_1: dict[Modality, tuple[str, ...]] = {
    "CT": (
        "ImageType", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored",
        "HighBit", "RescaleIntercept", "RescaleSlope", "PixelSpacing", "ImageOrientationPatient",
        "ImagePositionPatient", "FrameOfReferenceUID", "Modality", "Rows", "Columns",
        "PixelRepresentation", "StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID",
        "SOPInstanceUID", "PixelData",
    ),
    "SC": (
        "ConversionType", "Modality", "SamplesPerPixel", "PhotometricInterpretation", "Rows",
        "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
        "StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID", "PixelData",
    ),
}  # fmt: skip
"""Attributes that must be there with a value: PS3.3 tables A.3-1 and A.8-1 and their modules."""

TYPE_2: dict[Modality, tuple[str, ...]] = {
    "CT": ("KVP", "AcquisitionNumber", "SliceThickness", "PositionReferenceIndicator"),
    "SC": ("PatientOrientation",),
}
ALL_TYPE_2 = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "ReferringPhysicianName", "StudyID", "AccessionNumber", "SeriesNumber", "InstanceNumber",
    "Manufacturer",
)  # fmt: skip
"""Attributes that must be there, if only without a value."""


def read(made: Made) -> Dataset:
    """The data set, with the end of its last element checked."""
    return read_dataset(io.BytesIO(made.dataset), is_implicit_VR=False, is_little_endian=True)


def pixels_of(dataset: Dataset) -> int:
    frames = int(dataset.get("NumberOfFrames", 1))
    samples = dataset.SamplesPerPixel * dataset.BitsAllocated // 8
    return int(dataset.Rows * dataset.Columns * frames * samples)


@pytest.mark.parametrize("size", [10_240, 524_288, 20 * 2**20])
@pytest.mark.parametrize("modality", MODALITIES)
def test_it_is_about_as_long_as_asked(modality: Modality, size: int) -> None:
    made = make(modality, size, ROOT, LANE, 1)
    assert 0.96 * size <= len(made.dataset) <= size


@pytest.mark.parametrize("modality", MODALITIES)
def test_it_has_exactly_the_pixels_that_it_says(modality: Modality) -> None:
    dataset = read(make(modality, 50_000, ROOT, LANE, 1))
    assert len(dataset.PixelData) == pixels_of(dataset)
    assert dataset.SOPClassUID == objects.sop_class(modality)


@pytest.mark.parametrize("modality", MODALITIES)
def test_one_that_is_smaller_than_its_attributes_gets_the_smallest_image(
    modality: Modality,
) -> None:
    dataset = read(make(modality, 256, ROOT, LANE, 1))
    assert (dataset.Rows, dataset.Columns) == (8, 8)
    assert naming.read_mark(dataset.PixelData) == (LANE, 0)


@pytest.mark.parametrize(
    ("modality", "rows", "columns"),
    [("CT", 512, 512), ("MR", 256, 256), ("DX", 2500, 2048), ("MG", 3328, 2560), ("SC", 768, 1024)],
)
def test_its_natural_size_has_the_usual_matrix(modality: Modality, rows: int, columns: int) -> None:
    dataset = read(make(modality, natural_size(modality), ROOT, LANE, 1))
    assert (dataset.Rows, dataset.Columns) == (rows, columns)


@pytest.mark.parametrize("modality", ["US", "WSI"])
def test_clips_and_slides_have_frames(modality: Modality) -> None:
    dataset = read(make(modality, 10 * natural_size(modality), ROOT, LANE, 1))
    assert dataset.NumberOfFrames in (9, 10)


@pytest.mark.parametrize("modality", MODALITIES)
def test_the_same_arguments_give_the_same_octets(modality: Modality) -> None:
    first = make(modality, 30_000, ROOT, LANE, 5)
    assert make(modality, 30_000, ROOT, LANE, 5) == first
    assert make(modality, 30_000, ROOT, LANE, 6).dataset != first.dataset


@pytest.mark.parametrize("modality", MODALITIES)
def test_it_is_marked_as_synthetic(modality: Modality) -> None:
    dataset = read(make(modality, 10_240, ROOT, LANE, 1))
    assert str(dataset.PatientName).startswith("SYNTHETIC^")
    assert str(dataset.PatientID).startswith("SYNTHETIC")
    assert dataset.Manufacturer == dataset.ImageComments == objects.MARKER
    assert dataset.BurnedInAnnotation == "NO"
    assert dataset.PatientBirthDate == ""


@pytest.mark.parametrize("modality", MODALITIES)
def test_it_is_named_as_number_0_of_its_lane(modality: Modality) -> None:
    made = make(modality, 10_240, ROOT, LANE, 1)
    dataset, places = read(made), made.places
    assert dataset.SOPInstanceUID == naming.sop_instance_uid(ROOT, LANE, 0)
    assert dataset.StudyInstanceUID == naming.study_uid(ROOT, LANE)
    assert dataset.SeriesInstanceUID == naming.series_uid(ROOT, LANE)
    assert dataset.PixelData[: naming.MARK_OCTETS] == naming.content_mark(LANE)
    assert made.dataset[places.sop_instance].decode() == dataset.SOPInstanceUID
    assert made.dataset[places.study].decode() == dataset.StudyInstanceUID
    assert made.dataset[places.series].decode() == dataset.SeriesInstanceUID
    assert made.dataset[places.mark] == naming.content_mark(LANE)


@pytest.mark.parametrize("modality", MODALITIES)
def test_a_request_is_as_long_for_every_number(modality: Modality) -> None:
    """C-STORE and STOW-RS find every name that they have to write over."""
    made = make(modality, 10_240, ROOT, 0, 1)
    target = Target(host="127.0.0.1", port=0, web="http://127.0.0.1/web")
    name = naming.sop_instance_uid(ROOT, LANE, 77).encode()
    mark = naming.content_mark(LANE, 77)
    store = prepare_store(
        1, made.sop_class, made.dataset, uid_root=ROOT, lane=LANE, max_pdu=131_072
    )
    sent = b"".join(store.patch(77, 1))
    assert (sent.count(name), sent.count(mark)) == (2, 1)
    posted = b"".join(Stow(target, made, ROOT, LANE).patch(77))
    assert (posted.count(name), posted.count(mark)) == (2, 1)


@pytest.mark.parametrize("modality", ["CT", "SC"])
def test_every_mandatory_attribute_is_there(modality: Modality) -> None:
    dataset = read(make(modality, 10_240, ROOT, LANE, 1))
    assert [name for name in TYPE_1[modality] if dataset.get(name) in (None, "")] == []
    assert [name for name in (*TYPE_2[modality], *ALL_TYPE_2) if name not in dataset] == []


@pytest.mark.interop
@pytest.mark.parametrize("modality", MODALITIES)
def test_a_validator_of_its_own_finds_no_error(modality: Modality, tmp_path: Path) -> None:
    validator = shutil.which("dciodvfy")
    assert validator is not None, "dciodvfy is missing: scripts/install-real-devices"
    target = Target(host="127.0.0.1", port=0, web="http://127.0.0.1/web")
    posted = b"".join(Stow(target, make(modality, 20_000, ROOT, 0, 1), ROOT, LANE).patch(1))
    path = tmp_path / "object.dcm"
    path.write_bytes(posted.partition(b"application/dicom\r\n\r\n")[2].rpartition(b"\r\n--")[0])
    assert dcmread(path).SOPInstanceUID == naming.sop_instance_uid(ROOT, LANE, 1)
    done = subprocess.run([validator, path], capture_output=True, timeout=60, text=True)
    assert [line for line in done.stderr.splitlines() if line.startswith("Error")] == []
    assert done.returncode == 0
