"""The corpus: honest files that others read, and specimens that deviate from them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from harness.corpus import LARGEST, TOKEN
from harness.specimens import Files, Shelf
from simulators.corpus import media, meta, pictures, structure
from simulators.corpus.catalogue import SHELVES
from simulators.corpus.documents import HONEST_DOCUMENTS

HONEST = (structure.HONEST, pictures.HONEST_PICTURES, HONEST_DOCUMENTS)
CASES = [(shelf, case) for shelf in SHELVES for case in shelf.makers]


def _name(value: object) -> str:
    return value.name if isinstance(value, Shelf) else str(value)


@pytest.mark.parametrize(
    ("shelf", "case"), [(shelf, case) for shelf in HONEST for case in shelf.makers], ids=_name
)
def test_an_honest_file_is_read_by_others(shelf: Shelf, case: str) -> None:
    read = dcmread(io.BytesIO(shelf.only(case, TOKEN)))
    assert read.PatientName == "SYNTHETIC^ASSAY"
    assert read.file_meta.MediaStorageSOPInstanceUID == read.SOPInstanceUID
    assert read.file_meta.MediaStorageSOPClassUID == read.SOPClassUID


@pytest.mark.parametrize(
    ("files", "count"),
    [(media.honest(TOKEN), 1), (media.CROWDED.files("2000-files", TOKEN), 2000)],
    ids=["honest", "crowded"],
)
def test_the_files_of_a_medium_are_reached_by_its_links(files: Files, count: int) -> None:
    found = list(_images(dcmread(io.BytesIO(files["DICOMDIR"]))))
    assert len(found) == count
    for record in found[:: max(1, count // 20)]:
        read = dcmread(io.BytesIO(files["/".join(record.ReferencedFileID)]))
        assert read.SOPInstanceUID == record.ReferencedSOPInstanceUIDInFile


def _images(directory: Dataset) -> Iterator[Dataset]:
    """Follows the links as an independent decoder tells where records lie."""
    records = {record.seq_item_tell: record for record in directory.DirectoryRecordSequence}
    waiting = [directory.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity]
    while waiting:
        if at := waiting.pop():
            record = records[at]
            waiting.append(record.OffsetOfTheNextDirectoryRecord)
            waiting.append(record.OffsetOfReferencedLowerLevelDirectoryEntity)
            if record.DirectoryRecordType == "IMAGE":
                yield record


@pytest.mark.parametrize(("shelf", "case"), CASES, ids=_name)
def test_a_specimen_is_the_same_each_time_and_bounded(shelf: Shelf, case: str) -> None:
    made = shelf.files(case, TOKEN)
    assert made == shelf.files(case, TOKEN)
    assert made
    assert sum(map(len, made.values())) <= shelf.largest


def test_the_corpus_is_bounded_and_says_what_it_is() -> None:
    sizes = [sum(map(len, shelf.files(case, TOKEN).values())) for shelf, case in CASES]
    assert sum(sizes) < LARGEST
    assert len(CASES) > 250
    for shelf in SHELVES:
        assert shelf.deviation.endswith(".")
        assert shelf.expectation.endswith(".")


def test_no_two_specimens_are_the_same() -> None:
    seen: dict[tuple[tuple[str, bytes], ...], str] = {}
    for shelf, case in CASES:
        key = tuple(sorted(shelf.files(case, TOKEN).items()))
        assert seen.setdefault(key, f"{shelf.name}/{case}") == f"{shelf.name}/{case}"


def test_a_polyglot_is_both() -> None:
    octets = meta.POLYGLOTS.only("zip", TOKEN)
    assert zipfile.ZipFile(io.BytesIO(octets)).read("synthetic.txt") == TOKEN.encode()
    assert dcmread(io.BytesIO(octets)).PatientName == "SYNTHETIC^ASSAY"


def test_a_preamble_changes_nothing_behind_it() -> None:
    honest = structure.HONEST.only("plain", TOKEN)
    for case in meta.PREAMBLES.makers:
        octets = meta.PREAMBLES.only(case, TOKEN)
        assert octets[128:] == honest[128:]
        assert octets[:128] != honest[:128]
