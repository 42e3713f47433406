"""The bench asks for the tools of a recipe before it starts anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import BenchError
from harness.profile import Profile, parse
from simulators.bench import LabBench

PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "nothing"
[requestor]
services = ["verification"]
[requestor.commands]
verification = ["true"]
[process]
requires = ["{needed}"]
install = "how to install it"
"""


def profile(needed: Path | str) -> Profile:
    return parse(PROFILE.replace("{needed}", str(needed)), "device.toml")


def started(needed: Path | str, folder: Path) -> None:
    bench = LabBench(profile(needed), folder, lambda _: None)
    try:
        bench.start()
    finally:
        bench.stop()


def test_a_program_on_the_path_is_there(tmp_path: Path) -> None:
    started("true", tmp_path)


def test_so_is_a_library_by_its_path(tmp_path: Path) -> None:
    library = tmp_path / "node_modules" / "library"
    library.mkdir(parents=True)
    started(library, tmp_path)


@pytest.mark.parametrize("needed", ["no-such-program", "/no/such/library", "tests"])
def test_what_is_missing_is_named_with_the_remedy(needed: str, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=f"missing tool {needed}: how to install it"):
        started(needed, tmp_path)
