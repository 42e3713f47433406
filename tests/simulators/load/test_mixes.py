"""Mixed days: the same tasks for the same seed, as often as they say, and errors that help."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from pathlib import Path

import pytest

from harness.errors import RequestError
from simulators.load import mixes
from simulators.load.mixture import Mix, parse
from simulators.load.objects import natural_size

OURS = ("hospital-morning", "migration", "small-clinic", "trauma-night")
CLINIC = """
schema = 1
title = "x"
duration_s = 3600.0
studies_per_hour = 600.0

[[studies]]
modality = "CT"
share = 3
images = [2, 4]
every_s = 1.0

[[studies]]
modality = "SC"
share = 1
size_bytes = 4096

[per_study]
find = 1.5
commit = 1.0

[[bursts]]
at_s = 1200.0
for_s = 1200.0
factor = 3.0
modalities = ["SC"]
"""


def clinic() -> Mix:
    return parse(CLINIC, "clinic.toml")


def test_ours_are_all_there() -> None:
    assert mixes.names() == OURS


@pytest.mark.parametrize("name", OURS)
def test_every_mix_of_ours_has_shares_that_sum_to_one(name: str) -> None:
    mix = mixes.load(name)
    assert sum(mixes.weights(mix).values()) == pytest.approx(1)
    assert sum(share for _, _, share in mixes.blend(mix)) == pytest.approx(1)
    assert mixes.weights(mix)["store"] > 0.5


@pytest.mark.parametrize("name", OURS)
def test_every_mix_of_ours_tells_where_its_numbers_come_from(name: str) -> None:
    path = Path(mixes.__file__).with_name("mixes") / f"{name}.toml"
    comment = path.read_text("utf-8").partition("schema =")[0]
    assert "assumed" in comment


@pytest.mark.parametrize("name", OURS)
def test_the_same_seed_gives_the_same_tasks(name: str) -> None:
    mix = mixes.load(name)
    first = list(islice(mixes.plan(mix, 4), 500))
    assert list(islice(mixes.plan(mix, 4), 500)) == first
    assert list(islice(mixes.plan(mix, 5), 500)) != first


def test_tasks_are_in_the_order_in_which_they_are_due_and_within_the_day() -> None:
    mix = clinic()
    tasks = list(mixes.plan(mix, 1))
    assert all(one.at_s <= other.at_s for one, other in pairwise(tasks))
    assert tasks[0].at_s >= 0
    assert tasks[-1].at_s < mix.duration_s


def test_tasks_come_as_often_as_the_weights_say() -> None:
    mix = clinic()
    tasks = [task for seed in range(5) for task in mixes.plan(mix, seed)]
    counted = Counter(task.operation for task in tasks)
    for operation, share in mixes.weights(mix).items():
        assert counted[operation] / len(tasks) == pytest.approx(share, abs=0.02)
    stored = Counter(task.modality for task in tasks if task.operation == "store")
    for modality, _, share in mixes.blend(mix):
        assert stored[modality] / stored.total() == pytest.approx(share, abs=0.02)


def test_a_burst_has_more_studies_of_its_modalities_and_no_others() -> None:
    begun = [
        task
        for seed in range(5)
        for task in mixes.plan(clinic(), seed)
        if task.operation == "store" and task.image == 0
    ]
    inside = Counter(task.modality for task in begun if 1200 <= task.at_s < 2400)
    outside = Counter(task.modality for task in begun if not 1200 <= task.at_s < 2400)
    assert inside["SC"] / (outside["SC"] / 2) == pytest.approx(3, rel=0.2)
    assert inside["CT"] / (outside["CT"] / 2) == pytest.approx(1, rel=0.2)


def test_a_study_is_asked_for_then_stored_at_its_pace_then_committed() -> None:
    tasks = [task for task in mixes.plan(clinic(), 1) if task.modality == "CT"]
    study = [task for task in tasks if task.study == tasks[0].study]
    stored = [task for task in study if task.operation == "store"]
    assert [task.image for task in stored] == list(range(len(stored)))
    assert 2 <= len(stored) <= 4
    assert all(b.at_s - a.at_s == pytest.approx(1) for a, b in pairwise(stored))
    assert study[0].operation == "find"
    assert study[-1].operation == "commit"
    assert {task.size_bytes for task in stored} == {natural_size("CT")}


def test_a_day_can_pass_faster() -> None:
    usual = list(mixes.plan(clinic(), 1))
    faster = list(mixes.plan(clinic(), 1, faster=60))
    assert len(faster) == len(usual)
    assert faster[-1].at_s == pytest.approx(usual[-1].at_s / 60)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("title", "titel"), ("unknown key 'titel'", "did you mean 'title'?")),
        (("share = 3", "shares = 3"), ("unknown key 'studies.0.shares'", "'share'?")),
        (("factor = 3.0", "factor = -1"), ("'bursts.0.factor'", "got -1")),
        (("[2, 4]", "[4, 2]"), ("images must be [least, most]", "swap [4, 2]")),
        (('"CT"', '"XX"'), ("'studies.0.modality'", "got 'XX'")),
        (('modality = "CT"', 'modality = "SC"'), ("SC more than once", "join them")),
        (("duration_s = 3600.0", ""), ("missing key 'duration_s'", "add it")),
        (("commit = 1.0", "move = 1.0"), ("unknown key 'per_study.move'", "known keys here")),
        (("schema = 1", "schema = "), ("not valid TOML",)),
        (("size_bytes = 4096", "size_bytes = 1"), ("'studies.1.size_bytes'", "got 1")),
    ],
)
def test_a_wrong_key_is_named_with_the_way_out(
    change: tuple[str, str], words: tuple[str, ...]
) -> None:
    text = CLINIC.replace(*change, 1)
    assert text != CLINIC
    with pytest.raises(RequestError) as caught:
        parse(text, "clinic.toml")
    said = str(caught.value)
    assert said.startswith("clinic.toml: ")
    assert [word for word in words if word not in said] == []


def test_a_mix_of_the_users_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(CLINIC, "utf-8")
    assert mixes.load(str(path)) == clinic()


@pytest.mark.parametrize(
    ("name", "word"), [("migratoin", "did you mean 'migration'?"), ("qqq", "ours are hospital-")]
)
def test_a_mix_that_is_not_there_is_said_so(name: str, word: str) -> None:
    with pytest.raises(RequestError, match="no such mix") as caught:
        mixes.load(name)
    assert word in str(caught.value)
