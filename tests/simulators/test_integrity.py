"""What is compared, and what is done to files: without a device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from simulators import hostile, wire
from simulators.integrity import (
    compare,
    compare_identity,
    delete,
    private_block,
    tamper,
    values_of,
    witness_served,
)
from simulators.lab import Lab, lab_of
from simulators.objects import SyntheticObject, part10, synthetic_object
from simulators.retrieving import Arrived
from simulators.sentinel import sentinel_stage
from simulators.wire import uids

PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "folder"
[acceptor]
port = 104
services = ["storage"]
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    lab = Lab.equip(parse(PROFILE, "folder.toml"), tmp_path, lambda _text: None)
    try:
        yield sentinel_stage(SimpleNamespace(lab=lab), lab.profile, "INT-005")
    finally:
        lab.close()


def witnessed(stage: Stage, kind: str) -> Mapping[str, JSON]:
    seen = stage.record({}).last(kind)
    assert seen is not None
    return seen.data


def back(thing: SyntheticObject, dataset: bytes | None = None) -> Arrived:
    octets = thing.dataset if dataset is None else dataset
    return Arrived(thing.sop_instance, thing.transfer_syntax, octets)


def test_values_are_found_at_every_depth_as_they_stand() -> None:
    leaf = (wire.Element(tag=0x00080104, vr="LO", value=b"a   "),)
    content = (
        wire.Element(tag=0x00081032, vr="SQ", value=(wire.DataItem(elements=leaf),)),
        wire.Element(tag=0x00081140, vr="SQ", value=()),
        *private_block("ASSAY", [(1, "UN", b"\0\1")]),
        wire.Element(tag=0x00280103, vr="US", value=b"\0\0"),
    )
    found = values_of(wire.encode_dataset(content, "explicit"), uids.EXPLICIT_LE)
    assert found is not None
    assert found["00081032[0].00080104"] == b"a   "
    assert found["00081140"] == bytes(4)
    assert (found["00290010"], found["00291001"]) == (b"ASSAY ", b"\0\1")


@pytest.mark.parametrize("syntax", [uids.EXPLICIT_LE, uids.IMPLICIT_LE])
def test_lengths_of_sequences_are_no_values(syntax: str) -> None:
    leaf = (wire.Element(tag=0x00080104, vr="LO", value="code"),)
    pair = [
        wire.Element(
            tag=0x00081032, vr="SQ", undefined=undefined,
            value=(wire.DataItem(elements=leaf, undefined=undefined),),
        )
        for undefined in (True, False)
    ]  # fmt: skip
    one, other = (wire.encode_dataset([each], syntax) for each in pair)
    assert one != other
    assert values_of(one, syntax) == values_of(other, syntax) is not None


@pytest.mark.parametrize("raw", [b"\x08\0\x18\0UI\xff\xff1", b"\xfe\xff\0\xe0" * 9, b"\0"])
def test_whatever_comes_back_raises_nothing(raw: bytes) -> None:
    found = values_of(raw, uids.EXPLICIT_LE)
    assert found is None or isinstance(found, dict)


def test_an_object_that_came_back_whole_differs_in_nothing(stage: Stage) -> None:
    thing = synthetic_object(stage)
    compare(stage, thing, back(thing))
    seen = witnessed(stage, "comparison")
    assert (seen["read"], seen["missing"], seen["changed"], seen["added"]) == (True, [], [], [])


def test_what_was_dropped_changed_or_added_is_named(stage: Stage) -> None:
    content = hostile.elements(stage)
    thing = hostile.as_object(content, uids.EXPLICIT_LE)
    other = hostile.replacing(content, hostile.PATIENT_ID, "other ")
    other = hostile.adding(other, wire.Element(tag=0x00081030, vr="LO", value="more"))
    other = tuple(each for each in other if each.tag != hostile.MODALITY)
    compare(stage, thing, back(thing, wire.encode_dataset(other, "explicit")))
    seen = witnessed(stage, "comparison")
    assert (seen["missing"], seen["changed"], seen["added"]) == (
        ["00080060"], ["00100020"], ["00081030"],
    )  # fmt: skip


def test_what_did_not_come_back_is_not_compared(stage: Stage) -> None:
    compare(stage, synthetic_object(stage), None)
    assert witnessed(stage, "comparison") == {"read": False, "came": False}


@pytest.mark.parametrize(
    ("value", "changed"),
    [("SYNTHETIC^ASSAY  ", []), ("Synthetic^Assay ", ["PatientName"]), ("", ["PatientName"])],
)
def test_padding_is_no_coercion(stage: Stage, value: str, changed: list[str]) -> None:
    content = hostile.elements(stage)
    thing = hostile.as_object(content, uids.EXPLICIT_LE)
    other = hostile.replacing(content, hostile.PATIENT_NAME_TAG, value)
    compare_identity(stage, thing, back(thing, wire.encode_dataset(other, "explicit")))
    assert witnessed(stage, "coercion")["changed"] == changed


def test_an_empty_attribute_may_be_filled_in(stage: Stage) -> None:
    content = hostile.elements(stage)
    thing = hostile.as_object(content, uids.EXPLICIT_LE)
    other = hostile.replacing(content, 0x00100030, "19700101")
    compare_identity(stage, thing, back(thing, wire.encode_dataset(other, "explicit")))
    assert witnessed(stage, "coercion")["changed"] == []


def test_original_attributes_tell_of_a_coercion(stage: Stage) -> None:
    thing = hostile.as_object(hostile.elements(stage), uids.EXPLICIT_LE)
    noted = wire.Element(tag=0x04000561, vr="SQ", value=(wire.DataItem(),))
    other = hostile.adding(hostile.elements(stage), noted)
    compare_identity(stage, thing, back(thing, wire.encode_dataset(other, "explicit")))
    assert witnessed(stage, "coercion")["noted"] is True


def test_one_file_is_tampered_with_and_keeps_its_length(stage: Stage) -> None:
    storage, thing = lab_of(stage).storage, synthetic_object(stage)
    mine, other = storage / "a" / "one.dcm", storage / "two.dcm"
    mine.parent.mkdir()
    mine.write_bytes(part10(stage))
    other.write_bytes(part10(stage, 2))
    original, altered = bytes(range(256)), bytes(256)
    before = other.read_bytes()
    assert tamper(stage, thing, original, altered)
    assert altered in mine.read_bytes()
    assert len(mine.read_bytes()) == len(part10(stage))
    assert other.read_bytes() == before
    assert not tamper(stage, thing, original, altered)


def test_a_link_out_of_the_storage_is_not_followed(stage: Stage, tmp_path: Path) -> None:
    outside = tmp_path / "outside.dcm"
    outside.write_bytes(part10(stage))
    (lab_of(stage).storage / "link.dcm").symlink_to(outside)
    assert not tamper(stage, synthetic_object(stage), bytes(range(256)), bytes(256))
    assert not delete(stage, synthetic_object(stage))
    assert outside.exists()


def test_only_the_object_is_deleted(stage: Stage) -> None:
    storage = lab_of(stage).storage
    (storage / "one").write_bytes(part10(stage))
    (storage / "two").write_bytes(part10(stage, 2))
    (storage / "index.db").write_bytes(synthetic_object(stage).sop_instance.encode())
    assert delete(stage, synthetic_object(stage))
    assert sorted(path.name for path in storage.iterdir()) == ["index.db", "two"]


@pytest.mark.parametrize("octets", [b"altered", b"original"])
def test_what_was_served_is_known_by_its_octets(stage: Stage, octets: bytes) -> None:
    arrived = replace(back(synthetic_object(stage)), dataset=b"head" + octets)
    witness_served(stage, arrived, b"altered")
    seen = witnessed(stage, "served")
    assert (seen["came"], seen["altered"]) == (True, octets == b"altered")
