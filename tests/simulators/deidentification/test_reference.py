"""The reference de-identifier lets no canary out, and each of its flaws lets out what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from pydicom.dataset import FileDataset

from simulators.deidentification import broken, facts, objects, payloads, related, search
from simulators.deidentification.canaries import Canary
from simulators.devices.deidentifier_profile import OPTIONS
from simulators.devices.reference.deidentifier import DONE, REFUSED, deidentify_file
from simulators.devices.reference.flaws import FLAW_NAMES, Flaws, choose

TOKEN = "271828182845904523"
EVERY: Mapping[str, objects.Maker] = {
    "honest": objects.honest,
    **{share: partial(objects.listed, share) for share in objects.SHARES},
    "depth 1": partial(objects.nested, 1, False),
    "depth 2": partial(objects.nested, 2, False),
    "depth 10": partial(objects.nested, 10, True),
    "private": objects.private,
    "report": payloads.report,
    "graphics": payloads.graphics,
    "icon": payloads.icon,
    "originals": payloads.originals,
    "outskirts": payloads.outskirts,
    "spoken": objects.spoken,
    "uids": related.with_uids,
    "dates": related.with_dates,
}


def run(make: objects.Maker, folder: Path, *flaws: str) -> tuple[int, list[Canary], list[Path]]:
    """Exit code, what is left of the canaries in what was written, and that."""
    subject = make(TOKEN, OPTIONS)
    file, out = folder / subject.name, folder / "out"
    file.write_bytes(subject.octets)
    out.mkdir()
    code = deidentify_file(file, out, OPTIONS, choose(flaws) if flaws else Flaws())
    written = sorted(out.iterdir())
    anywhere = [one for one in subject.canaries if not one.tag]
    left = [one for path in written for one in search.found_in(path.read_bytes(), anywhere)]
    placed = [one for one in subject.canaries if one.tag]
    left += [one for path in written for one in among(path, placed)]
    return code, left, written


def among(path: Path, canaries: list[Canary]) -> list[Canary]:
    read = search.opened(path.read_bytes())
    return [] if isinstance(read, str) else search.found_among(read, canaries)


def read(paths: list[Path]) -> FileDataset:
    found = search.opened(paths[0].read_bytes())
    assert isinstance(found, FileDataset), found
    return found


@pytest.mark.parametrize("name", EVERY)
def test_that_nothing_of_the_patient_comes_out(name: str, tmp_path: Path) -> None:
    code, left, written = run(EVERY[name], tmp_path)
    assert code == DONE
    assert not left
    assert facts.marks_of(read(written))["removed"] == "YES"


@pytest.mark.parametrize("name", broken.MAKERS)
def test_that_what_cannot_be_understood_stays_inside(name: str, tmp_path: Path) -> None:
    code, left, written = run(broken.MAKERS[name], tmp_path)
    assert not left
    assert (code == REFUSED) is not bool(written)


def test_that_a_document_is_refused(tmp_path: Path) -> None:
    assert run(payloads.document, tmp_path) == (REFUSED, [], [])


LEAKY: Mapping[str, objects.Maker] = {
    "deid_knows_few_attributes": EVERY["study"],
    "deid_stops_at_depth_1": EVERY["depth 2"],
    "deid_keeps_private": objects.private,
    "deid_keeps_report_text": payloads.report,
    "deid_keeps_graphics": payloads.graphics,
    "deid_keeps_documents": payloads.document,
    "deid_keeps_originals": payloads.originals,
    "deid_keeps_file_head": payloads.outskirts,
    "deid_passes_through": broken.MAKERS["cut-off"],
}


@pytest.mark.parametrize("flaw", LEAKY)
def test_that_a_flaw_lets_out_what_it_says(flaw: str, tmp_path: Path) -> None:
    assert run(LEAKY[flaw], tmp_path, flaw)[1]


def test_that_one_level_is_clean_where_the_second_is_not(tmp_path: Path) -> None:
    assert not run(EVERY["depth 1"], tmp_path, "deid_stops_at_depth_1")[1]


def test_that_the_other_flaws_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def after(flaw: str, make: objects.Maker) -> FileDataset:
        folder = tmp_path / flaw
        folder.mkdir()
        return read(run(make, folder, flaw)[2])

    honest = search.opened(objects.honest(TOKEN).octets)
    assert isinstance(honest, FileDataset)
    spoilt = after("deid_spoils_pictures", objects.honest)
    assert facts.picture_of(spoilt) != facts.picture_of(honest)
    assert facts.marks_of(after("deid_does_not_say_so", objects.honest))["removed"] == ""
    places = facts.uids_of(after("deid_forgets_uids", related.with_uids), TOKEN)["places"]
    assert isinstance(places, dict)
    several = [values for values in places.values() if isinstance(values, list | tuple)]
    assert any(len({*map(str, values)}) > 1 for values in several)
    dates = facts.dates_of(after("deid_scatters_dates", related.with_dates), days())["after"]
    assert isinstance(dates, list)
    assert dates != sorted(map(str, dates))
    after("deid_talks_of_patients", objects.spoken)
    assert "was ZQ" in capsys.readouterr().out


def test_that_every_flaw_is_tried() -> None:
    tried = {
        *LEAKY, "deid_spoils_pictures", "deid_does_not_say_so", "deid_forgets_uids",
        "deid_scatters_dates", "deid_talks_of_patients",
    }  # fmt: skip
    assert tried == {name for name in FLAW_NAMES if name.startswith("deid_")}


def test_that_a_plain_digest_is_known() -> None:
    digest = hashlib.sha256(b"2.25.1").digest()
    assert facts.hashed("2.25.1", f"2.25.{int.from_bytes(digest[:16], 'big')}") == "sha256"
    assert facts.hashed("2.25.1", "2.25.123456789012345678901234567890") == ""


def days() -> Mapping[int, str]:
    return related.dates_of(TOKEN)
