"""Synthetic objects, marked as such: no real patient data anywhere.

Built by pydicom, so that an honest object is honest by an independent encoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import UID

from harness.stage import Stage
from simulators.wire import uids

PATIENT_NAME = "SYNTHETIC^ASSAY"
"""Every object of ours bears this name."""

INSTITUTION = "dicom-assay synthetic object, not a patient"

_ROWS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticObject:
    """An encoded data set with the identity that its C-STORE claims.

    Attributes:
        sop_class: SOP Class UID.
        sop_instance: SOP Instance UID.
        study: Study Instance UID.
        transfer_syntax: How ``dataset`` is encoded.
        dataset: The encoded data set, without file meta information.
    """

    sop_class: str
    sop_instance: str
    study: str
    transfer_syntax: str
    dataset: bytes


def uid(stage: Stage, *numbers: int) -> str:
    """A UID that is unique for the play and conforms to PS3.5 9.1."""
    return ".".join(["2.25", stage.token, *map(str, numbers)])


def synthetic_dataset(stage: Stage, number: int = 1, **changes: object) -> Dataset:
    """A small secondary-capture data set with every attribute that storage needs.

    Args:
        stage: Gives the unique identity.
        number: Distinguishes objects of one play.
        **changes: Attributes by keyword that replace the honest ones; None leaves one out.
    """
    dataset = Dataset()
    values: dict[str, object] = {
        "SOPClassUID": uids.SECONDARY_CAPTURE,
        "SOPInstanceUID": uid(stage, 1, number),
        "StudyInstanceUID": uid(stage, 2),
        "SeriesInstanceUID": uid(stage, 3),
        "PatientName": PATIENT_NAME,
        "PatientID": f"SYN{stage.token[:12]}",
        "PatientBirthDate": "",
        "PatientSex": "O",
        "StudyID": "1",
        "StudyDate": "20200101",
        "StudyTime": "120000",
        "AccessionNumber": f"A{stage.token[:12]}",
        "ReferringPhysicianName": "",
        "InstitutionName": INSTITUTION,
        "Modality": "OT",
        "SeriesNumber": 1,
        "InstanceNumber": number,
        "ConversionType": "SYN",
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": _ROWS,
        "Columns": _ROWS,
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "PixelRepresentation": 0,
        "PixelData": bytes(range(256)),
    }
    for keyword, value in {**values, **changes}.items():
        if value is not None:
            setattr(dataset, keyword, value)
    dataset["PixelData"].VR = "OB"
    return dataset


def encoded(dataset: Dataset, transfer_syntax: str = uids.EXPLICIT_LE) -> bytes:
    """The data set in an uncompressed little-endian transfer syntax."""
    buffer = DicomBytesIO()
    buffer.is_little_endian = True
    buffer.is_implicit_VR = transfer_syntax == uids.IMPLICIT_LE
    write_dataset(buffer, dataset)
    return buffer.getvalue()


def synthetic_object(
    stage: Stage, number: int = 1, *, transfer_syntax: str = uids.EXPLICIT_LE, **changes: object
) -> SyntheticObject:
    """An honest object, or one whose attributes deviate by the given keywords."""
    dataset = synthetic_dataset(stage, number, **changes)
    return SyntheticObject(
        sop_class=str(dataset.SOPClassUID),
        sop_instance=str(dataset.SOPInstanceUID),
        study=str(dataset.get("StudyInstanceUID", "")),
        transfer_syntax=transfer_syntax,
        dataset=encoded(dataset, transfer_syntax),
    )


def part10(stage: Stage, number: int = 1, **changes: object) -> bytes:
    """An honest Part 10 file, for devices that send files; changes as for the data set."""
    return file_of(synthetic_dataset(stage, number, **changes))


def file_of(dataset: Dataset) -> bytes:
    """The Part 10 file of a data set."""
    from pydicom.dataset import FileMetaDataset

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = UID(uids.EXPLICIT_LE)
    dataset.file_meta = meta
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
