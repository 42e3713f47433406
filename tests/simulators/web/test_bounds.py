"""What bombs and huge lengths cost ourselves: little memory, and a small run folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_MIB = 1 << 20
_PLAY = """
import resource, sys
from pathlib import Path
from harness import registry
from harness.calibration import QuietListener
from harness.session import Choice, open_session
from simulators.devices.embedded import embedded_profile

catalogue = registry.load()
names = sys.argv[2:]
selected = [catalogue[name] for name in names]
claims = frozenset().union(*(each.needs for each in selected))
choice = Choice(seed=0, out=Path(sys.argv[1]))
run = open_session(
    embedded_profile(claims=claims), catalogue, selected, choice, QuietListener(), lambda *_: None
)
run.start()
for name in names:
    run.row(name)
run.end(complete=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_bombs_cost_us_neither_memory_nor_disk(tmp_path: Path) -> None:
    names = ("WEB-901", "PAR-301", "PAR-309", "MED-310")
    folder = tmp_path / "run"
    played = subprocess.run(
        [sys.executable, "-c", _PLAY, str(folder), *names],
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stderr[-2000:]
    assert int(played.stdout.split()[-1]) < 200
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 64 * _MIB
