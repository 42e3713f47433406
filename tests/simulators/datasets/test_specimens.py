"""Data sets that are wrong in one way: what they are, and what they are not."""

from __future__ import annotations

import warnings
from io import BytesIO
from types import SimpleNamespace
from typing import cast

import pytest
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from harness.stage import Stage
from simulators import wire
from simulators.datasets import Builder, Specimen, decoy_of, honest
from simulators.datasets.cuts import PLACES, cut, cuts
from simulators.datasets.identities import DISPUTED
from simulators.datasets.items import DELIMITERS, UNTRUE_LENGTHS
from simulators.datasets.lengths import BEYOND_THE_END, UNFIT
from simulators.datasets.placement import DISORDER, FOREIGN_GROUPS, PRIVATE
from simulators.datasets.representations import SWAPS, UNKNOWN_VRS, WRONG_VRS
from simulators.datasets.specimen import PATIENT_ID, PIXEL_DATA
from simulators.datasets.volume import MANY_PARTS, MANY_VALUES, VALUES
from simulators.readback import content_of
from simulators.wire import uids

STAGE = cast(Stage, SimpleNamespace(token="123456789012345678"))
CONTENT = content_of(STAGE)
PATIENT = "SYN123456789001"

TABLES: dict[str, object] = {
    "beyond": BEYOND_THE_END, "unfit": UNFIT, "delimiters": DELIMITERS,
    "lengths": UNTRUE_LENGTHS, "vrs": UNKNOWN_VRS, "wrong": WRONG_VRS, "swaps": SWAPS,
    "groups": FOREIGN_GROUPS, "disorder": DISORDER, "private": PRIVATE, "parts": MANY_PARTS,
    "values": MANY_VALUES, "disputed": DISPUTED,
}  # fmt: skip
ALL = [
    pytest.param(builder, id=f"{table}-{name}")
    for table, builders in TABLES.items()
    for name, builder in cast("dict[str, Builder]", builders).items()
]
every = pytest.mark.parametrize("builder", ALL)


