"""What spins wants a processor; what sleeps does not."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from simulators.process.memory import PidTree
from simulators.process.wanting import busiest, wants

_WINDOW_S = 0.5


@pytest.mark.parametrize(
    ("code", "spins"), [("while True: pass", True), ("import time; time.sleep(60)", False)]
)
def test_a_spinning_thread_is_told_from_a_sleeping_one(code: str, spins: bool) -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", f"print(flush=True)\n{code}"],
                          stdout=subprocess.PIPE) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            process.stdout.readline()
            before = wants(PidTree(process.pid))
            time.sleep(_WINDOW_S)
            share = busiest(before, wants(PidTree(process.pid))) / _WINDOW_S
        finally:
            process.kill()
    assert (share > 0.5) is spins


def test_many_that_want_a_little_are_not_one_that_wants_much() -> None:
    before = {(1, thread): 1.0 for thread in range(50)}
    after = dict.fromkeys(before, 1.02) | {(1, 99): 5.0}
    assert busiest(before, after) == pytest.approx(0.02)


def test_nobody_wants_nothing() -> None:
    assert busiest({}, {}) == 0.0
