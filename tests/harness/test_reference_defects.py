"""The reference defects: the list holds together, and its sums are told as they are."""

from __future__ import annotations

import pytest

from harness import calibration, devices, documents, reference_defects, registry
from harness.calibration import Outcome
from harness.reference_defects import Defect
from harness.verdict import ExitCode
from tests.harness import commands


def defect(name: str) -> Defect:
    return next(one for one in reference_defects.defects() if one.id == name)


def test_each_defect_is_made_of_flaws_and_each_peculiarity_is_a_twin() -> None:
    listed = [one.id for one in (*reference_defects.defects(), *reference_defects.benign())]
    assert listed == [f"MO-{n:02}" for n in range(1, 26)] + [f"FO-{n}" for n in range(1, 7)]
    flaws = {name for one in reference_defects.defects() for name in one.flaws}
    assert flaws <= set(devices.declared("flaws"))
    assert {one.id for one in reference_defects.benign()} == set(devices.declared("twins"))


def test_whoever_finds_a_defect_can_be_told_from_whoever_works_with_it() -> None:
    for one in reference_defects.defects():
        assert not set(one.expected) & set(one.works), one.id


def test_each_is_played_with_every_seed() -> None:
    jobs = reference_defects.plan(registry.load(), [0, 1])
    for one in (*reference_defects.defects(), *reference_defects.benign()):
        played = [(job.seed, name) for job in jobs if job.device == one.device
                  for name in job.scenarios]  # fmt: skip
        assert sorted(played) == sorted((seed, name) for seed in (0, 1) for name in one.wanted)


def test_a_defect_is_found_and_the_rest_works() -> None:
    (job,) = [
        job
        for job in reference_defects.plan(registry.load(), [0])
        if job.device == defect("MO-06").device
    ]
    document = reference_defects.summarise([calibration.perform(job)], [0])
    rows = document["rows"]
    assert isinstance(rows, dict)
    assert rows["MO-06"] == {"device": "flaw:ignores_source_host", "sound": True, "wrong": []}


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ({"AUT-003": "PASS"}, "AUT-003, seed 2: PASS, not FAIL: refused"),
        ({"AUT-001": "FAIL accepted"}, "AUT-001, seed 2: FAIL accepted, not PASS: no reason"),
    ],
)
def test_what_is_not_as_it_has_to_be_is_named(verdicts: dict[str, str], said: str) -> None:
    job = calibration.Job(device=defect("MO-06").device, seed=2, scenarios=tuple(verdicts))
    done = Outcome(job=job, verdicts=verdicts, reasons={"AUT-003": "refused"})
    rows = reference_defects.summarise([done], [2])["rows"]
    assert isinstance(rows, dict)
    assert rows["MO-06"] == {
        "device": "flaw:ignores_source_host", "sound": False, "wrong": [said],
    }  # fmt: skip


def test_the_page_says_what_finds_a_defect() -> None:
    page = documents.generated(registry.load())[reference_defects.PAGE]
    (row,) = [line for line in page.splitlines() if line.startswith("| MO-06 ")]
    assert "`ignores_source_host`" in row
    assert "[AUT-003](catalogue.md#aut-003)" in row


def test_one_list_at_a_time() -> None:
    said = commands.run("calibrate", "--flaw", "no_artim", "--reference-defects")
    assert said.code == ExitCode.USAGE
    assert "choose one of them" in said.err
