"""What a device says of its matches and commitments, from the record of a play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.errors import PreconditionUnmetError
from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from simulators.lab import Lab
from simulators.load.fullness import look_for_refused, make_room
from simulators.load.inquiry import commit, count_results
from simulators.load.scene import callers, load, look_for, plan, quickness, recover, rest
from simulators.sentinel import sentinel_stage
from tests.simulators.load.reference import AE, running

PROFILE = f"""
schema = 1
[device]
manufacturer = "dicom-assay"
model = "reference device"
[acceptor]
port = {{port}}
ae_title = "{AE}"
services = ["verification", "storage", "query-retrieve", "storage-commitment"]
[load]
storage_quota = {{quota}}
"""
QUOTA = 100_000


class Bench:
    """A laboratory, and nothing else."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab


@contextmanager
def staged(folder: Path, *more: str) -> Iterator[Stage]:
    with running(folder, *more) as device:
        profile = parse(PROFILE.format(port=device.port, quota=QUOTA), "device.toml")
        lab = Lab.equip(profile, folder / "run", lambda _: None)
        lab.storage = device.storage
        try:
            yield sentinel_stage(Bench(lab), lab.profile)
        finally:
            lab.close()


def witnessed(stage: Stage, kind: str) -> Mapping[str, JSON]:
    seen = stage.record({}).last(kind)
    assert seen is not None
    return seen.data


def test_a_load_is_witnessed_with_its_objects(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        driven = load(stage, plan(stage, "store", associations=2, count=12))
        look_for(stage, driven.acknowledged, compare=True)
    assert witnessed(stage, "load")["count"] == 12
    assert witnessed(stage, "emitted")["stimulus"] is True
    ledger = witnessed(stage, "ledger")
    assert (ledger["found"], ledger["compared"], ledger["lost"]) == (12, 12, 0)


def test_matches_are_counted_to_the_final_status(tmp_path: Path) -> None:
    with staged(tmp_path, "--max-results", "5") as stage:
        count_results(stage, load(stage, plan(stage, "store", count=9)).acknowledged)
    seen = witnessed(stage, "results")
    assert (seen["existing"], seen["received"], seen["status"]) == (9, 5, "A700H")


@pytest.mark.parametrize(("flaw", "falsely"), [("", 0), ("commits_what_it_lacks", 3)])
def test_commitments_of_the_unknown_are_told_from_others(
    tmp_path: Path, flaw: str, falsely: int
) -> None:
    with staged(tmp_path, *(("--flaw", flaw) if flaw else ())) as stage:
        commit(stage, load(stage, plan(stage, "store", count=6)).acknowledged, unknown=3)
    seen = witnessed(stage, "commitment")
    assert (seen["reported"], seen["committed"], seen["falsely"]) == (True, 6, falsely)


@pytest.mark.parametrize(("flaw", "there"), [("", False), ("keeps_partial_when_full", True)])
def test_what_did_not_fit_is_looked_for(tmp_path: Path, flaw: str, there: bool) -> None:
    more = ("--flaw", flaw) if flaw else ()
    with staged(tmp_path, "--quota", str(QUOTA), *more) as stage:
        what = plan(stage, "store", associations=1, count=QUOTA // 4096 + 4)
        driven = load(stage, what)
        look_for_refused(stage, driven)
        made = make_room(stage, what.uid_root)
        again = load(stage, plan(stage, "store", number=1, count=3)).measurement
    seen = witnessed(stage, "leftovers")
    assert seen["refused"] == driven.measurement.errors > 0
    assert bool(seen["found"]) is there
    assert made >= driven.acknowledged.count > 0
    assert (again.count, again.errors) == (3, 0)


def test_a_quick_device_has_recovered_at_once(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        usual = quickness(stage)
        recover(stage, usual, 10.0)
    seen = witnessed(stage, "recovery")
    assert (seen["ok"], seen["served"]) == (True, True)
    assert 0 < usual < 10


def test_a_device_that_is_gone_has_not_recovered(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        pass
    recover(stage, 0.01, 0.2)
    seen = witnessed(stage, "recovery")
    assert (seen["ok"], seen["served"]) == (False, False)


def test_a_device_that_is_not_ours_is_not_weighed(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        assert rest(stage, "before") is None
    assert stage.record({}).last("footing") is None


def test_titles_are_made_up_where_the_device_keeps_no_list(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        titles = callers(stage, 3)
    assert len(set(titles)) == 3
    assert all(0 < len(one) <= 16 for one in titles)


def test_a_load_beyond_the_scope_is_not_begun(tmp_path: Path) -> None:
    with staged(tmp_path) as stage, pytest.raises(PreconditionUnmetError, match="max_connections"):
        plan(stage, "echo", associations=500, count=1)
    with pytest.raises(PreconditionUnmetError, match="max_rate"):
        plan(stage, "echo", rate=1e5, count=1)
