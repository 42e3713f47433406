from __future__ import annotations

import pytest

from harness import load_cases, registry, requirements
from harness import profile as profiles
from harness.devices import declared
from harness.errors import RequestError
from harness.load_cases import CASES, cases_for
from harness.loading import LoadRequest, ShapeRequest
from harness.model import Scenario
from harness.stage import Stage
from tests.harness.fakes import FakeBench, Memory, fake_profile

PROFILE = profiles.parse(
    'schema = 1\n[device]\nmanufacturer = "a"\nmodel = "b"\n'
    '[acceptor]\nport = 104\nservices = ["storage"]\nmax_associations = 12\n[load]\nrate = 100\n',
    "a.toml",
)


def _ids(request: LoadRequest, *, verified: bool = True) -> set[int]:
    return {int(one.id[5:]) for one in cases_for(request, PROFILE, verified=verified)}


@pytest.mark.parametrize(
    ("request_", "ids"),
    [
        (LoadRequest(operation="store"), {500, 501, 502, 503, 504, 505, 508, 509}),
        (LoadRequest(operation="echo"), {500, 508, 509}),
        (LoadRequest(operation="move"), {500, 508, 509, 511}),
        (LoadRequest(operation="mixed"), {500, 503, 504, 505, 508, 509}),
        (LoadRequest(operation="echo", rate=101.0), {508, 509}),
        (LoadRequest(operation="echo", associations=13), {508, 509, 510}),
        (LoadRequest(operation="echo", shape=ShapeRequest(kind="greedy")), {506, 507, 508, 509}),
        (LoadRequest(operation="echo", shape=ShapeRequest(kind="slow-readers")), {507, 508, 509}),
        (LoadRequest(operation="find", shape=ShapeRequest(kind="spike")), {500, 508, 509}),
        (LoadRequest(operation="store", shape=ShapeRequest(kind="knee")),
         {501, 503, 504, 505, 508, 509}),
        (LoadRequest(operation="store", shape=ShapeRequest(kind="herd")),
         {500, 503, 504, 505, 508, 509}),
    ],
)  # fmt: skip
def test_a_load_is_asked_what_it_can_answer(request_: LoadRequest, ids: set[int]) -> None:
    assert _ids(request_) == ids


def test_without_verification_nobody_is_asked_for_objects() -> None:
    assert _ids(LoadRequest(operation="store"), verified=False) == {500, 501, 502, 508, 509}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_case_is_declared_as_a_scenario_must_be(case: Scenario) -> None:
    assert case.positive
    assert set(case.verifies) <= requirements.load().keys()
    assert set(case.threats) <= requirements.threats().keys()
    assert case.control in declared("flaws")
    assert case.title.endswith(".")
    assert 500 <= int(case.id.removeprefix("LOAD-")) < 520


def test_no_scenario_has_the_id_of_a_case() -> None:
    assert not CASES.keys() & registry.load().keys()


def test_a_case_cannot_be_played() -> None:
    case = load_cases.ANSWERS
    stage = Stage(
        play="LOAD-500", scenario=case, case={}, profile=fake_profile(), bench=FakeBench(),
        witness=Memory(), seed=0, run="test",
    )  # fmt: skip
    with pytest.raises(RequestError, match="LOAD-500: is judged by 'assay load'"):
        case.body(stage)
