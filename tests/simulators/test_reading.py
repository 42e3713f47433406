"""A desk at which a program reads: what is witnessed of its end, its cost and its traces."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness import profile as profiles
from harness.errors import BenchError, HarnessError
from harness.model import JSON, Role
from simulators.bench import LabBench
from simulators.objects import part10
from simulators.reading import CLIMB, DICOMDIR, Reading
from simulators.sentinel import sentinel_stage

PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "program"
[reader]
command = ["{python}", "-S", "-c", '''COMMAND''', "{file}", "{out}"]
timeout_s = 3.0
media = true
exit_codes = { read = [0], refused = [3] }
"""
READS = "import sys; data = open(sys.argv[1], 'rb').read(); "
Open = Callable[[str], LabBench]
MIB = 1 << 20


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    benches: list[LabBench] = []

    def opening(command: str) -> LabBench:
        profile = profiles.parse(PROFILE.replace("COMMAND", command), "")
        benches.append(LabBench(profile, tmp_path, lambda said: None))
        return benches[-1]

    yield opening
    for bench in benches:
        bench.stop()


def read(bench: LabBench, octets: bytes = b"x" * 200) -> Mapping[str, JSON]:
    with Reading(sentinel_stage(bench, bench.profile)) as desk:
        return desk.read(octets, "a file", lie="all").data


def test_that_reading_refusing_and_what_nobody_explains_differ(opened: Open) -> None:
    for code, outcome in ((0, "RESPONDED"), (3, "REJECTED"), (4, "CLOSED")):
        assert read(opened(f"{READS} sys.exit({code})"))["outcome"] == outcome


def test_that_only_a_program_that_opens_an_honest_file_is_in_service(opened: Open) -> None:
    assert opened(READS).health(Role.READER).ok
    idle = opened("pass").health(Role.READER)
    assert not idle.ok
    assert "not even opened" in idle.detail


@pytest.mark.parametrize(
    "command",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "raise IndexError",
        "import sys; sys.exit(139)",
        "print('==1==ERROR: AddressSanitizer: heap-buffer-overflow')",
    ],
)
def test_that_a_crash_is_known_by_what_it_leaves(opened: Open, command: str) -> None:
    assert read(opened(READS + command))["crash"]


def test_that_an_error_that_was_handled_is_no_crash(opened: Open) -> None:
    handled = "print('Traceback (most recent call last):')"
    assert read(opened(READS + handled))["crash"] == []


def test_that_a_hang_ends_with_its_time(opened: Open) -> None:
    seen = read(opened("import time; time.sleep(60)"))
    assert seen["timed_out"]
    assert seen["crash"] == []
    assert seen["outcome"] == "TIMEOUT"


@pytest.mark.parametrize(
    ("command", "stopped"),
    [
        ("while True: print('x' * 65536)", "output"),
        ("f = open('big', 'wb')\nwhile True: f.write(b'x' * 1048576)", "disk"),
        ("f = open('../../big', 'wb')\nwhile True: f.write(b'x' * 1048576)", "disk"),
        ("kept = []\nwhile True: kept.append(b'x' * 16777216)", "memory"),
    ],
)
def test_that_no_reader_costs_the_machine_or_us_what_it_likes(
    opened: Open, command: str, stopped: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seen = read(opened(command))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert seen["stopped"] == stopped
    assert (after - before) * 1024 < 200 * MIB


def test_that_a_large_file_costs_us_little(opened: Open) -> None:
    octets = bytes(48 * MIB)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read(opened(READS), octets)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < 200 * MIB


def test_that_memory_beyond_an_honest_file_is_seen(opened: Open) -> None:
    bench = opened(READS + "taken = b'x' * (100 << 20) if data[:1] == b'x' else b''")
    assert bench.health(Role.READER).ok
    growth = read(bench)["growth_bytes"]
    assert isinstance(growth, int)
    assert 80 * MIB < growth < 130 * MIB


def test_that_what_is_planted_or_changed_is_seen_and_the_output_folder_is_free(
    opened: Open,
) -> None:
    writes = "open(sys.argv[2] + '/made', 'w'); open('work', 'w'); "
    assert read(opened(READS + writes))["outside"] == []
    assert read(opened(READS + "open('../planted', 'w')"))["outside"] == ["up/up/planted"]
    changed = read(opened(READS + "open(sys.argv[1], 'ab').write(b'x')"))["outside"]
    assert changed == ["in/1/IMAGE.DCM"]


def test_that_whoever_leaves_the_medium_is_seen(opened: Open) -> None:
    climbs = "/".join(CLIMB)
    follow = f"import os; open(os.path.dirname(sys.argv[1]) + '/{climbs}', 'rb').read()"
    for command, baited in ((READS, False), (READS + follow, True)):
        bench = opened(command)
        with Reading(sentinel_stage(bench, bench.profile)) as desk:
            seen = desk.read_media({DICOMDIR: b"x", "IMAGES/ONE": b"y"}, "a medium", lie="id")
        assert seen.data["baited"] is baited
        assert seen.data["opened"] is True


@pytest.mark.parametrize(
    ("printed", "controls"),
    [
        ("b'plain\\ttext\\r\\n'", 0),
        ("'f\u00fcnf'.encode()", 0),
        ("b'\\xe9t\\xe9'", 0),
        ("b'\\x1b]0;title\\x07'", 2),
        ("b'\\x9b31m'", 1),
        ("b'\\xc2\\x9b31m'", 1),
    ],
)
def test_that_controls_of_a_terminal_are_told_from_text(
    opened: Open, printed: str, controls: int
) -> None:
    found = read(opened(READS + f"sys.stdout.buffer.write({printed})"))["control"]
    assert isinstance(found, list)
    assert len(found) == controls


def test_that_specimens_lie_in_their_folder_and_the_desk_goes(opened: Open) -> None:
    bench = opened(READS)
    stage = sentinel_stage(bench, bench.profile)
    with Reading(stage) as desk:
        assert desk.read(part10(stage), "an honest file").data["outcome"] == "RESPONDED"
        for name in ("../out", "/out"):
            with pytest.raises(HarnessError, match="may not lie outside"):
                desk.read_media({DICOMDIR: b"", name: b""}, "a medium")
    assert list((bench.lab.sandbox / "reads").iterdir()) == []


def test_that_a_missing_program_is_named_with_its_key(tmp_path: Path) -> None:
    text = PROFILE.replace('"{python}"', '"no-such-program"')
    bench = LabBench(profiles.parse(text, ""), tmp_path, lambda said: None)
    with pytest.raises(BenchError, match=r"'reader\.command'.*no-such-program"):
        bench.health(Role.READER)
    bench.stop()
