"""Programs are found as a user means them: never pynetdicom's commands by DCMTK's names."""

import shutil
import sys
from pathlib import Path

import pytest

from harness import programs

OURS = Path(sys.executable).parent


def program(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n", "ascii")
    path.chmod(0o755)
    return path


def test_the_test_would_notice() -> None:
    """The trap is real: by the plain path the harness's own environment comes first."""
    assert shutil.which("storescp", path=str(OURS)) is not None


@pytest.mark.parametrize("name", ["storescp", "echoscu", "storescu", "findscu", "getscu"])
def test_a_namesake_is_passed_over(name: str, tmp_path: Path) -> None:
    meant = program(tmp_path, name)
    assert programs.locate(name, f"{OURS}:{tmp_path}") == str(meant)
    assert programs.locate(name, str(OURS)) is None


def test_a_namesake_of_another_environment_is_passed_over(tmp_path: Path) -> None:
    meant = program(tmp_path / "dcmtk", "storescp")
    other = program(tmp_path / "other", "storescp")
    other.write_bytes((OURS / "storescp").read_bytes())
    assert programs.locate("storescp", f"{other.parent}:{meant.parent}") == str(meant)


def test_other_programs_of_the_environment_are_found() -> None:
    assert programs.locate("assay", str(OURS)) == str(OURS / "assay")


def test_a_path_is_taken_as_it_is() -> None:
    assert programs.locate(str(OURS / "storescp")) == str(OURS / "storescp")


def test_none_for_what_is_not_there(tmp_path: Path) -> None:
    assert programs.locate("no-such-program", str(tmp_path)) is None


def test_the_path_of_the_environment_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meant = program(tmp_path, "storescp")
    monkeypatch.setenv("PATH", f"{OURS}::{tmp_path}")
    assert programs.locate("storescp") == str(meant)


def test_a_library_counts_by_its_path(tmp_path: Path) -> None:
    library = tmp_path / "plugin.so"
    library.write_bytes(b"")
    assert programs.is_installed(str(library))
    assert not programs.is_installed("plugin.so")
    assert not programs.is_installed(str(tmp_path / "other.so"))
