from __future__ import annotations

import json
import re

import jsonschema
import pytest

from harness import coverage, registry, requirements, schemas, terminal
from harness.coverage import Status
from harness.verdict import ExitCode
from tests.harness.commands import run

_CONTRACT = {
    "id", "title", "family", "role", "severity", "requirements", "threats", "needs", "twin",
    "control", "oracles", "budget_s", "safety",
}  # fmt: skip


@pytest.mark.parametrize("name", ["list", "explain", "catalogue", "init", "doctor", "simulate"])
def test_help_has_examples(name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0
    assert f"assay {name}" in ran.out.partition("Examples:")[2]


def test_the_json_keeps_the_contract() -> None:
    document = json.loads(run("list", "--json").out)
    jsonschema.validate(document, schemas.catalogue_schema())
    assert document["schema"] == "dicom-assay/catalogue/1"
    assert {row["id"] for row in document["scenarios"]} == set(registry.load())
    assert all(row.keys() >= _CONTRACT for row in document["scenarios"])


def test_a_selection_is_the_same_for_people_and_machines() -> None:
    chosen = ("--select", "asc-9*", "--tag", "acceptor")
    rows = json.loads(run("list", "--json", *chosen).out)["scenarios"]
    plain = run("list", *chosen)
    assert [line.split()[0] for line in plain.out.splitlines()[1:]] == [row["id"] for row in rows]
    assert {row["id"] for row in rows} >= {"ASC-900"}
    assert f"{len(rows)} scenarios" in plain.err


def test_a_terminal_gets_a_table_with_every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    ran = run("list", "--select", "ASC-900")
    words = registry.load()["ASC-900"].title.split()
    assert all(word in ran.out for word in words)


@pytest.mark.parametrize("arguments", [["--select", "NOPE-*"], ["--tag", "nonsense"]])
def test_an_empty_selection_is_refused(arguments: list[str]) -> None:
    ran = run("list", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "assay list" in ran.err


def test_explain_tells_everything() -> None:
    one = registry.load()["ASC-105"]
    ran = run("explain", "asc-105")
    said = " ".join(ran.out.split())
    assert ran.code == 0
    wanted = [one.title, one.rationale, one.remediation, *one.verifies, *one.threats]
    wanted += [*one.weakness, *one.references, *one.needs, one.control]
    wanted += [oracle.name for oracle in one.oracles]
    wanted.append(f"{one.twin} {registry.load()['ASC-950'].title}")
    for text in wanted:
        assert " ".join(text.split()) in said


def test_every_scenario_can_be_explained() -> None:
    for name in registry.load():
        assert run("explain", name).code == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [("ASC-9000", "did you mean ASC-900"), ("???", "see 'assay list'"), ("DIM", "DIM-001")],
)
def test_an_unknown_id_gets_the_nearest(given: str, said: str) -> None:
    ran = run("explain", given)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(("no_colour", "shown"), [(False, True), (True, False)])
def test_no_color_is_respected(
    monkeypatch: pytest.MonkeyPatch, no_colour: bool, shown: bool
) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    assert bool(re.search(r"\x1b\[", run("explain", "ASC-900").out)) is shown


def test_catalogue_counts_families_and_sets() -> None:
    ran = run("catalogue")
    catalogue = registry.load()
    assert ran.code == 0
    assert ran.out.startswith(f"{len(catalogue)} scenarios in ")
    for family in coverage.families().values():
        assert family.id in ran.out
    covered = coverage.covered(catalogue)
    for name, members in requirements.by_standard().items():
        automated = sum(covered[one.id].status is Status.AUTOMATED for one in members)
        line = next(line for line in ran.out.splitlines() if line.startswith(name))
        assert line.split()[-5:][0] == (str(automated) if automated else "-")
        assert line.endswith(f" {len(members)}")
    assert "Without a reason" not in ran.out


def test_catalogue_names_what_has_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "gaps", dict)
    assert "PS3.8/9.1.1: no scenario verifies it" in run("catalogue").out


@pytest.mark.parametrize("name", ["ps3.8", "DICOM PS3.8"])
def test_catalogue_shows_one_set_with_reasons(name: str) -> None:
    ran = run("catalogue", "--set", name)
    assert ran.code == 0
    assert "DICOM PS3.8: " in ran.out
    assert "PS3.15/" not in ran.out
    gap = coverage.gaps()["PS3.8/9.1.1"]
    assert " ".join(gap.reason.split()[:5]) in " ".join(ran.out.split())


def test_catalogue_refuses_an_unknown_set() -> None:
    ran = run("catalogue", "--set", "nothing")
    assert ran.code == ExitCode.USAGE
    assert "--set nothing: no such set; there are" in ran.err


def test_catalogue_for_machines_holds_every_requirement() -> None:
    rows = json.loads(run("catalogue", "--json").out)["requirements"]
    assert [row["id"] for row in rows] == [
        one.id for members in requirements.by_standard().values() for one in members
    ]
    row = next(row for row in rows if row["id"] == "IEC62443-4-2/CR-1.2")
    assert (row["status"], row["actor"], row["scenarios"]) == ("partial", "device", [])
    assert "HOUSE/MUTUAL-TLS" in row["through"]
