"""What the tests of a recipe expect is among what is played of it; needs no device."""

from __future__ import annotations

import pytest

from harness import registry
from harness.session import Choice, choose
from tests.interop.controls import FAILS, NOT_CLAIMED, PASSES, UNDECIDED
from tests.interop.runner import RECIPES, SELECTED


@pytest.mark.parametrize("recipe", sorted(SELECTED))
def test_what_is_expected_is_played(recipe: str) -> None:
    expected = {
        name for table in (PASSES, FAILS, NOT_CLAIMED, UNDECIDED) for name in table.get(recipe, ())
    }
    assert not sorted(expected - _chosen(*SELECTED[recipe]))


@pytest.mark.parametrize("recipe", sorted(SELECTED))
def test_what_is_selected_exists(recipe: str) -> None:
    assert recipe in RECIPES
    assert all(_chosen(glob) for glob in SELECTED[recipe])


def _chosen(*globs: str) -> set[str]:
    """What `assay run` selects; it refuses a pattern that matches nothing."""
    return {scenario.id for scenario in choose(registry.load(), Choice(select=globs))}
