"""The bystander: one honest peer that speaks for every play whose stimulus had left."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest

from harness.stage import Stage
from simulators import sentinel
from tests.harness.fakes import fake_profile

_PATIENCE_S = 5.0


class Clock:
    """Stands in for the time module, and tells how often it was looked at."""

    def __init__(self) -> None:
        self.looks = threading.Semaphore(0)

    def monotonic(self) -> float:
        now = time.monotonic()
        self.looks.release()
        return now


class Slow:
    """Counts exchanges, and lets each end only when told."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)
        self.count = 0

    def __call__(self, stage: Stage) -> tuple[bool, str, float]:
        self.count += 1
        number = self.count
        self.begun.release()
        assert self.may_end.acquire(timeout=_PATIENCE_S)
        return True, f"exchange {number}", 0.0


def _stage() -> Stage:
    return sentinel.sentinel_stage(object(), fake_profile())


def _told(stage: Stage) -> str:
    seen = stage.record({}).last("bystander", "bystander")
    assert seen is not None
    return str(seen.data["detail"])


def test_an_exchange_speaks_for_those_that_waited_before_it_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    echo = Slow()
    clock = Clock()
    monkeypatch.setattr(sentinel, "echo", echo)
    monkeypatch.setattr(sentinel, "time", clock)
    bystander = sentinel.Bystander(object())
    first, *later = [_stage() for _ in range(4)]
    with ExitStack() as plays:
        for stage in (first, *later):
            plays.enter_context(bystander.beside(stage))
        first.stimulated.set()
        assert echo.begun.acquire(timeout=_PATIENCE_S)
        for stage in later:
            stage.stimulated.set()
        for _ in ("the first asked", "and began", *later):
            assert clock.looks.acquire(timeout=_PATIENCE_S)
        for _ in range(2):
            echo.may_end.release()
    assert _told(first) == "exchange 1"
    # Their stimuli left while the first exchange was under way: it says nothing of them.
    assert {_told(stage) for stage in later} == {"exchange 2"}
    assert echo.count == 2


def test_without_a_stimulus_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    echo = Slow()
    monkeypatch.setattr(sentinel, "echo", echo)
    stage = _stage()
    with sentinel.Bystander(object()).beside(stage):
        pass
    assert echo.count == 0
    assert stage.record({}).last("bystander", "bystander") is None
