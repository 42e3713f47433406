"""Allure's results: what is in the archive, and what never gets there."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harness.run import Run
from reports import allure
from reports.allure_files import Files
from reports.rows import rows_of
from tests.reports import builder
from tests.reports.rows import case, result

_NAME = re.compile(
    r"[0-9a-f-]{36}-(result\.json|attachment\.(pcapng|log|keylog|txt|json|bin))"
    r"|categories\.json|allurerc\.json|environment\.properties|executor\.json"
)


def _files(run: Run) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(allure.render(run))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _results(run: Run) -> dict[str, Any]:
    found = [json.loads(d) for name, d in _files(run).items() if name.endswith("-result.json")]
    return {one["name"].split()[0]: one for one in found}


def test_every_result_has_the_status_of_its_verdict(sample: Run) -> None:
    found = _results(sample)
    said = {row.verdict.name: found[row.id]["status"] for row in rows_of(sample)}
    assert len(found) == len(sample.results)
    assert said == {
        "PASS": "passed",
        "WARN": "passed",
        "FAIL": "failed",
        "ERROR": "broken",
        "INCONCLUSIVE": "broken",
        "REVIEW": "unknown",
        "NOT_APPLICABLE": "skipped",
    }


def test_what_was_not_finished_is_unknown(incomplete: Run) -> None:
    assert _results(incomplete)["RES-001"]["status"] == "unknown"


def test_a_category_holds_each_result_that_did_not_pass(sample: Run) -> None:
    files = _files(sample)
    categories = json.loads(files["categories.json"])
    assert json.loads(files["allurerc.json"])["categories"] == categories
    for one in _results(sample).values():
        fitting = [
            item["name"]
            for item in categories
            if one["status"] in item["matchedStatuses"]
            and re.fullmatch(item["messageRegex"], one["statusDetails"]["message"])
        ]
        assert len(fitting) == (one["status"] != "passed")


def test_labels_tags_links_and_steps_trace_to_their_sources(sample: Run) -> None:
    one = _results(sample)["ASC-003"]
    labels = {(label["name"], label["value"]) for label in one["labels"]}
    assert {
        ("severity", "blocker"),
        ("suite", "Association and upper layer"),
        ("tag", "PS3.8/9.3.1"),
        ("tag", "CWE-789"),
        ("role", "acceptor"),
    } <= labels
    assert [link["name"] for link in one["links"]] == ["CWE-789", "CWE-130", "CVE-2019-1010228"]
    assert one["steps"][0]["status"] == "failed"
    cases = [
        step for step in _results(sample)["ASC-005"]["steps"] if step["name"].startswith("case")
    ]
    assert Counter(step["status"] for step in cases) == {"failed": 1, "broken": 1, "passed": 2}


def test_identifiers_follow_the_scenario_and_the_run(sample: Run, tmp_path: Path) -> None:
    later = builder.build(
        tmp_path / "later", [result("ASC-003", "PASS")], started="2027-01-01T00:00:00+00:00"
    )
    before, after = _results(sample)["ASC-003"], _results(later)["ASC-003"]
    assert before["historyId"] == after["historyId"]
    assert before["uuid"] != after["uuid"]
    assert before["start"] == 1772357400000
    assert before["stop"] - before["start"] == 410


def test_a_waived_failure_fails_and_is_muted(concluded_run: Run) -> None:
    one = _results(concluded_run)["ASC-003"]
    assert (one["status"], one["statusDetails"]["muted"]) == ("failed", True)
    assert "The next release bounds it" in one["description"]
    properties = _files(concluded_run)["environment.properties"].decode("ascii")
    assert "scheme.level = none\n" in properties
    assert "claims.contradicted = 1\n" in properties


def test_evidence_is_attached_with_a_dump_of_what_was_sent(tmp_path: Path) -> None:
    evidence = ["wire/ASC-001.pcapng", "device/ASC-001.log", "wire/gone.pcapng"]
    run = builder.build(tmp_path / "run", [result("ASC-001", "FAIL", evidence=[*evidence])])
    for name, data in (("wire/ASC-001.pcapng", b"\x0a\x0d\x0d\x0a"), ("device/ASC-001.log", b"up")):
        (run.folder / name).parent.mkdir()
        (run.folder / name).write_bytes(data)
    attached = {one["name"]: one for one in _results(run)["ASC-001"]["attachments"]}
    files = _files(run)
    assert files[attached["wire/ASC-001.pcapng"]["source"]] == b"\x0a\x0d\x0d\x0a"
    assert attached["wire/ASC-001.pcapng"]["type"] == "application/vnd.tcpdump.pcap"
    (dump,) = (one for name, one in attached.items() if name.startswith("sent in"))
    assert "lie: length at offset 2" in files[dump["source"]].decode()
    assert "wire/gone.pcapng" not in attached


@pytest.mark.parametrize(
    "evidence", ["../secret", "/etc/hostname", "wire/../../secret", "wire/link", "wire"]
)
def test_nothing_outside_the_run_folder_is_attached(tmp_path: Path, evidence: str) -> None:
    (tmp_path / "secret").write_text("canary")
    run = builder.build(tmp_path / "run", [result("ASC-001", "FAIL", evidence=[evidence])])
    (run.folder / "wire").mkdir()
    (run.folder / "wire" / "link").symlink_to(tmp_path / "secret")
    files = _files(run)
    assert not any(b"canary" in data for data in files.values())
    names = [one["name"] for one in _results(run)["ASC-001"]["attachments"]]
    assert evidence not in names


def test_attachments_have_room_and_say_when_it_is_used_up(tmp_path: Path) -> None:
    run = builder.build(
        tmp_path / "run", [result("ASC-001", "FAIL", evidence=["wire/a.log", "wire/b.log"])]
    )
    (run.folder / "wire").mkdir()
    (run.folder / "wire" / "a.log").write_bytes(bytes(9000))
    (run.folder / "wire" / "b.log").write_bytes(bytes(5 * 2**20))
    (row,) = rows_of(run)
    kept = Files(run)
    assert [one["name"] for one in kept.of(row)][1:] == ["wire/a.log", "left out"]
    assert b"1 files are too large" in b"".join(kept.kept.values())
    assert sum(map(len, Files(run, room=100).kept.values())) == 0


def test_many_cases_are_told_by_the_worst(tmp_path: Path) -> None:
    cases = [case("PASS", vary={"n": n}) for n in range(300)]
    cases += [case("FAIL", vary={"n": 300})]
    run = builder.build(tmp_path / "run", [result("ASC-001", "FAIL", cases=[*cases])])
    steps = _results(run)["ASC-001"]["steps"]
    assert len(steps) == 102
    assert steps[1]["status"] == "failed"
    assert "201 more cases" in steps[-1]["name"]


def test_hostile_words_stay_words(hostile_concluded_run: Run) -> None:
    files = _files(hostile_concluded_run)
    assert all(map(_NAME.fullmatch, files))
    for name, data in files.items():
        if name.endswith("-result.json"):
            one = json.loads(data)
            assert not set(str(one)) & set("\x00\x1b\u202e\u2066\ud800")
            assert "<" not in one["description"]
            assert "](" not in one["description"]
    lines = files["environment.properties"].decode("ascii").splitlines()
    assert all(re.match(r"[a-zA-Z.\\]", line) for line in lines)
    assert [line for line in lines if line.startswith("device.model = \\<script\\>")]


def test_output_is_stable(hostile_run: Run, sample: Run) -> None:
    for run in (hostile_run, sample):
        assert allure.render(run) == allure.render(run)
