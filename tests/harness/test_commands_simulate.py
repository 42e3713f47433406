from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from harness.commands import simulate
from tests.harness.commands import run

_HERE = "tests.harness.fake_simulators"


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "polite": f"{_HERE}:polite",
        "interrupted": f"{_HERE}:interrupted",
        "leaving": f"{_HERE}:leaving",
        "broken": "tests.harness.no_such_module:main",
    }
    found = [EntryPoint(name, value, simulate.GROUP) for name, value in values.items()]
    monkeypatch.setattr(simulate, "entry_points", lambda group: found)


def test_the_rest_of_the_line_belongs_to_the_simulator() -> None:
    ran = run("simulate", "polite", "--help", "--port", "0", "x")
    assert (ran.code, ran.out) == (7, "--help --port 0 x\n")


def test_without_a_peer_each_one_has_a_line() -> None:
    ran = run("simulate")
    assert ran.code == 0
    lines = dict(line.split(maxsplit=1) for line in ran.out.splitlines())
    assert lines["polite"] == "A simulator that says what it was given."
    assert "cannot be loaded" in lines["broken"]


def test_ctrl_c_is_the_ordinary_end() -> None:
    ran = run("simulate", "interrupted")
    assert (ran.code, ran.err) == (0, "stopped\n")


def test_a_simulator_may_leave_by_itself() -> None:
    assert run("simulate", "leaving").code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["pollite"], 2, "did you mean polite?"),
        (["zzz"], 2, "there are broken, interrupted, leaving, polite"),
        (["--polite"], 2, "no such option --polite"),
        (["broken"], 4, "'broken' cannot be loaded"),
    ],
)
def test_what_cannot_run_says_why(arguments: list[str], code: int, said: str) -> None:
    ran = run("simulate", *arguments)
    assert ran.code == code
    assert said in ran.err
