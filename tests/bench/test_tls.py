"""How long our catalogue for TLS servers takes beside sslyze and testssl.sh, in one run.

Run it with ``pytest tests/bench/test_tls.py -s``. It prints ratios and asserts nothing about time.
Ours starts and stops the device itself, and plays what the other two do not know; its silent
plays, which wait for the device's own time-outs, run beside each other.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import rivals

pytestmark = [pytest.mark.slow, pytest.mark.interop]

RECIPE = "dcmtk-storescp-tls"


def test_our_catalogue_beside_two_scanners(tmp_path: Path) -> None:
    took = {"ours": rivals.ours(RECIPE, tmp_path / "run")}
    with rivals.started(RECIPE, tmp_path) as target:
        took["sslyze"] = rivals.sslyze(target, tmp_path / "sslyze.json")
        took["testssl.sh"] = rivals.testssl(target, tmp_path / "testssl.json")
    for name, seconds in took.items():
        ratio = seconds / took["ours"]
        sys.stdout.write(f"\n{name}: {seconds:.1f} s, {ratio:.2f} times as long as ours")
