"""What a device makes of what it acknowledges, as it is witnessed: against the reference device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from simulators.datasets import Specimen, decoy_of, honest, written
from simulators.datasets.identities import DISPUTED
from simulators.datasets.items import DELIMITERS
from simulators.datasets.specimen import Content
from simulators.lab import Lab
from simulators.readback import content_of, look_back, offer, offer_and_look_back
from simulators.sentinel import sentinel_stage
from simulators.wire import uids
from tests.simulators.devices.running import reference

PROFILE = """
schema = 1
[device]
manufacturer = "reference"
model = "archive"
[acceptor]
port = {port}
ae_title = "REFERENCE"
calling_ae_titles = ["ASSAY"]
services = [{services}]
"""
ARCHIVE = '"verification", "storage", "query", "retrieve"'


@contextmanager
def archive(folder: Path, *arguments: str, services: str = ARCHIVE) -> Iterator[Stage]:
    """A stage whose device is the reference device."""
    with reference(folder, *arguments) as running:
        profile = parse(PROFILE.format(port=running.port, services=services), "archive.toml")
        lab = Lab.equip(profile, folder / "run", lambda _text: None)
        try:
            yield sentinel_stage(SimpleNamespace(lab=lab), lab.profile, "PAR-910")
        finally:
            lab.close()


def seen(stage: Stage, kind: str, actor: str = "polite") -> list[dict[str, JSON]]:
    return [dict(each.data) for each in stage.record({}).of(kind, actor)]


def test_an_honest_object_is_found_and_comes_back_the_same(tmp_path: Path) -> None:
    with archive(tmp_path) as stage:
        offer_and_look_back(stage, honest)
        (kept,) = seen(stage, "kept")
    patient = content_of(stage)
    assert kept["listed"] == kept["returned"] == [f"SYN{stage.token[:10]}01"]
    assert (kept["came"], kept["same"], kept["lost"], kept["fault"]) == (1, True, [], "")
    assert (kept["promised"], kept["owes"], kept["status"]) == (True, 3, 0)
    assert len({each.tag for each in patient}) == len(patient)


def test_implicit_objects_come_back_in_their_own_transfer_syntax(tmp_path: Path) -> None:
    with archive(tmp_path) as stage:
        specimen = honest(content_of(stage), uids.IMPLICIT_LE)
        for taken, status in offer(stage, [specimen]):
            assert look_back(stage, taken, status)
        assert [kept["same"] for kept in seen(stage, "kept")] == [True]


def test_what_is_refused_is_not_looked_for(tmp_path: Path) -> None:
    with archive(tmp_path) as stage:
        offer_and_look_back(stage, DELIMITERS["stray-item-end"])
        assert seen(stage, "kept") == []
        assert [each["status"] for each in seen(stage, "outcome", "attacker")] == [0xC000]


def test_pixels_that_are_gone_are_missed(tmp_path: Path) -> None:
    with archive(tmp_path, "--flaw", "salvages_readable_part") as stage:
        offer_and_look_back(stage, DELIMITERS["stray-item-end"])
        (kept,) = seen(stage, "kept")
    assert (kept["came"], kept["same"], kept["lost"]) == (1, False, ["7FE00010"])


def test_another_patient_is_seen(tmp_path: Path) -> None:
    with archive(tmp_path, "--flaw", "searches_for_identity") as stage:
        offer_and_look_back(stage, DISPUTED["in-an-unknown-value"])
        (kept,) = seen(stage, "kept")
        assert kept["listed"] == [decoy_of(content_of(stage))]


def test_what_is_gone_is_offered_once_more(tmp_path: Path) -> None:
    """Nothing comes back; only what is gone twice is witnessed as kept."""
    with archive(tmp_path, "--flaw", "fails_get") as stage:
        offer_and_look_back(stage, honest)
        assert [each["came"] for each in seen(stage, "kept")] == [0]
        assert len(seen(stage, "missed")) == 1
        both = [*seen(stage, "kept"), *seen(stage, "missed")]
        assert len({str(each["sop_instance"]) for each in both}) == 2


def test_a_device_without_query_is_not_asked(tmp_path: Path) -> None:
    with archive(tmp_path, services='"verification", "storage"') as stage:
        offer_and_look_back(stage, honest)
        (kept,) = seen(stage, "kept")
    assert (kept["listed"], kept["came"]) == (None, None)


def test_every_specimen_is_offered_though_associations_end(tmp_path: Path) -> None:
    """The worker dies of the second, and the third goes on a new association."""
    with archive(tmp_path, "--flaw", "crashes_on_cut_element") as stage:
        specimens = [_cut(content_of(stage, 1), 0), _cut(content_of(stage, 2), 2),
                     _cut(content_of(stage, 3), 0)]  # fmt: skip
        taken = offer(stage, specimens)
        ends = [each["outcome"] for each in seen(stage, "outcome", "attacker")]
    assert ends == ["RESPONDED", "CLOSED", "RESPONDED"]
    assert [(one.sop_instance, status) for one, status in taken] == [
        (specimens[0].sop_instance, 0),
        (specimens[2].sop_instance, 0),
    ]


def _cut(content: Content, octets: int) -> Specimen:
    raw = honest(content).octets
    return written(content, octets=raw[: len(raw) - octets])
