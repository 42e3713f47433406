"""The section ``tls_policies`` of run.json, and its lines at the end of a run."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from harness.model import JSON, Observation
from harness.run import Run
from harness.summary import policy_lines
from harness.tls_policy import published
from harness.tls_policy_report import policy_rows, summary_lines
from harness.tls_surface import KIND
from tests.harness import tls_surfaces
from tests.harness.fakes import seen

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schema" / "run.schema.json").read_text("utf-8")
)
CLAIMS: dict[str, JSON] = {"tls_profiles": ["B.12", "B.13"], "tls_policies": []}


def played(name: str, facts: dict[str, JSON] | None = None) -> list[Observation]:
    begin = seen("begin", "engine", facts=CLAIMS if facts is None else facts)
    return [begin, seen(KIND, **tls_surfaces.data(name))]


def rows(**plays: list[Observation]) -> list[dict[str, JSON]]:
    made = policy_rows(plays, {name: [name] for name in plays})
    return [row for row in made if isinstance(row, dict)]


def test_each_policy_has_a_row_on_each_side_that_was_seen() -> None:
    made = rows(one=played("reference"), two=played("dcmtk-echoscu"))
    sides = {(str(row["id"]), str(row["role"])) for row in made}
    assert sides == {(name, side) for name in published() for side in ("acceptor", "requestor")}
    assert {str(row["play"]) for row in made if row["role"] == "acceptor"} == {"one"}


def test_rows_satisfy_the_published_schema() -> None:
    schema = {**SCHEMA, **SCHEMA["$defs"]["tls_policy"]}
    schema.pop("allOf", None)
    for row in rows(one=played("weak-server"), two=played("reference-requestor")):
        jsonschema.Draft202012Validator(schema).validate(row)


def test_what_is_claimed_is_told_from_what_is_for_information() -> None:
    claimed = {str(row["id"]) for row in rows(one=played("reference")) if row["claimed"]}
    assert claimed == {"RFC 9325", "B.12", "B.13"}


def test_the_last_surface_of_a_judged_play_counts() -> None:
    plays = {"a": played("reference"), "b": played("orthanc"), "not-judged": played("weak-server")}
    made = policy_rows(plays, {"X-1": ["a", "b"]})
    assert {str(row["play"]) for row in made if isinstance(row, dict)} == {"b"}


def test_a_device_that_speaks_nothing_earns_nothing() -> None:
    silent = seen(KIND, side="acceptor", versions={"TLS 1.2": {"answer": "refused", "how": "x"}})
    assert {str(row["verdict"]) for row in rows(one=[silent])} == {"INCONCLUSIVE"}


def test_no_surface_no_rows() -> None:
    assert rows(one=[seen("hello"), seen(KIND, side="nobody")]) == []


def test_one_line_per_claimed_policy() -> None:
    lines = summary_lines(rows(one=played("reference"), two=played("dcmtk-echoscu")))
    assert lines == [
        "PS3.15 B.12 (acceptor): PASS",
        "PS3.15 B.13 (acceptor): PASS (1 rule not wholly testable with its certificate)",
        "RFC 9325 (acceptor): PASS",
        "PS3.15 B.12 (requestor): WARN",
        "PS3.15 B.13 (requestor): WARN",
        "RFC 9325 (requestor): WARN",
    ]


def test_a_line_says_what_is_broken_and_whose_word_it_is() -> None:
    named: dict[str, JSON] = {"tls_profiles": ["B.9", "B.13"]}
    lines = summary_lines(rows(one=played("orthanc", named)))
    assert "PS3.15 B.13 (acceptor): FAIL (broken: old-versions, signature-hash; " in "\n".join(
        lines
    )
    memory = summary_lines(rows(one=played("orthanc", {"tls_profiles": ["B.9"]})))[0]
    assert memory == "PS3.15 B.9 (acceptor): WARN (1 rule not read in the standard itself)"


def test_runs_of_before_have_no_lines() -> None:
    assert policy_lines(Run(folder=Path(), document={"results": []})) == []
