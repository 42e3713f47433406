"""What a tester sees of a storage: marked objects, files, links, remains, a command's arguments."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydicom import dcmread
from pydicom.filereader import read_dataset

from harness.errors import PreconditionUnmetError
from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from simulators import hostile, wire
from simulators.custody import Custody
from simulators.devices.reference.file_format import file_meta
from simulators.devices.reference.rejection import is_rejection, named_by
from simulators.lab import Lab, lab_of
from simulators.marking import marked, offer
from simulators.modes import tell_modes
from simulators.names import named_alike
from simulators.planting import store_over_a_link
from simulators.process import free_port
from simulators.receive_hook import HookWatch
from simulators.rejecting import look_for, reject, served_object
from simulators.remains import Remains, cut_off
from simulators.sentinel import sentinel_stage
from simulators.simultaneous import SIDE, several, store_together
from simulators.storage_folder import StorageFolder, storage_folder
from simulators.wire import uids
from tests.simulators.devices.running import reference

PROFILE = """
schema = 1
[device]
manufacturer = "dicom-assay"
model = "reference device"
[acceptor]
port = {port}
ae_title = "REFERENCE"
calling_ae_titles = ["ASSAY"]
services = ["verification", "storage", "query-retrieve"]
rejection_ae_titles = ["QC"]
hook_values = ["calling_ae", "patient_name", "sop_instance"]
max_associations = {most}
[process]
start = ["started by the test", "{{hook}}"]
storage = "{storage}"
"""
UID = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*))*")

Open = Callable[..., Stage]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a stage whose device is the reference device with these arguments."""
    with ExitStack() as stack:

        def start(*arguments: str, running: bool = True, most: int = 8) -> Stage:
            port, storage = free_port(), tmp_path / "storage"
            profile = parse(PROFILE.format(port=port, storage=storage, most=most), "device.toml")
            lab = Lab.equip(profile, tmp_path / "run", lambda _text: None)
            stack.callback(lab.close)
            if running:
                told = (
                    "--port",
                    str(port),
                    "--ae-title",
                    "REFERENCE",
                    "--hook",
                    lab.values["hook"],
                )
                stack.enter_context(reference(tmp_path, *told, *arguments, artim=2, idle=4))
            return sentinel_stage(SimpleNamespace(lab=lab), lab.profile, "STO-910")

        yield start


def last(stage: Stage, kind: str) -> Mapping[str, JSON]:
    """The details of the last observation of a kind."""
    seen = stage.record({}).last(kind)
    assert seen is not None
    return seen.data


def every(stage: Stage, kind: str, *keys: str) -> list[tuple[JSON, ...]]:
    """Some details of each observation of a kind."""
    return [tuple(seen.data[key] for key in keys) for seen in stage.record({}).of(kind)]


def by(stage: Stage, kind: str, key: str, value: str) -> dict[str, JSON]:
    """One detail of each observation of a kind, by another."""
    return {str(seen.data[key]): seen.data[value] for seen in stage.record({}).of(kind)}


def items(value: JSON) -> list[Mapping[str, JSON]]:
    """The tables in a list."""
    assert isinstance(value, list | tuple)
    return [each for each in value if isinstance(each, dict)]


