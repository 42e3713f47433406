"""What is withheld is nowhere, and what is left can still be checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness import run as runs
from harness.errors import RecordError
from harness.model import JSON
from harness.proof import published, redaction
from harness.proof.archive import Archive
from harness.proof.redaction import read_public, redacted_record, redacted_run
from harness.stage import Stage
from tests.harness import commands
from tests.harness.conftest import Stand
from tests.harness.fakes import make_scenario, refused, served
from tests.harness.proof.test_bundle import chained, checks, files_of, remade, rewritten, text
from tests.reports.builder import sample

CANARIES = ("Kanarienvogel Imaging", "Canary-9000", "SN-CANARY-77", "CANARY.hospital.example",
            "CANARYAET", "CANARY^PATIENT", "Dr. Canary")  # fmt: skip


def tells(stage: Stage) -> None:
    """What a device and a body may let slip: addresses, titles, names of patients."""
    stage.observe("received", head=b"CANARY^PATIENT".hex(), text="CANARY^PATIENT")
    stage.observe("connect", peer="CANARY.hospital.example:104", called="CANARYAET")
    refused(stage)
    stage.require(False, "CANARY.hospital.example calls itself CANARYAET")


@pytest.fixture
def run(stand: Stand) -> Stand:
    """A run against a device with names that can be found again."""
    profile = stand.profile.read_text()
    profile = profile.replace('"nobody"', '"Kanarienvogel Imaging"')
    profile = profile.replace('model = "fake"', 'model = "Canary-9000"\nversion = "SN-CANARY-77"')
    profile += '[scope]\nauthorised_by = "Dr. Canary"\n'
    stand.profile.write_text(profile)
    stand.scenarios += [make_scenario("ASC-002", served), make_scenario("ASC-003", tells)]
    stand.run()
    return stand


def redacted(run: Stand, name: str = "r.zip") -> Path:
    path = run.out.with_name(name)
    said = run.assay(
        "bundle", str(run.out), "--redact", "--out", str(path),
        "--reports", "html,junit,sarif,csv,markdown",
    )  # fmt: skip
    assert said.code == 0, said.err
    return path


def test_the_names_are_in_the_run_and_nowhere_in_what_is_published(run: Stand) -> None:
    whole = (run.out / "record.jsonl").read_bytes() + (run.out / "run.json").read_bytes()
    assert all(canary.encode() in whole for canary in CANARIES)
    for name, content in files_of(redacted(run)).items():
        assert isinstance(content, bytes)
        folded = content.lower()
        for canary in (*CANARIES, b"CANARY^PATIENT".hex(), str(run.out.parent), "canary"):
            assert canary.lower().encode() not in folded, f"{canary} in {name}"


def test_its_verdicts_still_follow_from_its_record(run: Stand) -> None:
    said = run.assay("verify", str(redacted(run)), "--json")
    found = checks(said)
    assert said.code == 0, said.out
    assert found["record"] is found["run.json"] is found["schema"] is found["statement"] is True
    whole = runs.load(run.out)
    document = json.loads(text(files_of(run.out.with_name("r.zip")), "run.json"))
    kept = [(row["id"], row["verdict"]) for row in document["results"]]
    assert kept == [(row["id"], row["verdict"]) for row in whole.results]
    assert read_public(text(files_of(run.out.with_name("r.zip")), "record.jsonl")).digest == (
        whole.digest
    )


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        (b'"verdict": "FAIL"', b'"verdict": "PASS"', "run.json"),
        (b'"id": "ASC-001"', b'"id": "ASC-009"', "run.json"),
        (b'"complete": true', b'"complete": false', "run.json"),
    ],
)
def test_a_verdict_that_was_mended_is_found(
    run: Stand, before: bytes, after: bytes, check: str
) -> None:
    def mend(files: dict[str, bytes | Path]) -> None:
        assert before in text(files, "run.json")
        files["run.json"] = text(files, "run.json").replace(before, after)

    found = checks(run.assay("verify", str(remade(redacted(run), mend)), "--json"))
    assert found[check] is False


def test_a_verdict_line_cannot_change_or_go(run: Stand) -> None:
    raw = redacted_record(run.out / "record.jsonl")
    lines = raw.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if b'"verdict":"FAIL"' in line)
    mended = lines[at].replace(b'"FAIL"', b'"PASS"')
    for changed in ([*lines[:at], mended, *lines[at + 1 :]], [*lines[:at], *lines[at + 1 :]]):
        with pytest.raises(RecordError, match=r"record.jsonl:\d+: the hash chain is broken here"):
            read_public(b"".join(changed))
    path = rewritten(redacted(run), lambda files: files.update({"record.jsonl": raw[:-1]}))
    assert run.assay("verify", str(path)).code == 1


def test_a_withheld_line_can_be_shown_later(run: Stand) -> None:
    whole = (run.out / "record.jsonl").read_bytes().splitlines(keepends=True)
    published_lines = redacted_record(run.out / "record.jsonl").splitlines(keepends=True)
    shown = [whole[0], *published_lines[1:]]
    assert read_public(b"".join(shown)).withheld == sum(b"redacted" in line for line in shown)


def test_equal_lines_have_digests_that_nobody_can_guess(run: Stand) -> None:
    lines = [json.loads(line) for line in (run.out / "record.jsonl").read_bytes().splitlines()]
    salts = [line["salt"] for line in lines]
    assert len(set(salts)) == len(salts)
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)


def test_a_record_without_salts_is_not_published(run: Stand) -> None:
    path = run.out / "record.jsonl"
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    for line in lines:
        del line["salt"]
    path.write_bytes(chained(lines))
    said = run.assay("bundle", str(run.out), "--redact", "--reports", "none")
    assert (said.code, "--redact needs a record with salts" in said.err) == (2, True)


def test_a_record_without_a_plan_is_not_published(tmp_path: Path) -> None:
    sample(tmp_path / "run")
    ran = commands.run("bundle", str(tmp_path / "run"), "--redact", "--reports", "none")
    assert (ran.code, "--redact needs a record of this version" in ran.err) == (2, True)


def test_what_stays_is_a_list_and_whatever_is_new_is_withheld(run: Stand) -> None:
    loaded = runs.load(run.out)
    hostile: Mapping[str, JSON] = {
        **loaded.document,
        "assessment": {"title": "CANARY", "id": "CANARY", "by": ["CANARY"]},
        "claims": [{"id": "CANARY", "state": "confirmed", "title": "CANARY"}],
        "unheard_of": {"text": "CANARY", "deep": [{"er": "CANARY"}]},
    }
    changed = redacted_run(replace(loaded, document=hostile))
    assert "CANARY" not in json.dumps(changed.document)
    assert changed.folder == redaction.REDACTED_FOLDER
    assert not changed.plays


def test_the_document_stays_valid_and_equal_texts_stay_equal(run: Stand) -> None:
    loaded = runs.load(run.out)
    one, other = (redacted_run(loaded).document for _ in range(2))
    assert not published.complaint(json.loads(json.dumps(one)))
    assert one["device"] != other["device"]
    assert all(row["reason"] == "" or str(row["reason"]).startswith("withheld-")
               for row in redacted_run(loaded).results)  # fmt: skip


def test_reports_of_it_hold_no_link_to_what_is_not_there(run: Stand) -> None:
    with Archive(redacted(run)) as opened:
        page = opened.read("report.html")
    assert b'href="wire/' not in page
    assert b'href="device/' not in page
