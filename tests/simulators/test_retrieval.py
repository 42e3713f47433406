"""What a tester sees of objects that come back: pictures decoded, texts kept, patients apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.model import JSON, Observation
from harness.profile import parse
from harness.stage import Stage
from simulators.lab import Lab
from simulators.objects import synthetic_object
from simulators.pictures import (
    ROWS,
    SAMPLES,
    has_decoded,
    keeps_pictures,
    keeps_streams,
    picture,
    rle,
    sent_octets,
)
from simulators.retrieval import Returned, bring_back, differing, leave
from simulators.sentinel import sentinel_stage
from simulators.texts import (
    CHARACTER_SET,
    PATIENT_ID,
    PATIENT_NAME,
    keeps_texts,
    tells_patients_apart,
)
from simulators.wire import uids
from simulators.wire.pixels import encapsulated, jpeg_ls, rle_frame, rle_segment
from tests.simulators.devices.running import reference

PROFILE = """
schema = 1
[device]
manufacturer = "dicom-assay"
model = "reference device"
[acceptor]
port = {port}
ae_title = "REFERENCE"
services = ["verification", "storage", "query-retrieve"]
"""
Open = Callable[..., Stage]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a stage whose device is the reference device with these flaws."""
    with ExitStack() as stack:

        def start(*flaws: str) -> Stage:
            switched = [part for flaw in flaws for part in ("--flaw", flaw)]
            it = stack.enter_context(reference(tmp_path, *switched, artim=2, idle=4))
            profile = parse(PROFILE.format(port=it.port), "device.toml")
            lab = Lab.equip(profile, tmp_path / "run", lambda _text: None)
            stack.callback(lab.close)
            return sentinel_stage(SimpleNamespace(lab=lab), lab.profile, "PIX-910")

        yield start


def seen(stage: Stage, kind: str) -> list[Observation]:
    return list(stage.record({}).of(kind, "attacker"))


def last(stage: Stage, kind: str) -> dict[str, JSON]:
    return dict(seen(stage, kind)[-1].data)


def test_an_honest_picture_comes_back_twice_as_it_was(opened: Open) -> None:
    stage = opened()
    pixels = rle()
    has_decoded(stage, picture(stage, pixels), truth=SAMPLES, known=sent_octets(pixels))
    first, second = (each.data for each in seen(stage, "returned"))
    assert first["exact"] is True
    assert (first["octets"], first["foreign"], first["another"]) == (256, 0, False)
    assert first["digest"] == second["digest"]
    assert any(each.data.get("stimulus") for each in stage.record({}).of("emitted"))


def test_foreign_octets_are_counted_and_differ(opened: Open) -> None:
    stage = opened("fills_up_with_memory")
    pixels = rle()
    has_decoded(stage, picture(stage, pixels, {ROWS: 17}), known=sent_octets(pixels))
    first, second = (each.data for each in seen(stage, "returned"))
    assert first["foreign"] == 16
    assert len(str(first["first_foreign"])) == 32
    assert first["digest"] != second["digest"]
    assert first["exact"] is None


def test_a_picture_that_cannot_be_decoded_is_asked_for_once(opened: Open) -> None:
    stage = opened()
    cut = encapsulated([rle_frame([rle_segment(SAMPLES)])[:20]])
    has_decoded(stage, picture(stage, cut), truth=SAMPLES)
    (only,) = seen(stage, "returned")
    assert (only.data["objects"], only.data["status"], only.data["failures"]) == (0, 0xA702, 1)


def test_a_picture_that_was_not_taken_is_not_asked_for(opened: Open) -> None:
    stage = opened()
    has_decoded(stage, picture(stage, encapsulated([b"ab"], delimiter=False)))
    assert last(stage, "kept")["taken"] is False
    assert seen(stage, "returned") == []


def test_a_picture_without_pixels_in_it_has_no_octets(opened: Open) -> None:
    stage = opened()
    thing = picture(stage, rle())
    has_decoded(stage, thing, syntaxes=(uids.RLE_LOSSLESS,))
    assert last(stage, "returned")["octets"] is None


def test_uncompressed_pictures_are_told_by_name(opened: Open) -> None:
    stage = opened("evens_out_pictures")
    keeps_pictures(stage, {"sound": {}, "more rows": {ROWS: 32}})
    found = {each.data["name"]: each.data["changed"] for each in seen(stage, "returned")}
    assert found == {"sound": [], "more rows": ["7FE00010"]}