class TestStorageFolder:
    """The folder between two looks."""

    def test_new_and_rewritten_entries_are_fresh(self, tmp_path: Path) -> None:
        (tmp_path / "old").write_bytes(b"1")
        (tmp_path / "same").write_bytes(b"1")
        folder = StorageFolder(tmp_path)
        (tmp_path / "old").write_bytes(b"22")
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "new").write_bytes(b"1")
        fresh = folder.fresh()
        assert [each.path.name for each in fresh] == ["old", "sub", "new"]
        assert [each.is_file for each in fresh] == [True, False, True]

    def test_links_are_seen_and_not_followed(self, tmp_path: Path) -> None:
        inside, outside = tmp_path / "inside", tmp_path / "outside"
        for path in (inside, outside):
            path.mkdir()
        folder = StorageFolder(inside)
        (outside / "file").write_bytes(b"1")
        (inside / "link").symlink_to(outside)
        assert [(each.path.name, each.is_file) for each in folder.fresh()] == [("link", False)]

    def test_a_play_that_is_played_again_sees_what_its_first_attempt_left(
        self, opened: Open
    ) -> None:
        stage = opened(running=False)
        folder = storage_folder(stage)
        assert folder is not None
        (folder.root / "object").write_bytes(b"1")
        stage.play = f"{stage.play}/2"
        again, anew = storage_folder(stage), StorageFolder(folder.root)
        assert again is not None
        assert [len(each.fresh()) for each in (again, anew)] == [1, 0]

    def test_a_folder_that_is_not_there_is_empty(self, tmp_path: Path) -> None:
        assert StorageFolder(tmp_path / "nowhere").fresh() == []


class TestMarkedObjects:
    """Objects that are known again."""

    def test_the_mark_stands_in_header_and_pixels(self, opened: Open) -> None:
        stage = opened(running=False)
        thing = marked(stage, 7, side=32)
        coded = hostile.as_object(thing.content, uids.EXPLICIT_LE)
        read = read_dataset(BytesIO(coded.dataset), False, True)
        assert (read.InstanceNumber, read.Rows, read.Columns) == (7, 32, 32)
        assert read.PixelData == b"\7" * 1024
        assert (read.SOPInstanceUID, read.StudyInstanceUID) == (thing.name, thing.study)

    def test_an_altered_object_keeps_its_mark(self, opened: Open) -> None:
        thing = marked(opened(running=False), 7)
        other = thing.altered(hostile.SOP_INSTANCE_UID, "1.2").altered(hostile.PATIENT_ID, "X")
        assert (other.mark, other.name, other.study) == (7, "1.2", thing.study)
        values = {each.tag: each.value for each in other.content}
        assert (values[hostile.SOP_INSTANCE_UID], values[hostile.PATIENT_ID]) == ("1.2", "X")

    @pytest.mark.parametrize(
        "kind", ["longest", "trailing-dot", "leading-zero", "case", "device", "sanitised"]
    )
    def test_names_differ_fit_and_are_legal_as_said(self, kind: str, opened: Open) -> None:
        things = named_alike(opened(running=False), kind)
        names = [thing.name for thing, _ in things]
        assert len({*names}) == len({thing.mark for thing, _ in things}) == 2
        assert all(len(name) <= 64 for name in names)
        assert [bool(UID.fullmatch(name)) for name in names] == [legal for _, legal in things]
        if kind == "longest":
            assert {len(name) for name in names} == {len(things[0][0].study)} == {64}


