"""OSCAL assessment results, judged by the models and validators of compliance-trestle."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from trestle.oscal import OSCAL_VERSION
from trestle.oscal.assessment_results import Model, Result

from harness import requirements
from harness.run import Run
from harness.standing import standings
from reports import oscal, oscal_words
from tests.reports import builder
from tests.reports.rows import result

RUNS = ("sample", "incomplete", "concluded_run", "hostile_run", "hostile_concluded_run")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _document(run: Run) -> Any:
    return json.loads(oscal.render(run))["assessment-results"]


def _result(run: Run) -> Result:
    return Model.model_validate_json(oscal.render(run)).assessment_results.results[0]


@pytest.mark.parametrize("name", RUNS)
def test_trestle_takes_it(name: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(name)
    assert len(_result(run).observations or []) >= len(run.results)
    assert _document(run)["metadata"]["oscal-version"] == OSCAL_VERSION


def test_every_reference_resolves_and_no_uuid_is_used_twice(concluded_run: Run) -> None:
    text = oscal.render(concluded_run).decode("ascii")
    defined = re.findall(r'"uuid": "([^"]+)"', text)
    assert len(set(defined)) == len(defined)
    assert all(map(_UUID.fullmatch, defined))
    used = re.findall(r'"[a-z]+-uuid": "([^"]+)"', text) + re.findall(r'"href": "#([^"]+)"', text)
    assert used
    assert set(used) <= set(defined)


def test_findings_are_what_clearly_stands(sample: Run) -> None:
    stands = standings(sample.document)
    found = {
        next(p["value"] for p in one["props"] if p["name"] == "requirement-id"): one["target"]
        for one in _document(sample)["results"][0]["findings"]
    }
    clear = {"holds", "warned", "broken", "waived"}
    assert set(found) == {name for name, one in stands.items() if one.state.value in clear}
    for name, target in found.items():
        good = stands[name].state.value in ("holds", "warned")
        assert target["status"]["state"] == ("satisfied" if good else "not-satisfied")
        whole = target["target-id"] == f"{oscal_words.token(name)}_obj"
        assert whole or (good and stands[name].partial)


def test_a_requirement_that_is_held_in_part_is_no_satisfied_requirement(tmp_path: Path) -> None:
    partial = next(name for name, one in standings_of_passes(tmp_path).items() if one)
    run = builder.build(tmp_path / "run", [result("ASC-001", "PASS", requirements=[partial])])
    ids = {one["target"]["target-id"] for one in _document(run)["results"][0]["findings"]}
    assert f"{oscal_words.token(partial)}_tested-part" in ids
    assert f"{oscal_words.token(partial)}_obj" not in ids


def standings_of_passes(folder: Path) -> dict[str, bool]:
    """Whether each requirement would be held in part, if one result that verifies all passed."""
    names = [*requirements.load()]
    run = builder.build(folder / "all", [result("ASC-001", "PASS", requirements=[*names])])
    return {name: one.partial for name, one in standings(run.document).items()}


def test_what_is_open_is_an_observation_and_named_in_the_remarks(tmp_path: Path) -> None:
    rows = [result("ASC-001", "INCONCLUSIVE", requirements=["PS3.8/9.3.1"])]
    document = _document(builder.build(tmp_path / "run", rows))["results"][0]
    assert "findings" not in document
    assert "risks" not in document
    assert document["observations"][0]["remarks"].startswith("Open:")
    assert "undecided: PS3.8/9.3.1" in document["remarks"]


def test_a_waiver_is_an_approved_deviation_with_a_deadline(concluded_run: Run) -> None:
    risks = {
        next(p["value"] for p in risk["props"] if p["name"] == "scenario"): risk
        for risk in _document(concluded_run)["results"][0]["risks"]
    }
    assert risks["ASC-003"]["status"] == "deviation-approved"
    assert risks["ASC-003"]["deadline"] == "2027-01-01T00:00:00+00:00"
    assert risks["ASC-005"]["status"] == "open"


def test_an_attestation_is_an_examination(concluded_run: Run) -> None:
    seen = _document(concluded_run)["results"][0]["observations"]
    assert [one["methods"] for one in seen if "attested by" in one["title"]] == [["EXAMINE"]]
    assert {one["methods"][0] for one in seen if one["title"].startswith("ASC-")} == {"TEST"}


def test_controls_give_back_the_ids_of_requirements(sample: Run) -> None:
    (chosen,) = _document(sample)["results"][0]["reviewed-controls"]["control-selections"]
    back = {prop["class"]: prop["value"] for prop in chosen["props"]}
    names = {one["control-id"] for one in chosen["include-controls"]}
    assert set(back) == names
    assert all(oscal_words.token(value) == key for key, value in back.items())
    verified = {str(name) for row in sample.results for name in _texts(row["requirements"])}
    assert verified <= set(back.values())


def test_tokens_are_never_shared() -> None:
    names = [*requirements.load(), "A_B", "A/B", "A B", "", "é", "x" * 200, "1a"]
    tokens = {oscal_words.token(name) for name in names}
    assert len(tokens) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9._\-]*", one) for one in tokens)


def test_output_is_stable(concluded_run: Run) -> None:
    assert oscal.render(concluded_run) == oscal.render(concluded_run)


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
