"""The reference device as a reader: strict and quiet, and wrong in one way with each flaw."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness import devices
from harness.model import JSON, Health, Role
from harness.specimens import Shelf
from simulators.bench import LabBench
from simulators.corpus import documents, media, pictures, structure
from simulators.devices.null.reader import BEHAVIOURS
from simulators.devices.null.reader import main as null_reader
from simulators.devices.reference.flaw_table import flaws
from simulators.objects import part10
from simulators.reading import Reading
from simulators.sentinel import sentinel_stage
from tests.simulators.devices.media_probes import MEDIA_PROBES
from tests.simulators.devices.reader_probes import READER_PROBES

Open = Callable[..., LabBench]
MOST = 128 << 20
HONEST = (structure.HONEST, pictures.HONEST_PICTURES, documents.HONEST_DOCUMENTS, media.HONEST)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    benches: list[LabBench] = []

    def opening(*switched: str, null: str = "") -> LabBench:
        profile = devices.null_profile(null) if null else devices.embedded_profile(flaws=switched)
        benches.append(LabBench(profile, tmp_path, lambda said: None))
        return benches[-1]

    yield opening
    for bench in benches:
        bench.stop()


def laid(bench: LabBench, shelf: Shelf, case: str, lie: str = "x") -> Mapping[str, JSON]:
    stage = sentinel_stage(bench, bench.profile)
    with Reading(stage, keeps=False) as desk:
        files = shelf.files(case, stage.token)
        if len(files) > 1:
            return desk.read_media(files, case, lie=lie).data
        return desk.read(shelf.only(case, stage.token), case, lie=lie).data


def shown(seen: Mapping[str, JSON]) -> set[str]:
    """What of a flaw an observation shows."""
    growth = seen["growth_bytes"]
    assert isinstance(growth, int)
    found = {
        "crash": bool(seen["crash"]), "hang": bool(seen["timed_out"]), "memory": growth > MOST,
        "outside": bool(seen["outside"]), "bait": bool(seen["baited"]),
        "control": bool(seen["control"]),
    }  # fmt: skip
    return {name for name, there in found.items() if there}


def test_that_every_flaw_of_the_reader_has_a_probe() -> None:
    seeded = {name for name, flaw in flaws().items() if flaw.role == "reader"}
    assert seeded == {*READER_PROBES, *MEDIA_PROBES}


def test_that_the_sound_reader_reads_what_is_honest_and_shows_nothing_else(opened: Open) -> None:
    bench = opened()
    assert bench.health(Role.READER).ok
    for shelf in HONEST:
        for case in shelf.makers:
            seen = laid(bench, shelf, case, lie="")
            assert (seen["outcome"], shown(seen)) == ("RESPONDED", set()), f"{shelf.name}/{case}"


@pytest.mark.parametrize("name", READER_PROBES)
def test_that_a_flaw_misbehaves_as_it_says_and_reads_what_is_honest(
    opened: Open, name: str
) -> None:
    probe = READER_PROBES[name]
    sound, flawed = opened(), opened(name)
    assert sound.health(Role.READER).ok
    assert flawed.health(Role.READER).ok
    before = laid(sound, probe.shelf, probe.case)
    after = laid(flawed, probe.shelf, probe.case)
    assert shown(before) == set()
    if probe.shows == "read":
        assert (before["outcome"], after["outcome"]) == ("REJECTED", "RESPONDED")
    else:
        assert probe.shows in shown(after)


@pytest.mark.parametrize("name", ["/planted", "../../../../planted", "1/../../../../../planted"])
def test_that_no_flaw_writes_beyond_what_lies_around_its_folder(tmp_path: Path, name: str) -> None:
    from simulators.devices.reference.reader_bounds import write_inside

    out = tmp_path / "desk" / "up" / "up" / "out"
    out.mkdir(parents=True)
    write_inside(out, name.replace("/planted", str(tmp_path / "planted"), 1).encode(), b"planted")
    write_inside(out, name.encode(), b"planted")
    assert not list(tmp_path.rglob("planted"))
    assert not Path("/planted").exists()


def test_that_no_flaw_starts_a_program_that_is_not_the_own_one_of_the_bench(
    tmp_path: Path,
) -> None:
    from simulators.devices.reference.reader_misuse import _start

    folder = tmp_path / "medium"
    folder.mkdir()
    ours = b"#!/bin/sh\n: >../assay-12\n"
    others = (b": >../assay-12\n", ours + b"touch ../more\n", ours.replace(b"assay", b"/tmp/x"))
    for octets in (*others, b"#!/bin/sh\n: >../assay-12/../more\n", b"\xff" * 1000):
        (folder / "autorun.sh").write_bytes(octets)
        _start(folder / "autorun.sh")
        assert [path.name for path in tmp_path.iterdir()] == ["medium"]
    (folder / "autorun.sh").write_bytes(ours)
    _start(folder / "autorun.sh")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assay-12", "medium"]


@pytest.mark.parametrize("kind", sorted({*BEHAVIOURS} - {"hang-all", "accept-all", "plain-on-tls"}))
def test_that_null_readers_are_out_of_service(opened: Open, kind: str) -> None:
    seen: Health = opened(null=kind).health(Role.READER)
    assert not seen.ok


def test_that_every_null_device_has_its_reader(tmp_path: Path) -> None:
    assert {*BEHAVIOURS} == {*devices.declared("null-kinds")}
    assert null_reader(["no-such-kind", str(tmp_path)]) == 2
    assert null_reader(["reject-all", str(tmp_path)]) == 1


def test_that_the_program_reads_aloud_and_names_what_it_writes_itself(
    opened: Open, tmp_path: Path
) -> None:
    bench = opened()
    stage = sentinel_stage(bench, bench.profile)
    file, out = tmp_path / "one.dcm", tmp_path / "out"
    out.mkdir()
    file.write_bytes(part10(stage))
    command = [sys.executable, "-m", "simulators.devices.reference", "read"]
    done = subprocess.run([*command, file, "--out", out], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"(00100010) SYNTHETIC^ASSAY" in done.stdout
    assert [path.name for path in out.iterdir()] == [f"2.25.{stage.token}.1.1.dcm"]
    gone = subprocess.run([*command, tmp_path / "none"], capture_output=True, check=False)
    assert (gone.returncode, gone.stderr) == (1, b"refused: No such file or directory\n")
