"""Our fuzzing beside boofuzz's, against one `storescp --fork`, and its memory over a long campaign.

Run it with ``pytest tests/bench/test_fuzz.py -s``, on a quiet machine. It prints rates and their
ratio and asserts none of them; it asserts that all was played, and what memory it took.
``scripts/bench-fuzz`` prints the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import fuzz_rivals

pytestmark = [
    pytest.mark.slow,
    pytest.mark.interop,
    pytest.mark.bench,
    pytest.mark.skipif(
        not fuzz_rivals.BOOFUZZ.exists(), reason="boofuzz: scripts/install-real-devices"
    ),
]

LONG = 100_000
MOST_GROWTH = 24 << 20
"""Two hundred and fifty octets kept for each case would exceed this."""


def _say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def test_ours_beside_boofuzz(tmp_path: Path) -> None:
    found = fuzz_rivals.compare(tmp_path, _say)
    for line in fuzz_rivals.told(found):
        _say(line)
    assert all(pace.cases == fuzz_rivals.OURS for pace in found.ours)
    assert all(pace.cases >= fuzz_rivals.THEIRS for pace in found.boofuzz)


def test_memory_stays_flat_over_a_long_campaign(tmp_path: Path) -> None:
    pace, early, late = fuzz_rivals.growth(tmp_path, LONG, _say)
    assert pace.cases == LONG
    assert late - early < MOST_GROWTH, "something is kept for each case"
