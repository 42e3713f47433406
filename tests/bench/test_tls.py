"""How long our catalogue for TLS servers takes beside sslyze and testssl.sh, in one run.

Run it with ``pytest tests/bench/test_tls.py -s``. It prints ratios and asserts nothing about time.
Ours starts and stops the device itself. It is timed twice: the scan and the trials, which ask what
the other two ask and more; and the whole catalogue, whose silent plays wait for time-outs of the
device, which nobody else measures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import rivals

pytestmark = [pytest.mark.slow, pytest.mark.interop, pytest.mark.bench]

RECIPE = "dcmtk-storescp-tls"


def test_our_catalogue_beside_two_scanners(tmp_path: Path) -> None:
    took = {"ours": rivals.ours(RECIPE, tmp_path / "run", rivals.scan_and_trials())}
    took["ours with time-outs"] = rivals.ours(RECIPE, tmp_path / "whole")
    with rivals.started(RECIPE, tmp_path) as target:
        took["sslyze"] = rivals.sslyze(target, tmp_path / "sslyze.json")
        took["testssl.sh"] = rivals.testssl(target, tmp_path / "testssl.json")
    for name, seconds in took.items():
        ratio = seconds / took["ours"]
        sys.stdout.write(f"\n{name}: {seconds:.1f} s, {ratio:.2f} times as long as ours")
