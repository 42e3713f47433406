"""The threat model: whole, with both directions and all horizons, and honest about its gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness import registry, requirements
from harness.errors import CatalogueError
from harness.model import JSON, Role, Scenario
from harness.standing import State
from harness.threats import coverage as threat_coverage
from harness.threats import model as threats
from harness.threats import standing as threat_standing
from harness.threats.model import Horizon, Threat

MODEL = threats.model()
THREATS = list(MODEL.threats.values())
NAMED_BY_SCENARIOS = {
    *(f"T-AVAIL-{number:02}" for number in range(1, 12)),
    *(f"T-INTEG-{number:02}" for number in (*range(1, 9), 20, 21)),
    *(f"T-CONF-{number:02}" for number in (*range(1, 6), 30, 31)),
    *(f"T-IMPERS-{number:02}" for number in range(1, 5)),
}
"""Ids that scenarios of the first releases name: they are in old records and never change."""


@pytest.fixture(name="catalogue", scope="module")
def _catalogue() -> Mapping[str, Scenario]:
    return registry.load()


def test_no_reference_of_the_model_dangles() -> None:
    assert threats.dangling(MODEL) == []


def test_every_threat_is_exercised_or_explained_and_answered(
    catalogue: Mapping[str, Scenario],
) -> None:
    assert threat_coverage.problems(catalogue) == []


def test_ids_of_old_records_are_still_known() -> None:
    assert MODEL.threats.keys() >= NAMED_BY_SCENARIOS


def test_both_directions_are_assumed_and_threatened() -> None:
    for direction in ("client to server", "server to client", "on path", "at the device"):
        assert any(one.direction == direction for one in MODEL.assumptions.values())
        assert sum(one.direction == direction for one in THREATS) >= 3


@pytest.mark.parametrize("horizon", list(Horizon))
def test_every_horizon_has_threats(horizon: Horizon) -> None:
    assert sum(one.horizon is horizon for one in THREATS) >= 2


@pytest.mark.parametrize("part", ["actors", "assets", "conduits", "boundaries"])
def test_every_part_of_the_frame_is_threatened(part: str) -> None:
    key = {"actors": "actor", "assets": "asset", "conduits": "conduits", "boundaries": "boundary"}
    used: set[str] = set()
    for one in THREATS:
        value = getattr(one, key[part])
        used |= {value} if isinstance(value, str) else set(value)
    assert used == getattr(MODEL, part).keys()


@pytest.mark.parametrize("letter", list(threats.STRIDE))
def test_every_kind_of_threat_occurs(letter: str) -> None:
    assert any(letter in one.stride for one in THREATS)


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.id)
def test_a_threat_says_what_it_means_and_what_is_left(threat: Threat) -> None:
    for text in (threat.it_view, threat.ot_view, threat.residual):
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith(".")
        assert len(text.split()) >= 5
    for text in filter(None, (threat.untested, threat.partly)):
        assert text.endswith(".")
        assert len(text.split()) >= 6
    assert not (threat.untested and threat.partly)
    assert len(set(threat.stride)) == len(threat.stride)
    assert threat.id not in threat.through


def _with(monkeypatch: pytest.MonkeyPatch, **changed: Threat) -> None:
    known = {**MODEL.threats, **{one.id: one for one in changed.values()}}
    monkeypatch.setattr(threats, "load", lambda: known)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("T-CONF-45", {"untested": ""}, "no scenario plays it"),
        ("T-AVAIL-02", {"untested": "We forgot about that one."}, "'untested' is stale"),
        ("T-INTEG-06", {"partly": ""}, "'partly' does not say which"),
        ("T-CONF-60", {"partly": ""}, "'partly' does not say which"),
        ("T-AVAIL-02", {"answered_by": ("NO/SUCH",)}, "'NO/SUCH', which is no requirement"),
    ],
)
def test_a_gap_that_nobody_explains_is_a_problem(
    catalogue: Mapping[str, Scenario],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    change: dict[str, object],
    said: str,
) -> None:
    _with(monkeypatch, one=MODEL.threats[name].model_copy(update=change))
    assert [one for one in threat_coverage.problems(catalogue) if said in one and name in one]


def test_a_direction_asks_for_its_role(catalogue: Mapping[str, Scenario]) -> None:
    found = threat_coverage.exercised(catalogue)
    assert found["T-AVAIL-02"].acceptor
    calling = (Role.REQUESTOR, Role.USER_AGENT)
    assert all(catalogue[one].role in calling for one in found["T-AVAIL-06"].requestor)
    twins = {one.id for one in catalogue.values() if one.positive and not one.question}
    assert not twins & {name for one in found.values() for name in one.scenarios}
    assert found["T-IMPERS-45"].status == "by a person"
    assert all(catalogue[one].question for one in found["T-IMPERS-45"].attested)
    only = {"ASC-900": replace(catalogue["ASC-900"], threats=("T-AVAIL-06",))}
    assert threat_coverage.exercised(only)["T-AVAIL-06"].status == "not exercised"


def test_requirements_and_threats_are_one_list() -> None:
    assert requirements.threats() is threats.load()


def _row(name: str, verdict: str, threat: str, twin: str = "ASC-900") -> dict[str, JSON]:
    return {"id": name, "verdict": verdict, "threats": [threat], "twin": twin}


def _fared(
    *rows: dict[str, JSON], threat: str = "T-INTEG-03", **document: JSON
) -> threat_standing.Fared:
    whole: dict[str, JSON] = {"complete": True, "results": list(rows), **document}
    return threat_standing.fared(whole)[threat]


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        (["PASS", "FAIL", "ERROR"], State.BROKEN),
        (["PASS", "INCONCLUSIVE"], State.UNDECIDED),
        (["PASS", "ERROR"], State.UNDECIDED),
        (["PASS", "REVIEW"], State.MANUAL),
        (["PASS", "WARN"], State.WARNED),
        (["PASS", "NOT_APPLICABLE"], State.HOLDS),
        (["NOT_APPLICABLE"], State.NOT_APPLICABLE),
        ([], State.NOT_TESTED),
    ],
)
def test_the_worst_result_decides_how_a_threat_fared(verdicts: list[str], state: State) -> None:
    rows = [_row(f"STO-{n:03}", one, "T-INTEG-03") for n, one in enumerate(verdicts)]
    found = _fared(*rows)
    assert found.state is state
    assert found.reason
    if state is State.BROKEN:
        assert (found.failed, found.counted, found.scenarios[0]) == (1, 3, "STO-001")


def test_a_twin_alone_holds_nothing_off() -> None:
    assert _fared(_row("ASC-900", "PASS", "T-INTEG-03", twin="")).state is State.NOT_TESTED


@pytest.mark.parametrize(
    ("verdict", "state", "words"),
    [
        ("PASS", State.HOLDS, "attested"),
        ("FAIL", State.BROKEN, "got through"),
        ("REVIEW", State.MANUAL, "waits for a person"),
    ],
)
def test_the_word_of_a_person_is_not_called_a_measurement(
    verdict: str, state: State, words: str
) -> None:
    row = {**_row("REV-013", verdict, "T-IMPERS-45", twin=""), "role": "device"}
    found = _fared(row, threat="T-IMPERS-45")
    assert (found.state, found.words, found.attested) == (state, words, True)
    assert "1 of 1 question " in found.reason
    both = _fared(row, _row("AUT-001", "PASS", "T-IMPERS-45"), threat="T-IMPERS-45")
    assert not both.attested
    assert "1 of 1 attack held off" in both.reason


def test_a_question_that_nobody_asked_leaves_a_threat_open() -> None:
    row = {**_row("REV-013", "NOT_APPLICABLE", "T-IMPERS-45", twin=""), "role": "device"}
    found = _fared(row, threat="T-IMPERS-45")
    assert found.state is State.NOT_TESTED
    assert found.reason.startswith("Needs the console")


def test_an_incomplete_run_never_says_held_off() -> None:
    found = _fared(_row("STO-001", "PASS", "T-INTEG-03"), complete=False)
    assert found.state is State.UNDECIDED
    assert "incomplete" in found.reason
    assert _fared(_row("STO-001", "FAIL", "T-INTEG-03"), complete=False).state is State.BROKEN


@pytest.mark.parametrize(
    ("waiver", "state"),
    [
        ({"state": "met", "verdict": "FAIL"}, State.WAIVED),
        ({"state": "expired", "verdict": "FAIL"}, State.BROKEN),
        ({"state": "met", "verdict": "WARN"}, State.BROKEN),
    ],
)
def test_only_a_waiver_that_is_met_waives(waiver: dict[str, JSON], state: State) -> None:
    row = _row("STO-001", "FAIL", "T-INTEG-03")
    assert _fared(row, waivers=[{"scenario": "STO-001", **waiver}]).state is state


def test_a_threat_fares_no_better_than_what_it_goes_through() -> None:
    assert threats.load()["T-IMPERS-42"].through == ("T-CONF-30", "T-AVAIL-10", "T-INTEG-01")
    rows = (_row("AUT-001", "PASS", "T-CONF-30"), _row("LOAD-001", "FAIL", "T-AVAIL-10"))
    found = _fared(*rows, threat="T-IMPERS-42")
    assert found.state is State.BROKEN
    assert found.partial
    assert "T-AVAIL-10" in found.reason
    good = _fared(rows[0], threat="T-IMPERS-42")
    assert (good.state, good.partial) == (State.HOLDS, True)


def test_words_of_strangers_are_no_threats() -> None:
    row = {**_row("X", "FAIL", "T-UNKNOWN"), "threats": ["<b>", 7, None]}
    found = threat_standing.fared({"complete": True, "results": [row, "x"]})
    assert found.keys() == MODEL.threats.keys()
    assert all(one.state is State.NOT_TESTED for one in found.values())
    assert threat_standing.fared({}).keys() == MODEL.threats.keys()


_ZONES = '[[zone]]\nid = "a"\ntitle = "A"\nscope = "S"\n'


@pytest.mark.parametrize(
    ("frame", "listed", "said"),
    [
        (_ZONES * 2, "", "zone a is declared twice"),
        (_ZONES + 'colour = "x"\n', "", "zone a: colour: Extra inputs"),
        (
            _ZONES + '[[element]]\nid = "e"\ntitle = "E"\nkind = "store"\nzone = "b"\n',
            "",
            "element e: zone names 'b', which is not declared",
        ),
        (_ZONES, '[[threat]]\nid = "T-X"\ntitle = "t"\n', "threat T-X: direction: Field required"),
    ],
)
def test_a_bad_model_is_refused_by_name(
    frame: str, listed: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "threat_model.toml").write_text(frame, "utf-8")
    (folder / "threats.toml").write_text(listed, "utf-8")
    monkeypatch.setattr(threats, "files", lambda _package: tmp_path)
    with pytest.raises(CatalogueError, match=said):
        threats.model.__wrapped__()
