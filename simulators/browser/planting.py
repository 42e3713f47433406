"""Objects whose texts a page may show, and the addresses of pages that show them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from pydicom.dataset import Dataset

from harness.profile_browser import BrowserSection
from harness.stage import Stage
from simulators.objects import file_of, synthetic_dataset, uid
from simulators.web.client import WebClient
from simulators.web.honest import stow
from simulators.web.target import entitled, web_of

BASIC_TEXT_SR: Final = "1.2.840.10008.5.1.4.1.1.88.11"
ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
ENCAPSULATED_CDA: Final = "1.2.840.10008.5.1.4.1.1.104.2"

_OF_PICTURES: Final = (
    "ConversionType", "SamplesPerPixel", "PhotometricInterpretation", "Rows", "Columns",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelData",
)  # fmt: skip


def plant(stage: Stage, dataset: Dataset) -> None:
    """Stores an object by STOW-RS: its texts are the deviation.

    Raises:
        PreconditionUnmetError: The device did not take it, so that it will not show it.
    """
    with WebClient(stage) as peer:
        answer = peer.ask(entitled(stage, stow(stage, [file_of(dataset)])), stimulus=True)
    code = answer.status if answer else "no answer"
    taken = answer is not None and answer.status in (200, 202)
    stage.require(taken, f"the object was not stored, so nothing of it can be shown: {code}")


def report(stage: Stage, text: str) -> Dataset:
    """A report (PS3.3 A.35.1) with one text."""
    dataset = _without_picture(stage, BASIC_TEXT_SR, "SR")
    item = Dataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = "TEXT"
    item.ConceptNameCodeSequence = [_code("121071", "Finding")]
    item.TextValue = text
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [_code("126000", "Imaging Measurement Report")]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.CompletionFlag = "COMPLETE"
    dataset.VerificationFlag = "UNVERIFIED"
    dataset.ContentDate, dataset.ContentTime = "20200101", "120000"
    dataset.ContentSequence = [item]
    return dataset


def document(stage: Stage, content: bytes, media_type: str) -> Dataset:
    """An encapsulated document (PS3.3 A.45) that says itself what it is."""
    cda = media_type == "text/xml"
    dataset = _without_picture(stage, ENCAPSULATED_CDA if cda else ENCAPSULATED_PDF, "DOC")
    dataset.ConversionType = "WSD"
    dataset.DocumentTitle = "synthetic"
    dataset.BurnedInAnnotation = "NO"
    dataset.MIMETypeOfEncapsulatedDocument = media_type
    dataset.EncapsulatedDocument = content + b"\0" * (len(content) % 2)
    return dataset


def browser_of(stage: Stage) -> BrowserSection:
    """What of the device a browser opens."""
    found = web_of(stage).browser
    stage.require(found is not None, "the profile has no [web.browser] section")
    assert found is not None
    return found


def address(stage: Stage, template: str | None, dataset: Dataset) -> str:
    """An address of the profile, for this object."""
    stage.require(template, "the profile does not say where in [web.browser]")
    filled = str(template)
    for name, value in _places(dataset).items():
        filled = filled.replace(f"{{{name}}}", quote(value, safe=""))
    return filled


def link(template: str | None, target: str) -> str:
    """An address of the profile that tells the device what its maker wants."""
    return str(template).replace("{target}", quote(target, safe=""))


def honest_dataset(stage: Stage, number: int = 1, *, other: bool = False) -> Dataset:
    """An object whose patient has a name that no other play knows; or one of another study."""
    changes: dict[str, object] = {"PatientName": f"Visible^{name_of(stage, number)}"}
    if other:
        changes |= {"StudyInstanceUID": uid(stage, 7), "SeriesInstanceUID": uid(stage, 8)}
        changes["PatientID"] = f"OTH{stage.token[:12]}"
    return synthetic_dataset(stage, number, **changes)


def name_of(stage: Stage, number: int = 1) -> str:
    """The given name in that object."""
    return f"N{stage.token[:8]}X{number}"


def _without_picture(stage: Stage, sop_class: str, modality: str) -> Dataset:
    dataset = synthetic_dataset(stage, SOPClassUID=sop_class, Modality=modality)
    dataset.PatientName = f"Visible^{name_of(stage)}"
    for keyword in _OF_PICTURES:
        delattr(dataset, keyword)
    return dataset


def _code(value: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, "DCM", meaning
    return code


def _places(dataset: Dataset) -> Mapping[str, str]:
    study, series, instance = (
        str(dataset[keyword].value)
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    )
    patient = str(dataset.PatientID)
    return {
        "study": study,
        "series": series,
        "instance": instance,
        "patient": patient,
        "study_sha1": _hashed(patient, study),
        "instance_sha1": _hashed(patient, study, series, instance),
    }


def _hashed(*names: str) -> str:
    """The identifier that archives make of UIDs: SHA-1, in five groups."""
    digits = hashlib.sha1("|".join(names).encode(), usedforsecurity=False).hexdigest()
    return "-".join(digits[at : at + 8] for at in range(0, 40, 8))
