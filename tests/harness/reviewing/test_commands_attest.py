"""``assay attest``: by flags, from a file, and at a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import run as runs
from harness.reviewing import asking
from harness.run import Run
from harness.verdict import ExitCode
from tests.harness import commands
from tests.harness.reviewing.asked import played, profile, verdicts


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return played(tmp_path, profile(tmp_path))


def attest(run: Run, *arguments: str, typed: str | None = None) -> commands.Ran:
    return commands.run("attest", str(run.folder), *arguments, typed=typed)


def now(run: Run) -> dict[str, str]:
    return verdicts(runs.load(run.folder))


def test_by_flags(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.txt").write_text("locked")
    said = attest(
        run, "rev-004", "--answer", "yes", "--by", "Ada", "--role", "IT", "--attach",
        str(tmp_path / "case.txt"),
    )  # fmt: skip
    assert said.code == ExitCode.EXPECTED
    assert "REV-004: REVIEW -> PASS: attested by Ada, IT on " in said.err
    assert "1 answer(s) recorded, 2 question(s) wait" in said.err
    assert now(run)["REV-004"] == "PASS"
    assert len(list((run.folder / "attachments").iterdir())) == 1


def test_a_no_is_an_unexpected_result(run: Run) -> None:
    said = attest(run, "REV-004", "--answer", "no", "--by", "Ada", "--note", "open\x07 case")
    assert said.code == ExitCode.USAGE
    said = attest(run, "REV-004", "--answer", "no", "--by", "Ada", "--note", "open case")
    assert said.code == ExitCode.UNEXPECTED_RESULT
    assert now(run)["REV-004"] == "FAIL attested"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("REV-004", "--answer", "yes"), "--by: an answer needs the name"),
        (("REV-004", "--answer", "yes", "--by", " "), "must name the person"),
        (("REV-004", "--answer", "n/a", "--by", "Ada"), "says why it does not apply"),
        (("--answer", "yes", "--by", "Ada"), "needs the ids"),
        (("REV-005", "--answer", "yes", "--by", "Ada"), "REV-005 is no question here"),
        (("REV-004", "--by", "Ada"), "--answer: is missing"),
        (("--from", "a.toml", "--by", "Ada"), "--from: cannot go with"),
        (("--from", "gone.toml"), "cannot read the answers"),
        ((), "standard input is no terminal"),
    ],
    ids=str,
)
def test_what_is_missing_is_named_and_nothing_recorded(
    run: Run, arguments: tuple[str, ...], words: str
) -> None:
    before = (run.folder / "record.jsonl").read_bytes()
    said = attest(run, *arguments)
    assert said.code == ExitCode.USAGE
    assert words in said.err
    assert (run.folder / "record.jsonl").read_bytes() == before


def test_the_open_questions_are_listed(run: Run) -> None:
    said = attest(run, "--list")
    assert [line.split()[0] for line in said.out.splitlines() if line.startswith("REV-")] == [
        "REV-001", "REV-004", "REV-009",
    ]  # fmt: skip
    assert "3 question(s) wait for a person" in said.err


def test_from_a_file(run: Run, tmp_path: Path) -> None:
    rows = "".join(
        f'[[answer]]\nscenario = "{n}"\nanswer = "yes"\n' for n in ("REV-001", "REV-009")
    )
    (tmp_path / "answers.toml").write_text(f'by = "Ada"\nat = 2026-01-02\n{rows}')
    said = attest(run, "--from", str(tmp_path / "answers.toml"))
    assert said.code == ExitCode.EXPECTED
    assert now(run) == {"REV-001": "PASS", "REV-004": "REVIEW", "REV-009": "PASS"}


class TestAtATerminal:
    @pytest.fixture(autouse=True)
    def terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(asking, "refuse_without_terminal", lambda flag: None)

    def test_answers_are_asked_for_and_names_remembered(self, run: Run) -> None:
        first = "yes\nAda\nIT\nNorthwind\nlooked at it\n\n"
        second = "n/a\n\n\n\nnot networked\n\n"
        said = attest(run, typed=f"{first}later\n{second}")
        assert said.code == ExitCode.EXPECTED, said.err
        assert now(run) == {"REV-001": "PASS", "REV-004": "REVIEW", "REV-009": "NOT_APPLICABLE"}
        assert "attested by Ada, IT, Northwind" in said.err

    def test_a_refused_answer_is_asked_again(self, run: Run) -> None:
        nameless = "yes\n\n\n\n\n\n"
        said = attest(run, "REV-004", typed=f"{nameless}yes\nAda\n\n\n\n\n")
        assert "'by'" in said.err
        assert now(run)["REV-004"] == "PASS"

    def test_stopping_loses_no_answer(self, run: Run) -> None:
        said = attest(run, typed="yes\nAda\n\n\n\n\nno\nAda\n")  # and then standard input ends
        assert "Stopped; what was answered is recorded." in said.err
        assert now(run) == {"REV-001": "PASS", "REV-004": "REVIEW", "REV-009": "REVIEW"}

    def test_with_nothing_open_nobody_is_asked(self, run: Run) -> None:
        attest(run, "REV-001", "REV-004", "REV-009", "--answer", "yes", "--by", "Ada")
        assert "no question waits" in attest(run).err


def test_run_ask_needs_somebody() -> None:
    said = commands.run("run", "--ask", "--select", "REV-*")
    assert said.code == ExitCode.USAGE
    assert "--ask: standard input is no terminal" in said.err