def by_pydicom(specimen: Specimen) -> Dataset:
    """An independent reading, in the declared transfer syntax."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        implicit = specimen.syntax == uids.IMPLICIT_LE
        return read_dataset(BytesIO(specimen.octets), implicit, is_little_endian=True)


def reading(specimen: Specimen) -> wire.Reading:
    return wire.read_elements(specimen.octets, specimen.syntax)


@pytest.mark.parametrize("syntax", [uids.EXPLICIT_LE, uids.IMPLICIT_LE])
def test_the_honest_one_is_read_by_others(syntax: str) -> None:
    specimen = honest(CONTENT, syntax)
    found = by_pydicom(specimen)
    assert (found.PatientID, found.StudyInstanceUID) == (PATIENT, specimen.study)
    assert found.PixelData == specimen.owes[PIXEL_DATA]
    assert reading(specimen).fault == ""


@every
def test_each_deviates_and_names_its_object(builder: Builder) -> None:
    specimen = builder(CONTENT)
    plain = honest(CONTENT, specimen.syntax)
    assert specimen.octets != plain.octets
    assert (specimen.sop_class, specimen.sop_instance) == (plain.sop_class, plain.sop_instance)
    assert specimen.study == plain.study
    assert specimen.mark == PATIENT[3:]
    assert len(specimen.octets) <= 8 << 20
    assert all(patient in (PATIENT, decoy_of(CONTENT), "") for patient in specimen.patients[:2])


@pytest.mark.parametrize("builder", [*DELIMITERS.values(), *DISPUTED.values(), *PRIVATE.values()])
def test_builders_are_pure(builder: Builder) -> None:
    assert builder(CONTENT) == builder(CONTENT)


@pytest.mark.parametrize("builder", [*PRIVATE.values(), *DISPUTED.values(), *MANY_PARTS.values(),
                                     *MANY_VALUES.values()])  # fmt: skip
def test_valid_ones_have_one_reading(builder: Builder) -> None:
    specimen = builder(CONTENT)
    found = reading(specimen)
    assert found.fault == ""
    assert found.text(PATIENT_ID) == PATIENT
    assert specimen.patients == (PATIENT,)
    tags = [each.tag for each in found.elements]
    assert tags == sorted(set(tags))
    for tag, owed in specimen.owes.items():
        assert owed.rstrip(b" \0") in found.values(tag)[0]


@pytest.mark.parametrize("name", [one for one in DISPUTED if one != "behind-a-length-like-a-vr"])
def test_disputed_ones_hide_another_patient(name: str) -> None:
    specimen = DISPUTED[name](CONTENT)
    assert decoy_of(CONTENT).encode() in specimen.octets
    assert by_pydicom(specimen).PatientID == PATIENT


def test_a_length_like_a_vr_is_a_whole_data_set_to_who_guesses() -> None:
    specimen = DISPUTED["behind-a-length-like-a-vr"](CONTENT)
    guessed = wire.read_elements(specimen.octets, uids.EXPLICIT_LE)
    assert guessed.fault == ""
    assert guessed.text(PATIENT_ID) == decoy_of(CONTENT)
    assert by_pydicom(specimen).PatientID == decoy_of(CONTENT)


@pytest.mark.parametrize("name", BEYOND_THE_END)
def test_a_length_beyond_the_end_ends_every_reading(name: str) -> None:
    specimen = BEYOND_THE_END[name](CONTENT)
    assert reading(specimen).fault
    assert len(specimen.octets) < 1500


@pytest.mark.parametrize("name", DELIMITERS)
def test_without_its_delimiter_nothing_is_read_to_the_end(name: str) -> None:
    found = reading(DELIMITERS[name](CONTENT))
    assert found.fault
    assert not found.values(PIXEL_DATA)
    assert found.text(PATIENT_ID) == PATIENT


@pytest.mark.parametrize("name", UNTRUE_LENGTHS)
def test_an_untrue_length_leaves_the_pixels_on_the_wire(name: str) -> None:
    specimen = UNTRUE_LENGTHS[name](CONTENT)
    assert specimen.owes[PIXEL_DATA] in specimen.octets
    plain = honest(CONTENT)
    assert len(specimen.octets) > len(plain.octets)


@pytest.mark.parametrize("name", UNKNOWN_VRS)
def test_an_unknown_vr_stands_before_the_pixels(name: str) -> None:
    specimen = UNKNOWN_VRS[name](CONTENT)
    vr = bytes.fromhex(name.split("-")[0])
    assert b"\x40\0\x54\x02" + vr in specimen.octets


@pytest.mark.parametrize("name", SWAPS)
def test_nobody_reads_a_patient_by_the_declared_rules(name: str) -> None:
    specimen = SWAPS[name](CONTENT)
    assert reading(specimen).text(PATIENT_ID) is None
    assert specimen.patients == (PATIENT, "")
    assert not specimen.owes


def test_duplicates_permit_both_patients_and_disorder_one() -> None:
    for name, builder in DISORDER.items():
        specimen = builder(CONTENT)
        values = {value.rstrip() for value in reading(specimen).values(PATIENT_ID)}
        assert values == {patient.encode() for patient in specimen.patients}
        tags = [each.tag for each in reading(specimen).elements]
        assert tags != sorted(set(tags)), name


def test_there_are_as_many_parts_and_values_as_they_say() -> None:
    assert len(reading(MANY_PARTS["elements"](CONTENT)).elements) > 100_000
    items = reading(MANY_PARTS["items"](CONTENT)).values(0x00081140)[0]
    assert items.count(b"\xfe\xff\0\xe0") == 50_000
    values = reading(MANY_VALUES["UI"](CONTENT)).values(0x00080062)[0]
    assert values.count(b"\\") == VALUES - 1


@pytest.mark.parametrize("place", PLACES)
def test_cuts_fall_where_they_say(place: str) -> None:
    whole = honest(CONTENT).octets
    ends = {each.end for each in wire.read_elements(whole, uids.EXPLICIT_LE).elements}
    lefts = list(cuts(CONTENT, place))
    assert len(lefts) >= 20
    assert len(set(lefts)) == len(lefts)
    for left in lefts:
        assert 0 < left < len(whole)
        assert (left in ends) == (place == "boundary")
        assert whole.startswith(cut(CONTENT, left).octets)
        assert bool(reading(cut(CONTENT, left)).fault) == (place != "boundary")
