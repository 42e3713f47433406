"""Every scenario that is installed keeps the rules of the house, whoever wrote it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from harness import devices, registry, requirements
from harness.model import Role, Scenario
from harness.session import Choice, choose

CATALOGUE = registry.load()
SCENARIOS = list(CATALOGUE.values())
NEGATIVE = [one for one in SCENARIOS if not one.positive and not one.question]

_SCREEN = 120
_PROVENANCE = re.compile(r"CVE-\d{4}-\d{4,}|(?!CVE)[A-Za-z0-9].*")

every = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
every_negative = pytest.mark.parametrize("scenario", NEGATIVE, ids=lambda one: one.id)


def test_there_are_scenarios_for_both_roles() -> None:
    assert {one.role for one in SCENARIOS} == set(Role)
    assert len(CATALOGUE) == len({one.id for one in SCENARIOS}) >= 90


@every
def test_the_documentation_reads_as_documentation(scenario: Scenario) -> None:
    assert scenario.title[0].isupper()
    assert scenario.title.endswith(".")
    assert ". " not in scenario.title
    assert len(scenario.title) <= 100
    assert len(scenario.rationale.split()) >= 8
    assert len(scenario.remediation.split()) >= 3


@every
def test_every_reference_resolves(scenario: Scenario) -> None:
    assert set(scenario.verifies) <= requirements.load().keys()
    assert set(scenario.threats) <= requirements.threats().keys()
    assert all(_PROVENANCE.fullmatch(reference) for reference in scenario.references)
    assert len(set(scenario.verifies)) == len(scenario.verifies)
    assert scenario.family in registry.FAMILIES


@every
def test_some_requirement_may_decide_a_failure(scenario: Scenario) -> None:
    known = requirements.load()
    assert any(known[name].decides for name in scenario.verifies)


@every
def test_the_control_is_a_flaw_of_the_reference_device(scenario: Scenario) -> None:
    assert scenario.control in devices.declared("flaws")


@every_negative
def test_a_negative_case_has_a_twin_of_the_same_role(scenario: Scenario) -> None:
    assert scenario.twin is not None
    twin = CATALOGUE[scenario.twin]
    assert twin.positive
    assert twin.role is scenario.role
    assert twin.needs <= scenario.needs
    assert twin.safety is not scenario.safety.DESTRUCTIVE


@every
def test_one_scenario_is_one_file_of_one_screen(scenario: Scenario) -> None:
    source = Path(scenario.source)
    assert len(source.read_text("utf-8").splitlines()) <= _SCREEN
    assert [one.id for one in SCENARIOS if one.source == scenario.source] == [scenario.id]
    assert source.stem == scenario.body.__name__


@every
def test_a_body_only_acts(scenario: Scenario) -> None:
    """Judgement is data: no exception of its own, no sleep, no assertion but for a type checker."""
    tree = ast.parse(Path(scenario.source).read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    called = [_callee(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "sleep" not in called
    claims = [ast.unparse(node.test) for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert all(re.match(r"isinstance\(|.* is not None$", claim) for claim in claims)


@every
def test_oracle_names_are_unique_within_a_scenario(scenario: Scenario) -> None:
    names = [oracle.name for oracle in scenario.oracles]
    assert len(set(names)) == len(names)


@every
def test_a_scenario_can_be_selected_by_its_words(scenario: Scenario) -> None:
    tags = (scenario.family, scenario.role.value, scenario.severity.value, scenario.safety.value)
    assert scenario in choose(CATALOGUE, Choice(select=(scenario.id.lower(),), tags=tags))


def _callee(node: ast.AST) -> str:
    """The last name of what is called, or the kind of node when it is no call."""
    function = node.func if isinstance(node, ast.Call) else node
    return getattr(function, "attr", getattr(function, "id", type(function).__name__))