class TestCustody:
    """What is found of them."""

    def test_what_was_stored_is_found_in_both_ways(self, opened: Open) -> None:
        stage = opened()
        custody, thing = Custody(stage), marked(stage, 3)
        assert offer(stage, thing)
        custody.look(thing.study)
        assert [how for how, _ in every(stage, "kept", "how", "copies")] == ["C-GET", "files"]
        copy = {"name": thing.name, "patient": f"SYN{stage.token[:12]}", "header": 3, "pixels": 3}
        assert [copies for (copies,) in every(stage, "kept", "copies")] == [[copy], [copy]]

    def test_a_refused_object_is_noted_as_such(self, opened: Open) -> None:
        stage = opened()
        thing = marked(stage, 3).altered(hostile.SOP_INSTANCE_UID, "no UID")
        assert not offer(stage, thing, legal=False)
        told = [last(stage, "offered")[key] for key in ("mark", "legal", "taken", "status")]
        assert told == [3, False, False, 0x0117]

    def test_mixtures_strangers_and_rubbish_among_the_files(self, opened: Open) -> None:
        stage = opened()
        custody, thing = Custody(stage), marked(stage, 1)
        data = hostile.as_object(thing.content, uids.EXPLICIT_LE).dataset
        stranger = data.replace(thing.study.encode(), b"9" * len(thing.study))
        storage = storage_folder(stage)
        assert storage is not None
        for name, content in (("mixed", data[:-128] + b"\2" * 128), ("stranger", stranger)):
            meta = file_meta(b"1.2", b"1.3", uids.EXPLICIT_LE.encode())
            (storage.root / name).write_bytes(meta + content)
        (storage.root / "rubbish").write_bytes(b"DICM" * 100)
        os.symlink("/dev/zero", storage.root / "endless")
        custody.look(thing.study)
        files = items(by(stage, "kept", "how", "copies")["files"])
        assert [(copy["header"], copy["pixels"]) for copy in files] == [(1, 0)]

    def test_objects_that_come_together(self, opened: Open) -> None:
        stage = opened(most=6)
        custody, things = Custody(stage), several(stage, alike=True)
        assert len(things) == 4
        assert store_together(stage, things) == 1
        custody.look(things[0].study, side=SIDE)
        taken = [taken for (taken,) in every(stage, "offered", "taken")]
        assert sorted(map(bool, taken)) == [False, False, False, True]
        assert [len(items(copies)) for (copies,) in every(stage, "kept", "copies")] == [1, 1]

    def test_two_at_a_time_is_the_least(self, opened: Open) -> None:
        with pytest.raises(PreconditionUnmetError, match="too few associations"):
            several(opened(running=False, most=3), alike=True)

    @pytest.mark.parametrize("manner", ["abort", "close", "reset"])
    @pytest.mark.parametrize(("flaw", "left"), [((), 0), (("--flaw", "keeps_aborted_partial"), 1)])
    def test_what_is_left_of_a_transfer(
        self, manner: str, flaw: tuple[str, ...], left: int, opened: Open
    ) -> None:
        stage = opened(*flaw)
        remains = Remains(stage)
        lost = marked(stage, 1, side=256).altered(hostile.STUDY_INSTANCE_UID, "1.2.3.4")
        cut_off(stage, lost, percent=50, manner=manner)
        control = marked(stage, 2, number=2)
        assert offer(stage, control)
        remains.look(lost, control)
        found = by(stage, "traces", "how", "found")
        assert (found["C-FIND"], found["C-GET"], found["files"]) == (0, 0, left)
        assert all(control == 1 for (control,) in every(stage, "traces", "control"))
        emitted = [seen for seen in stage.record({}).of("emitted") if seen.data["stimulus"]]
        assert len(emitted) == 1


class TestRejection:
    """Objects that a note asks to withdraw."""

    @pytest.mark.parametrize(
        ("arguments", "entitled", "gone"),
        [
            (("--reject-by", "QC"), True, True),
            (("--reject-by", "QC"), False, False),
            (("--reject-by", "QC", "--flaw", "anyone_may_reject"), False, True),
            (("--reject-by", "QC", "--flaw", "ignores_rejection_notes"), True, False),
            ((), True, False),
        ],
    )
    def test_a_note_counts_for_who_has_the_right(
        self, arguments: tuple[str, ...], entitled: bool, gone: bool, opened: Open
    ) -> None:
        stage = opened(*arguments)
        thing = served_object(stage)
        reject(stage, thing, "quality", entitled=entitled)
        look_for(stage, thing)
        assert last(stage, "withdrawn")["gone"] is gone
        refused = not entitled and not gone
        assert last(stage, "offered")["status"] == (0x0124 if refused else 0)

    def test_what_is_not_served_cannot_be_seen_to_go(self, opened: Open) -> None:
        with pytest.raises(PreconditionUnmetError, match="was not taken"):
            served_object(opened("--flaw", "fails_store"))

    def test_only_rejecting_titles_count_and_every_reference_is_read(self) -> None:
        assert [*map(is_rejection, (b"113001", b"x113039 ", b"113000", b"1130010"))] == [
            True, True, False, False,
        ]  # fmt: skip
        reference = wire.Element(tag=0x00081155, vr="UI", value="1.2.3")
        item = wire.DataItem(elements=(reference,))
        nested = wire.Element(tag=0x00081199, vr="SQ", value=(item, item))
        for syntax in ("explicit", "implicit"):
            assert named_by(wire.encode_dataset([nested], syntax)) == [b"1.2.3"] * 2
        assert named_by(b"\x08\x00\x55\x11UI\xff") == []


