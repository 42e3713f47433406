"""What holds for all tests."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# How fast examples are made is a matter of the machine, and of what else it does.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def _heeds_ctrl_c() -> Iterator[None]:
    """A shell lets what it starts in the background ignore SIGINT, and children inherit that."""
    inherited = signal.getsignal(signal.SIGINT)
    if inherited is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, inherited)
