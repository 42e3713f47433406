"""A reproducer reads as it was written; whatever else is in such a file is refused in one line."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ProfileError, RecordError
from harness.fuzzing import Fuzzing, reproducer_in, scenario_of, selected
from simulators.fuzz import reproducer
from simulators.fuzz.reproducer import Reproducer
from simulators.fuzz.script import Script, Segment

STORED = Reproducer(
    scenario="FUZ-001",
    exchange="echo",
    mutations=("length zero of A-ASSOCIATE-RQ items[0].length",),
    kind="crash",
    reason="the device crashed",
    scripts=(
        Script(0, (Segment(b"\1\0", 0.02), Segment(b"\2", answered=True)), "reset"),
        Script(1, (Segment(b"\3"),)),
    ),
    fields=((("type", 0, 1), ("items[0].length", 1, 1)), (), (("body", 0, 1),)),
    origin={"seed": 3},
)


def test_it_reads_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "fuzz" / "FUZ-001.1.json"
    STORED.write(path)
    read = reproducer.read(path)
    assert read.scripts == STORED.scripts
    assert [list(each) for each in read.fields] == [list(each) for each in STORED.fields]
    assert (read.mutations, read.origin) == (STORED.mutations, STORED.origin)
    assert scenario_of(path) == "FUZ-001"
    assert reproducer_in(tmp_path, "FUZ-001.1") == path
    assert reproducer_in(tmp_path, "FUZ-001.2") is None
    assert reproducer_in(tmp_path, "../FUZ-001.1") is None


def test_a_file_in_place_of_a_glob_selects_its_scenario(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    STORED.write(path)
    chosen, fuzzing = selected((str(path),), Fuzzing())
    assert chosen == ("FUZ-001",)
    assert fuzzing.reproducer == path
    with pytest.raises(ProfileError, match="one reproducer"):
        selected((str(path), str(path)), Fuzzing())


def test_asking_for_mutants_selects_the_fuzzing_scenarios_besides() -> None:
    known = ["ASC-001", "FUZ-001"]
    assert selected(("ASC-*",), Fuzzing(mutants=9), known)[0] == ("ASC-*", "FUZ-*")
    assert selected(("ASC-*",), Fuzzing(), known)[0] == ("ASC-*",)
    assert selected((), Fuzzing(mutants=9), known)[0] == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "other"}', "\ud800".encode("utf-8", "replace").decode()]
)
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "no.json"
    path.write_text(text, "utf-8")
    with pytest.raises(RecordError, match="is no reproducer"):
        reproducer.read(path)


@given(st.data())
def test_a_damaged_reproducer_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    document = STORED.document()
    key = data.draw(st.sampled_from(sorted(document)))
    junk = st.none() | st.integers() | st.text(max_size=4) | st.lists(st.integers(), max_size=2)
    document[key] = data.draw(junk | st.dictionaries(st.text(max_size=3), junk, max_size=2))
    path = tmp_path_factory.mktemp("damaged") / "x.json"
    path.write_text(json.dumps(document), "utf-8")
    with contextlib.suppress(RecordError):
        assert reproducer.read(path).scripts
