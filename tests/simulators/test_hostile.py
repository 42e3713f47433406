"""Hostile data sets: honest but for the one thing that they are made for."""

import zlib
from io import BytesIO
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import cast

import pytest
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from harness.stage import Stage
from simulators import hostile, wire
from simulators.wire import uids

STAGE = cast(Stage, SimpleNamespace(token="123456789012345678"))


def parsed(raw: bytes, *, implicit: bool = False) -> Dataset:
    """The data set as pydicom reads it."""
    return read_dataset(BytesIO(raw), is_implicit_VR=implicit, is_little_endian=True)


@pytest.mark.parametrize("transfer_syntax", [uids.IMPLICIT_LE, uids.EXPLICIT_LE])
def test_unchanged_elements_are_an_honest_object(transfer_syntax: str) -> None:
    """An independent parser finds every element, in ascending order."""
    thing = hostile.as_object(hostile.elements(STAGE), transfer_syntax)
    found = parsed(thing.dataset, implicit=transfer_syntax == uids.IMPLICIT_LE)
    assert found.SOPInstanceUID == thing.sop_instance
    assert found.PatientName == "SYNTHETIC^ASSAY"
    assert len(found.PixelData) == found.Rows * found.Columns
    assert [each.tag for each in found] == sorted(each.tag for each in found)


def test_added_and_replaced_values_stand_as_given() -> None:
    """Nothing validates: a path stands where a UID belongs."""
    content = hostile.replacing(hostile.elements(STAGE), hostile.SOP_INSTANCE_UID, "../somewhere")
    content = hostile.adding(content, wire.nested(2))
    thing = hostile.as_object(content, uids.EXPLICIT_LE)
    assert thing.sop_instance == "../somewhere"
    assert b"../somewhere" in thing.dataset
    assert [each.tag for each in content] == sorted(each.tag for each in content)


def test_path_forms_fit_a_uid_and_stay_in_the_sandbox() -> None:
    """Every form fits a UID; only the absolute one names a folder, and that is the canary."""
    canary = PurePosixPath("/sandbox/abcdefgh/canary")
    forms = hostile.path_forms(canary, STAGE.token)
    assert len(forms) == 12
    assert all(len(name) <= 64 for name in forms.values())
    assert all(name.count("..") <= 3 for name in forms.values())
    absolute = [name for name in forms.values() if PurePosixPath(name).is_absolute()]
    assert absolute == [f"{canary}/{STAGE.token}"]


def test_a_bomb_is_small_and_inflates_to_what_it_says() -> None:
    """A thousandfold: and what comes out is a data set whose Pixel Data have that length."""
    size = 8 << 20
    bomb = hostile.deflated_bomb(hostile.elements(STAGE), size)
    assert len(bomb) < size // 500
    assert len(bomb) % 2 == 0
    found = parsed(zlib.decompressobj(-zlib.MAX_WBITS).decompress(bomb))
    assert len(found.PixelData) == size
