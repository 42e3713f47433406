"""The reference device with archives, pictures and media: sound, and wrong with each flaw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness import devices
from harness.model import JSON, Claim, Observation
from harness.stage import Packet
from simulators.bench import LabBench
from simulators.corpus import archives, drawings, exports
from simulators.exporting import Exporting
from simulators.reading import Reading
from simulators.rendering import Rendering
from simulators.sentinel import sentinel_stage
from tests.simulators.devices.media_probes import MEDIA_PROBES, Misdeed

Open = Callable[..., LabBench]
MOST = 128 << 20


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    benches: list[LabBench] = []

    def opening(*switched: str, sealed: bool = False) -> LabBench:
        claims = {Claim.EXPORTER, *([Claim.ENCRYPTS_MEDIA] if sealed else [])}
        profile = devices.embedded_profile(flaws=switched, claims=claims)
        benches.append(LabBench(profile, tmp_path, lambda said: None))
        return benches[-1]

    yield opening
    for bench in benches:
        bench.stop()


class Kept:
    """A witness that keeps what it is told for the test."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []

    def observed(self, play: str, seen: Observation) -> None:
        self.seen.append(seen)

    def packet(self, play: str, packet: Packet) -> None:
        raise AssertionError("a program that reads files has no connection")

    def keylog(self, play: str, line: str) -> None:
        raise AssertionError("a program that reads files has no session")


def played(bench: LabBench, probe: Misdeed) -> Mapping[str, JSON]:
    """Every observation of a play in one mapping; of equal keys the last one counts."""
    stage = sentinel_stage(bench, bench.profile)
    kept = Kept()
    stage.witness = kept
    files = probe.shelf.files(probe.case, stage.token)
    if probe.shelf in vars(archives).values():
        with Reading(stage, keeps=False) as desk:
            if probe.shelf is archives.LINKS:
                files = archives.linking(probe.case, stage.token, str(desk.bait), str(desk.absent))
            desk.read_archive(files[archives.NAME], probe.case, lie="x")
    elif probe.shelf in vars(exports).values():
        with Exporting(stage, keeps=False) as desk:
            desk.export(files, probe.case, lie="x")
    else:
        with Rendering(stage, keeps=False) as desk:
            octets = probe.shelf.only(probe.case, stage.token)
            if probe.shows == "samples":
                desk.decompress(octets, drawings.UNUSUAL[probe.case][1], probe.case, lie="x")
            else:
                desk.draw_twice(octets, probe.case, lie="x")
    found = {key: value for each in kept.seen for key, value in each.data.items()}
    drawn = [each.data for each in kept.seen if each.kind == "picture"]
    growth, size = found.get("growth_bytes"), max((octets_of(each) for each in drawn), default=0)
    return {
        **found,
        "growth": isinstance(growth, int) and growth > MOST,
        "picture": len({str(each["digests"]) for each in drawn}) > 1,
        "drawn": size > MOST // 2,
        "samples": found.get("equal") is False,
    }


def octets_of(drawn: Mapping[str, JSON]) -> int:
    octets = drawn["bytes"]
    assert isinstance(octets, int)
    return octets


@pytest.mark.parametrize("name", MEDIA_PROBES)
def test_that_a_flaw_misbehaves_as_it_says_and_the_sound_device_does_not(
    opened: Open, name: str
) -> None:
    probe = MEDIA_PROBES[name]
    sound = played(opened(sealed=probe.sealed), probe)
    assert not sound[probe.shows], sound[probe.shows]
    assert played(opened(name, sealed=probe.sealed), probe)[probe.shows]


@pytest.mark.parametrize("sealed", [False, True])
def test_that_the_sound_exporter_writes_a_medium_that_others_read(
    opened: Open, sealed: bool
) -> None:
    probe = Misdeed(exports.EXPORTS, "two-images", "lost", sealed=sealed)
    seen = played(opened(sealed=sealed), probe)
    assert (seen["outcome"], seen["files"], seen["directory"]) == ("RESPONDED", 3, True)
    wrong = ("lost", "missing", "untrue", "unlisted", "unread", "foreign", "extra", "unopened")
    assert [key for key in wrong if seen[key]] == []
    assert bool(seen["unsealed"]) is not sealed
    assert bool(seen["plain"]) is not sealed
    assert not sealed or not (seen["weak"] or seen["unproven"])


def test_that_the_sound_reader_reads_an_honest_archive(opened: Open) -> None:
    seen = played(opened(), Misdeed(archives.HONEST_ARCHIVE, "one-image", "crash"))
    assert seen["outcome"] == "RESPONDED"
    assert seen["opened"] is not False
