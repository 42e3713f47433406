"""Exchange, proof, finding and summary: values, no markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.model import JSON, Observation
from harness.run import Run
from harness.verdict import Verdict
from reports.page.exchange import exchange_of
from reports.page.finding import FindingView, inner_link, view_of
from reports.page.proof import proofs_of
from reports.page.summary import summary_of
from reports.rows import rows_of
from tests.reports import builder, hostile
from tests.reports.rows import result


def _seen(kind: str, actor: str = "attacker", **data: JSON) -> Observation:
    return Observation(at_s=0.5, actor=actor, kind=kind, data=data)


def _view(run: Run, name: str) -> FindingView:
    return view_of(next(row for row in rows_of(run) if row.id == name), run)


def test_the_stimulus_is_dumped_with_its_lies(sample: Run) -> None:
    (play,) = _view(sample, "ASC-003").plays
    (sent,) = play.exchange.sent
    assert sent.stimulus
    assert sent.lies == ("length", "items[0].length")
    assert [part.name for part in sent.parts if part.lie] == ["length", "items[0].length"]
    assert [line.names for line in sent.lines if line.names] == [("length",), ("items[0].length",)]
    assert sent.lines[-1].skipped > 0
    assert play.exchange.received[0].what.startswith("A-ABORT")


def test_only_the_stimulus_is_dumped_among_many_emissions() -> None:
    head = bytes(40).hex()
    seen = [_seen("emitted", bytes=40, head=head, stimulus=at == 5) for at in range(40)]
    exchange = exchange_of(seen)
    assert [at for at, item in enumerate(exchange.sent) if item.lines] == [5]
    assert exchange.more_sent == 40 - len(exchange.sent)


def test_malformed_observations_break_nothing() -> None:
    seen = [
        _seen("emitted", head="zz", parts=[["a"], 5, ["x", -1, 2], ["b", 1, None]], lies="no"),
        _seen("emitted"),
        _seen("received", bytes=None, head=None),
        _seen("outcome"),
        _seen("health", "sentinel"),
        _seen("log", lines=None),
        _seen("memory"),
        _seen("trigger"),
        _seen("twin", "engine"),
    ]
    exchange = exchange_of(seen)
    assert exchange.sent[0].parts == ()
    assert len(proofs_of(seen)) >= 5


def test_proof_names_emission_twin_sentinel_and_bystander(sample: Run) -> None:
    (play,) = _view(sample, "PAR-002").plays
    said = {line.label: line for line in play.proofs}
    assert "4,195 of 4,195 bytes left our side, sha256" in said["Emission"].text
    assert said["Twin"].text.startswith("ASC-900")
    assert [said[label].ok for label in ("Emission", "Twin", "Device before", "Bystander")] == [
        True
    ] * 4
    assert said["Device after"].ok is False
    assert "SIGSEGV" in said["Crash evidence"].text


def test_a_short_send_and_a_missing_stimulus_are_no_proof() -> None:
    assert proofs_of([_seen("emitted", stimulus=True, bytes=10, sent=4)])[0].ok is False
    assert proofs_of([])[0].ok is False


def test_a_varied_scenario_tells_its_worst_cases(sample: Run) -> None:
    view = _view(sample, "ASC-005")
    assert [play.name for play in view.plays] == ["ASC-005.0"]
    assert "called AE title" in view.plays[0].case
    assert view.silent_plays == 3


def test_catalogue_text_is_looked_up_and_unknown_ids_stay(sample: Run, hostile_run: Run) -> None:
    assert all(clause.text and clause.note for clause in _view(sample, "ASC-003").clauses)
    assert _view(sample, "ASC-003").threats[0].text
    assert _view(hostile_run, "ASC-006").clauses[0].text == ""


def test_replay_names_the_folder_without_its_machine(sample: Run) -> None:
    replay = _view(sample, "ASC-003").replay
    assert replay == "assay replay runs/20260301-aurora ASC-003"


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("wire/ASC-005.2.pcapng", "./wire/ASC-005.2.pcapng"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("wire/a b#c?d.pcapng", "./wire/a%20b%23c%3Fd.pcapng"),
        ("../../etc/passwd", ""),
        ("/etc/passwd", ""),
        ("//evil.example/x", ""),
        ("..\\..\\x", ""),
        ("wire/\u202egnp", ""),
    ],
)
def test_evidence_links_stay_in_the_run_folder(path: str, href: str) -> None:
    assert inner_link(path).href == href


def test_only_well_formed_references_become_links(sample: Run, hostile_run: Run) -> None:
    assert _view(sample, "ASC-003").references[0].href.endswith("CVE-2019-1010228")
    assert _view(sample, "ASC-003").weakness[0].href.endswith("/789.html")
    assert {link.href for link in _view(hostile_run, "ASC-006").references} == {""}


def test_summary_of_a_failing_run(sample: Run) -> None:
    summary = summary_of(sample, rows_of(sample))
    assert (summary.tone, summary.headline) == ("bad", "5 of 20 scenarios failed")
    assert "2 of them critical" in summary.detail
    assert [row.severity for row in summary.failures[:2]] == ["critical", "critical"]
    assert sum(share.count for share in summary.shares) == len(sample.results)
    assert sum(share.width for share in summary.shares) == pytest.approx(100, abs=0.01)
    assert sum(row.total for row in summary.grid) == len(sample.results)
    assert summary.duration == "3 min 25 s"


def test_a_requirement_with_a_failure_and_an_error_is_broken(tmp_path: Path) -> None:
    rows = [
        result("ASC-001", "FAIL", requirements=["A"]),
        result("ASC-002", "ERROR", requirements=["A", "B"]),
        result("ASC-003", "PASS", requirements=["B", "C"]),
        result("ASC-004", "NOT_APPLICABLE", requirements=["C", "D"]),
    ]
    run = builder.build(tmp_path / "run", rows)
    found = summary_of(run, rows_of(run)).requirements
    assert (found.hold, found.broken, found.undecided, found.not_applicable) == (1, 1, 1, 1)
    assert found.tested == 3


@pytest.mark.parametrize(
    ("verdicts", "tone"),
    [
        (["PASS", "FAIL"], "bad"),
        (["PASS", "INCONCLUSIVE"], "unsure"),
        (["PASS", "REVIEW"], "unsure"),
        (["PASS", "ERROR"], "unsure"),
        (["PASS", "WARN"], "good"),
        (["INCONCLUSIVE", "NOT_APPLICABLE"], "void"),
        (["ERROR"], "void"),
        ([], "void"),
    ],
)
def test_tone_follows_the_verdicts(tmp_path: Path, verdicts: list[str], tone: str) -> None:
    rows = [result(f"ASC-{at:03}", verdict) for at, verdict in enumerate(verdicts)]
    run = builder.build(tmp_path / "run", rows)
    assert summary_of(run, rows_of(run)).tone == tone


def test_search_text_is_lower_case_and_bounded(hostile_run: Run) -> None:
    view = _view(hostile_run, "ASC-006")
    assert view.search == view.search.lower()
    assert len(view.search) < 3000
    assert hostile.NUL not in view.search


def test_the_sample_holds_every_verdict_and_both_roles(sample: Run) -> None:
    rows = rows_of(sample)
    assert {row.verdict for row in rows} == set(Verdict)
    assert {row.role for row in rows} == {"acceptor", "requestor"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"lines": 0, "text": ""}, "no new line"),
        ({"lines": 7, "text": ""}, "7 new lines"),
        ({"lines": 2, "text": "a\nb"}, "a\nb"),
        ({"lines": ["a", "b"]}, "a\nb"),
    ],
)
def test_the_log_is_told_in_lines_or_their_number(data: dict[str, JSON], told: str) -> None:
    assert proofs_of([_seen("log", "process", **data)])[-1].text == told
