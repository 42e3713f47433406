"""What the tests of a recipe expect is among what is played of it; needs no device."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from harness import registry
from tests.interop.controls import FAILS, NOT_CLAIMED, PASSES, UNDECIDED
from tests.interop.runner import RECIPES, SELECTED


@pytest.mark.parametrize("recipe", sorted(SELECTED))
def test_what_is_expected_is_played(recipe: str) -> None:
    expected = {
        name for table in (PASSES, FAILS, NOT_CLAIMED, UNDECIDED) for name in table.get(recipe, ())
    }
    left_out = [
        name for name in sorted(expected)
        if not any(fnmatchcase(name, glob) for glob in SELECTED[recipe])
    ]  # fmt: skip
    assert not left_out


@pytest.mark.parametrize("recipe", sorted(SELECTED))
def test_what_is_selected_exists(recipe: str) -> None:
    assert recipe in RECIPES
    catalogue = registry.load()
    empty = [
        glob for glob in SELECTED[recipe]
        if not any(fnmatchcase(name, glob) for name in catalogue)
    ]  # fmt: skip
    assert not empty