class TestFolder:
    """Links and modes."""

    @pytest.mark.parametrize("target", ["nothing", "a file", "a folder"])
    @pytest.mark.parametrize("flaw", [(), ("--flaw", "follows_links")])
    def test_a_link_in_the_place_of_the_object(
        self, target: str, flaw: tuple[str, ...], opened: Open
    ) -> None:
        stage = opened(*flaw)
        store_over_a_link(stage, target)
        assert bool(last(stage, "planted")["beyond"]) == bool(flaw)
        storage = storage_folder(stage)
        assert storage is not None
        assert not [path for path in storage.root.rglob("*") if path.is_symlink()]

    @pytest.mark.parametrize(
        ("flaw", "modes"),
        [((), {0o600, 0o700}), (("--flaw", "world_writable_files"), {0o666, 0o700})],
    )
    def test_modes_of_what_came(self, flaw: tuple[str, ...], modes: set[int], opened: Open) -> None:
        stage = opened(*flaw)
        storage = storage_folder(stage)
        assert storage is not None
        offer(stage, marked(stage, 1))
        tell_modes(stage, storage)
        assert {str(each["mode"]) for each in items(last(stage, "modes")["entries"])} == {
            str(mode) for mode in modes
        }
        before = os.umask(0o022)
        os.umask(before)
        assert last(stage, "modes")["umask"] == before


class TestHook:
    """A command of ours that the device runs."""

    def test_plain_values_come_as_they_are(self, opened: Open) -> None:
        stage = opened()
        HookWatch(stage).send_plain()
        told = every(stage, "hooked", "value", "text", "literal", "marker")
        assert told[0] == ("calling_ae", "ASSAY", True, False)
        assert [value for value, *_ in told] == ["calling_ae", "patient_name", "sop_instance"]
        assert all(literal for _, _, literal, _ in told)

    @pytest.mark.parametrize("form", ["substitution", "quote", "line-break"])
    def test_no_form_is_carried_out(self, form: str, opened: Open) -> None:
        stage = opened("--calling", "ASSAY")
        HookWatch(stage).attack(form)
        told = by(stage, "hooked", "value", "literal")
        assert told["patient_name"]
        assert not any(marker for (marker,) in every(stage, "hooked", "marker"))
        assert not by(stage, "hooked", "value", "taken")["calling_ae"]

    def test_a_shell_is_found_out_and_nothing_is_left(self, opened: Open) -> None:
        stage = opened("--flaw", "hook_through_shell")
        HookWatch(stage).attack("substitution")
        assert by(stage, "hooked", "value", "marker")["patient_name"]
        lab = lab_of(stage)
        assert not list(lab.sandbox.rglob(f"m{stage.token[:5]}*"))

    def test_each_argument_is_noted_by_itself(self, opened: Open) -> None:
        stage = opened()
        offer(stage, marked(stage, 1).altered(hostile.PATIENT_NAME_TAG, "A  B^C D"))
        lab = lab_of(stage)
        heard = Path(f"{lab.values['hook']}.heard").read_bytes()
        file, calling, name, patient, end = heard.split(b"\x1f")
        assert (calling, patient, end) == (b"ASSAY", b"A  B^C D", b"\x1e")
        assert dcmread(file.decode()).SOPInstanceUID == name.decode()