def test_streams_are_compared_as_they_came(opened: Open) -> None:
    stage = opened()
    keeps_streams(stage, {uids.JPEG_LS_LOSSLESS: {"zeros": jpeg_ls(16, 16), "cut": b"\xff\xd8"}})
    found = {each.data["name"]: each.data["changed"] for each in seen(stage, "returned")}
    assert found == {"zeros": [], "cut": []}


def test_another_stream_is_seen(opened: Open) -> None:
    stage = opened()
    one = picture(stage, encapsulated([b"ab", b"cd"]))
    again = picture(stage, encapsulated([b"abcd"]))
    other = picture(stage, encapsulated([b"abce"]))
    leave(stage, one)
    came, _ = bring_back(stage, one, syntaxes=(uids.RLE_LOSSLESS,))
    assert differing(again, came[0]) == []
    assert differing(other, came[0]) == ["7FE00010"]


def test_far_more_than_was_sent_is_not_listened_to(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.retrieval._MOST_OCTETS", 512)
    stage = opened()
    thing = synthetic_object(stage)
    leave(stage, thing)
    came, ending = bring_back(stage, thing)
    assert (came, ending["outcome"], ending["status"]) == ([], "ACCEPTED", None)


def test_another_object_is_told_from_a_changed_one(opened: Open) -> None:
    stage = opened()
    one, two = (synthetic_object(stage, number) for number in (1, 2))
    leave(stage, one)
    came, ending = bring_back(stage, one)
    assert ending["outcome"] == "RESPONDED"
    assert came[0].identity() == one.sop_instance
    assert differing(one, came[0]) == []
    assert "00080018" in differing(two, came[0])


@pytest.mark.parametrize("data", [b"", b"\0" * 7, b"\xff" * 64])
def test_what_is_no_data_set_has_no_identity(data: bytes) -> None:
    came = Returned(sop_instance="1.2", transfer_syntax=uids.EXPLICIT_LE, dataset=data)
    assert came.identity() == ""


HOSTILE = {"unknown": {CHARACTER_SET: b"ISO_IR 999", PATIENT_NAME: b"SYNTH\xc9TIC"}}


def test_texts_come_back_and_are_found(opened: Open) -> None:
    stage = opened()
    keeps_texts(stage, HOSTILE)
    assert last(stage, "returned")["changed"] == []
    answer = last(stage, "answered")
    assert (answer["studies"], answer["missing"], answer["wrong"]) == (2, [], [])


def test_a_changed_name_is_seen(opened: Open) -> None:
    stage = opened("recodes_text")
    keeps_texts(stage, HOSTILE)
    assert last(stage, "returned")["changed"] == ["00100010"]


def test_plain_texts_that_came_otherwise_are_seen(opened: Open) -> None:
    stage = opened("carries_escape_state")
    name = {CHARACTER_SET: b"\\ISO 2022 IR 87", PATIENT_NAME: b"A\x1b$B;3"}
    keeps_texts(stage, {"open": name})
    assert last(stage, "answered")["wrong"] == ["00100020", "00200010"]


def test_studies_that_are_no_longer_found_are_named(opened: Open) -> None:
    stage = opened("stumbles_over_text")
    keeps_texts(stage, {"broken": {CHARACTER_SET: b"ISO_IR 192", PATIENT_NAME: b"A\xff\xfe"}})
    assert last(stage, "answered")["missing"] == ["an honest neighbour", "broken"]


ONE = {PATIENT_ID: b"ABC1", PATIENT_NAME: b"SYNTHETIC^ASSAY"}
OTHERS = {"like it": {**ONE, PATIENT_ID: b"abc12"}, "unlike it": {**ONE, PATIENT_ID: b"Z9"}}


@pytest.mark.parametrize(("flaws", "foreign"), [((), []), (("folds_patient_ids",), ["like it"])])
def test_patients(opened: Open, flaws: tuple[str, ...], foreign: list[str]) -> None:
    stage = opened(*flaws)
    tells_patients_apart(stage, ONE, OTHERS)
    identity = last(stage, "identity")
    assert (identity["own"], identity["foreign"], identity["misnamed"]) == (1, foreign, False)
    assert [each.data["name"] for each in seen(stage, "kept")] == ["the first", *OTHERS]


def test_where_no_first_patient_is_nobody_asks(opened: Open) -> None:
    stage = opened("fails_store")
    tells_patients_apart(stage, ONE, OTHERS)
    assert seen(stage, "identity") == []
