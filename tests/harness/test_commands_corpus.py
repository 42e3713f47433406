"""``assay corpus``: specimens and an index, in a folder that was empty."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path

import pytest

from harness import corpus
from harness.errors import CatalogueError, RequestError
from harness.specimens import Files, Shelf


def _quiet(text: str) -> None:
    """Says nothing."""


def _one(raw: bytes, token: str) -> Files:
    return {"a.dcm": raw}


def _shelf(**makers: bytes) -> Shelf:
    return Shelf(
        name="tiny",
        deviation="It lies.",
        expectation="It is refused.",
        makers={name: partial(_one, raw) for name, raw in makers.items()},
        largest=8,
    )


def test_it_writes_each_specimen_and_both_indexes(tmp_path: Path) -> None:
    shelf = _shelf(one=b"1", two=b"22")
    written = corpus.write(tmp_path / "new", corpus.chosen([shelf], ()), _quiet)
    rows = json.loads((tmp_path / "new" / "index.json").read_text("utf-8"))["specimens"]
    assert [row["id"] for row in rows] == ["tiny/one", "tiny/two"]
    assert rows[1]["deviation"] == "It lies."
    for row in rows:
        (file,) = row["files"]
        octets = (tmp_path / "new" / file["path"]).read_bytes()
        assert hashlib.sha256(octets).hexdigest() == file["sha256"]
        assert len(octets) == file["size"] == row["size"]
    page = (tmp_path / "new" / "index.md").read_text("utf-8")
    assert all(one.id in page for one in written)


def test_it_refuses_a_folder_with_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", "utf-8")
    with pytest.raises(RequestError, match="is not empty"):
        corpus.write(tmp_path, corpus.chosen([_shelf(one=b"1")], ()), _quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_it_selects_by_shelf_or_by_id() -> None:
    shelf = _shelf(one=b"1", two=b"2")
    assert len(corpus.chosen([shelf], ["tiny"])) == 2
    assert corpus.chosen([shelf], ["*/two"]) == [(shelf, "two")]
    with pytest.raises(RequestError, match="--select nothing"):
        corpus.chosen([shelf], ["nothing"])


def test_a_specimen_beyond_its_bound_is_our_defect(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="larger than 8 octets"):
        corpus.write(tmp_path, [(_shelf(one=bytes(9)), "one")], _quiet)


@pytest.mark.parametrize("path", ["../out.dcm", "/out.dcm", "a/../../out.dcm"])
def test_a_specimen_stays_in_its_folder(tmp_path: Path, path: str) -> None:
    climbing = Shelf(
        name="tiny", deviation="", expectation="", makers={"one": lambda token: {path: b""}}
    )
    with pytest.raises(CatalogueError, match="leads out"):
        corpus.write(tmp_path / "corpus", [(climbing, "one")], _quiet)
    assert not (tmp_path / "out.dcm").exists()
