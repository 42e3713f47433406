"""Every recipe of a real device is run to its end, and its verdicts agree with what is known."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from harness.verdict import ExitCode
from tests.interop.controls import FAILS, LEAKY, NOT_CLAIMED, PASSES, UNDECIDED
from tests.interop.runner import RECIPES, Ended

pytestmark = [pytest.mark.interop, pytest.mark.parametrize("recipe", sorted(RECIPES))]

INSTALL = "scripts/install-real-devices"


def test_the_run_is_complete_and_leaves_nothing_behind(ended: Ended) -> None:
    hint = f"{ended.said}\nIf a device or tool is missing: {INSTALL}"
    assert ended.code in (ExitCode.EXPECTED, ExitCode.UNEXPECTED_RESULT), hint
    assert ended.document.get("complete") is True, hint
    assert ended.document.get("not_finished") == []
    # Ours would begin a line; a device's own stands in the reason of a verdict.
    assert not any(line.startswith("Traceback") for line in ended.said.splitlines())
    assert ended.files_left == ()
    assert ended.processes_left == ()


def test_the_exit_code_tells_what_came_out(ended: Ended) -> None:
    failed = "FAIL" in ended.verdicts.values()
    assert ended.code == (ExitCode.UNEXPECTED_RESULT if failed else ExitCode.EXPECTED)


def test_every_verdict_is_a_conclusion(ended: Ended, recipe: str) -> None:
    """Neither an error of ours nor a shrug: these devices do what their recipes say."""
    assert not _reasons(ended, "ERROR")
    assert not _reasons(ended, "REVIEW")
    undecided = {name for name, given in ended.verdicts.items() if given == "INCONCLUSIVE"}
    open_ones = undecided - set(UNDECIDED.get(recipe, ()))
    assert recipe in LEAKY or not [_told(ended, name) for name in sorted(open_ones)]


def test_the_verdicts_agree_with_what_is_known(ended: Ended, recipe: str) -> None:
    expected = {
        **dict.fromkeys(PASSES[recipe], "PASS"),
        **dict.fromkeys(FAILS[recipe], "FAIL"),
        **dict.fromkeys(NOT_CLAIMED.get(recipe, ()), "NOT_APPLICABLE"),
    }
    verdicts = ended.verdicts
    wrong = {
        name: _told(ended, name)
        for name, verdict in expected.items()
        if verdicts.get(name) != verdict
    }
    assert not wrong


def _reasons(ended: Ended, verdict: str) -> list[str]:
    return [_told(ended, name) for name, given in ended.verdicts.items() if given == verdict]


def _told(ended: Ended, name: str) -> str:
    row = ended.rows.get(name, {})
    cases = row.get("cases")
    bad: Iterable[object] = cases if isinstance(cases, list) else ()
    more = [str(case.get("vary")) for case in bad if isinstance(case, dict)][:3]
    return f"{name} {row.get('verdict')}: {row.get('reason')} {', '.join(more)}".strip()
