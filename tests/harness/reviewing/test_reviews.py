"""What a run asks a person, what was answered, and what follows from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from harness import registry
from harness import run as runs
from harness.commands.rejudge import rejudged
from harness.comparison import compare
from harness.errors import RecordError, RequestError
from harness.judge import judge_case
from harness.model import JSON, Observation, Record
from harness.proof.keys import public_pem
from harness.proof.signing import Signer, load_signer
from harness.reviewing import answers, attestation, attesting, reviews
from harness.run import Run
from harness.standing import State, standings
from harness.summary import question_lines
from tests.harness.reviewing.asked import played, profile, verdicts

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schema/run.schema.json").read_text())


def key(folder: Path, name: str = "ada") -> Signer:
    """A signer whose public half lies beside the profile as NAME.pub."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / name).write_bytes(pem)
    (folder / f"{name}.pub").write_bytes(public_pem(private.public_key()))
    return load_signer(str(folder / name))


def given(
    run: Run, scenario: str, answer: str = "yes", signer: Signer | None = None, **more: object
) -> Run:
    """The run after one more answer."""
    said = {"scenario": scenario, "answer": answer, "by": "Ada Example", "at": "2026-01-02", **more}
    (asked,) = attesting.questions(run, [scenario])
    with attesting.giving(run, signer) as give:
        give(asked, answers.of(said, "test"))
    after = runs.load(run.folder)
    stored = json.loads((run.folder / "run.json").read_text())
    assert stored == json.loads(json.dumps(after.document))
    jsonschema.validate(stored, SCHEMA)
    return after


def row_of(run: Run, scenario: str) -> Mapping[str, JSON]:
    return next(row for row in run.results if row["id"] == scenario)


def attestations(run: Run) -> list[Mapping[str, JSON]]:
    rows = run.document["attestations"]
    assert isinstance(rows, list)
    return [row for row in rows if isinstance(row, Mapping)]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return played(tmp_path, profile(tmp_path))


class TestAsking:
    def test_a_profile_without_reviews_asks_nobody(self, tmp_path: Path) -> None:
        silent = played(tmp_path, profile(tmp_path, None))
        assert set(verdicts(silent).values()) == {"NOT_APPLICABLE"}
        assert question_lines(silent) == []
        stands = standings(silent.document)["HOUSE/PHYSICAL-PORTS"]
        assert stands.state is State.MANUAL
        with pytest.raises(RequestError, match=r"add \[reviews\] to the profile"):
            attesting.questions(silent)

    def test_an_unanswered_question_waits_and_passes_nothing(self, run: Run) -> None:
        assert set(verdicts(run).values()) == {"REVIEW"}
        assert question_lines(run) == [f"3 questions wait for a person: assay attest {run.folder}"]
        assert standings(run.document)["HOUSE/PHYSICAL-PORTS"].state is State.MANUAL

    def test_the_profile_may_bring_answers(self, tmp_path: Path) -> None:
        (tmp_path / "photo.png").write_bytes(b"\x89PNG")
        (tmp_path / "answers.toml").write_text(
            'by = "Ada"\nat = 2026-01-02\n[[answer]]\nscenario = "REV-004"\nanswer = "yes"\n'
            'attachments = ["photo.png"]\n[[answer]]\nscenario = "REV-009"\nanswer = "no"\n'
        )
        brought = played(tmp_path, profile(tmp_path, 'answers = "answers.toml"'))
        assert verdicts(brought) == {
            "REV-001": "REVIEW", "REV-004": "PASS", "REV-009": "FAIL attested",
        }  # fmt: skip
        evidence = row_of(brought, "REV-004")["evidence"]
        assert isinstance(evidence, list)
        assert (brought.folder / str(evidence[0])).read_bytes() == b"\x89PNG"

    def test_an_answer_to_what_nobody_asks_is_refused_before_anything_is_made(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "a.toml").write_text(
            'by = "Ada"\nat = 2026-01-02\n[[answer]]\nscenario = "ASC-001"\nanswer = "yes"\n'
        )
        with pytest.raises(RequestError, match="ASC-001 is no question"):
            played(tmp_path, profile(tmp_path, 'answers = "a.toml"'))
        assert not (tmp_path / "run").exists()


