"""What bombs and huge lengths cost ourselves: little memory, and a small run folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_MIB = 1 << 20
_MOST_MEMORY = 200 * _MIB
_MOST_DISK = 64 * _MIB
_DECIDED = {"PASS", "WARN", "FAIL"}
"""Verdicts of what was really played: a bomb that never left proves nothing of our memory."""
_BOMBS = {
    "bodies": ("WEB-007", "WEB-007B", "WEB-008", "WEB-010B"),
    "archives": ("WEB-009", "WEB-009B", "WEB-009E"),
    "answers": ("WEB-104", "WEB-105"),
    "dimse": ("PAR-001", "PAR-001B", "PAR-002", "PAR-009"),
    "dimse-pictures": ("PIX-002",),
    "stow": ("PAR-301", "PAR-302", "PAR-309", "MED-310"),
    "stow-pictures": ("PIX-321",),
    "imports": ("PAR-351", "PAR-352", "MED-351"),
    "import-pictures": ("PIX-351",),
    "files": ("PAR-201", "PAR-202", "PAR-209"),
    "file-pictures": ("PIX-202", "PIX-222"),
    "media": ("MED-008C", "MED-010"),
}
# The high-water mark of the child's own memory: that of getrusage begins with its parent's.
_PLAY = """
import json, re, sys
from pathlib import Path
from harness import registry
from harness.calibration import QuietListener
from harness.session import Choice, open_session
from simulators.devices.embedded import embedded_profile

catalogue = registry.load()
names = sys.argv[2:]
twins = {catalogue[name].twin for name in names} - {None, *names}
selected = [catalogue[name] for name in (*sorted(twins), *names)]
claims = frozenset().union(*(each.needs for each in selected))
choice = Choice(seed=0, out=Path(sys.argv[1]))
run = open_session(
    embedded_profile(claims=claims), catalogue, selected, choice, QuietListener(), lambda *_: None
)
run.start()
verdicts = {each.id: run.row(each.id)["verdict"] for each in selected}
run.end(complete=True)
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps({"peak": int(peak[1]) * 1024, "verdicts": verdicts}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("names", _BOMBS.values(), ids=_BOMBS)
def test_bombs_cost_us_neither_memory_nor_disk(names: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "run"
    played = subprocess.run(
        [sys.executable, "-c", _PLAY, str(folder), *names],
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stderr[-2000:]
    told = json.loads(played.stdout.splitlines()[-1])
    assert {name for name in names if told["verdicts"][name] not in _DECIDED} == set()
    assert told["peak"] < _MOST_MEMORY
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) < _MOST_DISK
