"""A device that only a person can trigger: the operator is asked, and the run waits."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import profile as profiles
from harness import registry
from harness.front import QuietListener
from harness.session import Choice, open_session

PROFILE = """
schema = 1
[device]
manufacturer = "test"
model = "pressed by hand"
[requestor]
services = ["verification"]
manual = true
manual_timeout_s = 10.0
timeout_s = 10.0
"""

_ASKED = re.compile(r"to (?P<host>[\d.]+):(?P<port>\d+), called AE (?P<called>\S+)")


class Operator:
    """Reads what is asked and makes a real client do it, as a person would."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._pressed: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()

    def __call__(self, text: str) -> None:
        found = _ASKED.search(text)
        assert found, text
        command = [
            sys.executable, "-m", "simulators.devices.reference", "scu", "echo",
            "--host", found["host"], "--port", found["port"],
            "--called", found["called"], "--calling", "DEVICE",
        ]  # fmt: skip
        with self._lock:
            self.asked.append(text)
            self._pressed.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))

    def finish(self) -> None:
        for process in self._pressed:
            process.wait(20)


@pytest.fixture
def operator() -> Iterator[Operator]:
    person = Operator()
    yield person
    person.finish()


@pytest.mark.slow
def test_the_operator_is_asked_and_the_verdicts_come(tmp_path: Path, operator: Operator) -> None:
    catalogue = registry.load()
    selected = [catalogue["ASC-101"]]
    session = open_session(
        profiles.parse(PROFILE, "manual.toml"),
        catalogue,
        selected,
        Choice(out=tmp_path / "run"),
        QuietListener(),
        operator,
    )
    session.start()
    row = session.row("ASC-101")
    session.finish(complete=True)
    assert row["verdict"] == "PASS", row["reason"]
    cases = len(catalogue["ASC-101"].vary)
    # Once to see whether it is in service, then the twin and each case, each with a look after it.
    assert len(operator.asked) >= 1 + 1 + cases
