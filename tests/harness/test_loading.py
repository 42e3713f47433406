from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from harness import loading
from harness.errors import BenchError
from simulators.load import plan
from tests.harness.fakes import FakeBench


@pytest.fixture
def nobody_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(loading, "entry_points", lambda group: [])
    loading._opener.cache_clear()
    yield
    loading._opener.cache_clear()


@pytest.mark.usefixtures("nobody_installed")
def test_without_a_generator_nothing_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no load generator is installed"):
        loading.open_load(FakeBench(), tmp_path, 0)


def test_judge_and_generator_have_the_same_words() -> None:
    assert get_args(loading.Operation) == get_args(plan.Operation)
    assert get_args(loading.ShapeKind) == get_args(plan.ShapeKind)
    assert set(loading.ShapeRequest.model_fields) == set(plan.Shape.model_fields)