class TestAnswering:
    @pytest.mark.parametrize(
        ("answer", "verdict", "state"),
        [
            ("yes", "PASS", State.HOLDS),
            ("no", "FAIL attested", State.BROKEN),
            ("n/a", "NOT_APPLICABLE", State.NOT_APPLICABLE),
        ],
    )
    def test_the_verdict_follows(self, run: Run, answer: str, verdict: str, state: State) -> None:
        after = given(run, "REV-004", answer, note="no case at all")
        assert verdicts(after)["REV-004"] == verdict
        row = row_of(after, "REV-004")
        assert row["outcome"] == "ATTESTED"
        assert "no case at all" in str(row["reason"])
        assert row["notes"] == [f"{reviews.MARK}Ada Example on 2026-01-02; signature: unsigned"]
        assert standings(after.document)["HOUSE/PHYSICAL-PORTS"].state is state

    def test_a_later_answer_supersedes_and_both_stay(self, run: Run) -> None:
        after = given(given(run, "REV-004", "no"), "REV-004", "yes", by="Bea")
        assert verdicts(after)["REV-004"] == "PASS"
        assert [row["by"] for row in attestations(after)] == ["Ada Example", "Bea"]
        assert len(row_of(after, "REV-004")["notes"]) == 1  # type: ignore[arg-type]

    def test_judged_again_it_is_the_same(self, run: Run) -> None:
        after = given(run, "REV-004", "no")
        again = rejudged(after)
        assert again.results == after.results
        assert not any(compare(after, again).values())

    def test_diff_sees_what_an_answer_changed(self, run: Run) -> None:
        assert compare(run, given(run, "REV-004"))["fixed"] == ["REV-004 REVIEW -> PASS"]

    def test_a_resumed_run_keeps_its_answers_and_takes_more(self, run: Run, tmp_path: Path) -> None:
        given(run, "REV-004")
        more = played(tmp_path, profile(tmp_path), ("REV-004", "REV-005"), resume=True)
        assert verdicts(more)["REV-004"] == "PASS"
        assert verdicts(given(more, "REV-005"))["REV-005"] == "PASS"
        assert verdicts(given(more, "REV-004", "no"))["REV-004"] == "FAIL attested"

    def test_the_record_says_the_verdict_on_a_line_of_its_own(self, run: Run) -> None:
        given(run, "REV-004")
        lines = [json.loads(one) for one in (run.folder / "record.jsonl").read_text().splitlines()]
        said = [one["data"] for one in lines if one["kind"] == "verdict"]
        assert said[-1]["id"] == "REV-004"
        assert said[-1]["verdict"] == "PASS"

    def test_the_record_vouches_for_attachments(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("x")
        after = given(run, "REV-004", attachments=[str(tmp_path / "a.txt")])
        (seen,) = (one for one in after.plays["REV-004"] if one.kind == "evidence")
        assert seen.data["path"] == row_of(after, "REV-004")["evidence"][0]  # type: ignore[index]
        assert seen.data["sha256"] == hashlib.sha256(b"x").hexdigest()

    def test_what_has_not_ended_is_not_answered(self, tmp_path: Path) -> None:
        broken_off = played(tmp_path, profile(tmp_path), complete=False)
        with pytest.raises(RecordError, match="continue it with 'assay run --resume'"):
            attesting.questions(broken_off)

    def test_one_person_at_a_time(self, run: Run) -> None:
        with (
            attesting.giving(run),
            pytest.raises(RecordError, match="somebody else is answering"),
            attesting.giving(run),
        ):
            pytest.fail("two of them had the record")

    def test_an_attachment_that_cannot_be_taken_leaves_no_answer(self, run: Run) -> None:
        with pytest.raises(RequestError, match="cannot read"):
            given(run, "REV-004", attachments=["gone.png"])
        assert verdicts(runs.load(run.folder))["REV-004"] == "REVIEW"


class TestSigning:
    def test_a_key_that_the_profile_names(self, tmp_path: Path) -> None:
        ada, bob = key(tmp_path), key(tmp_path, "bob")
        run = played(tmp_path, profile(tmp_path, 'keys = ["ada.pub"]'))
        run = given(run, "REV-001", signer=ada)
        run = given(run, "REV-004", signer=bob)
        run = given(run, "REV-009")
        assert [row["signature"] for row in attestations(run)] == [
            {"state": "valid", "keyid": ada.keyid},
            {"state": "unknown key", "keyid": bob.keyid},
            {"state": "unsigned", "keyid": ""},
        ]

    @pytest.mark.parametrize(
        "change", [{"answer": "yes"}, {"by": "Eve"}, {"note": "x"}, {"at": ""}]
    )
    def test_what_was_changed_after_signing_counts_for_nothing(
        self, tmp_path: Path, change: dict[str, JSON]
    ) -> None:
        run = given(played(tmp_path, profile(tmp_path)), "REV-004", "no", key(tmp_path))
        forged = replace(run, plays=_with(run, "REV-004", change))
        again = runs.with_results(forged, run.results)
        assert verdicts(again)["REV-004"] == "REVIEW"
        assert attestations(again)[0]["signature"] == {"state": "invalid", "keyid": ""}
        assert "do not hold" in str(row_of(again, "REV-004")["notes"])

    def test_an_answer_of_another_run_counts_for_nothing(self, tmp_path: Path) -> None:
        signer = key(tmp_path)
        run = given(played(tmp_path, profile(tmp_path)), "REV-004", "yes", signer)
        elsewhere = replace(run, head={**run.head, "started": "2020-01-01T00:00:00+00:00"})
        again = runs.with_results(elsewhere, run.results)
        assert verdicts(again)["REV-004"] == "REVIEW"
        assert attestations(again)[0]["signature"] == {"state": "invalid", "keyid": signer.keyid}

    def test_a_note_is_signed_as_the_record_keeps_it(self, tmp_path: Path) -> None:
        secret = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----"
        run = given(
            played(tmp_path, profile(tmp_path)), "REV-004", signer=key(tmp_path), note=secret
        )
        assert attestations(run)[0]["note"] == "[redacted private key]"
        assert verdicts(run)["REV-004"] == "PASS"


def test_an_answer_without_a_name_earns_nothing() -> None:
    """Even when somebody writes it into the record by hand."""
    scenario = registry.load()["REV-004"]
    data: dict[str, JSON] = {"answer": "yes", "by": "", "at": "2026-01-02"}
    seen = Observation(at_s=0, actor=attestation.REVIEWER, kind=attestation.ATTESTATION, data=data)
    record = Record(scenario="REV-004", case={}, facts={}, observations=(seen,))
    assert judge_case(scenario, record).verdict.name == "REVIEW"
    named = replace(seen, data={**data, "by": "Ada"})
    assert judge_case(scenario, replace(record, observations=(named,))).verdict.name == "PASS"


def _with(run: Run, play: str, change: Mapping[str, JSON]) -> dict[str, list[Observation]]:
    """The plays with the answers of one of them changed."""
    changed = [
        replace(seen, data={**seen.data, **change}) if seen.kind == "attestation" else seen
        for seen in run.plays[play]
    ]
    return {**{name: list(seen) for name, seen in run.plays.items()}, play: changed}
