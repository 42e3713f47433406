"""What a report of ten thousand results costs, beside one of a thousand.

Run it with ``pytest tests/bench/test_reports.py -s``. It prints seconds, octets and memory, each as
a ratio too, and asserts nothing about them. Each scribe runs in a process of its own, so that its
peak of memory is its own: that of reading the record, building the page, and nothing else.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.reports import builder

pytestmark = [pytest.mark.slow, pytest.mark.interop, pytest.mark.bench]

FEW, MANY = 1_000, 10_000

_RENDER = """
import json, resource, sys, time
from pathlib import Path
from harness import run as runs
from harness.reports import render

begun = time.perf_counter()
run = runs.load(Path(sys.argv[1]))
read = time.perf_counter()
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
data = render(run, sys.argv[2])
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
Path(sys.argv[3]).write_bytes(data)
print(json.dumps({
    "read s": read - begun, "render s": done - read, "MB": len(data) / 1e6,
    "peak of reading MiB": base / 1024, "peak in all MiB": peak / 1024,
}))
"""

_FILTER = """(words) => {
  const box = document.getElementById("q");
  const begun = performance.now();
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.offsetHeight;
  return performance.now() - begun;
}"""


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_a_report_of_ten_thousand_results(kind: str, tmp_path: Path) -> None:
    told = {}
    for count in (FEW, MANY):
        folder = tmp_path / "runs" / str(count)
        builder.large(folder, count)
        page = tmp_path / f"{count}.{kind}"
        told[count] = _rendered(folder, kind, page)
        if kind == "html":
            told[count] |= _browsed(page)
    for name, value in told[MANY].items():
        ratio = value / max(told[FEW][name], 1e-9)
        sys.stdout.write(f"\n{kind}: {name}: {value:,.2f}, {ratio:.1f} times that of {FEW:,}")


def _rendered(folder: Path, kind: str, target: Path) -> dict[str, float]:
    command = [sys.executable, "-c", _RENDER, str(folder), kind, str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _browsed(path: Path) -> Mapping[str, float]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = chromium.new_page()
        page.goto(path.as_uri())
        opened = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        took = {"open ms": float(opened), "filter ms": _filtered(page)}
        chromium.close()
    return took


def _filtered(page: Page) -> float:
    """The slowest of four filterings on the main thread, in milliseconds."""
    words = ("case 99", "", "cwe-130 7", "")
    return max(float(str(page.evaluate(_FILTER, text))) for text in words)
