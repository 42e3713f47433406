"""Answers from a file, and what is attached to them: bounded, plain, and never outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.errors import RequestError
from harness.reviewing import answers, attachments

HEAD = 'by = "Ada"\nat = 2026-01-02\n'
ONE = '[[answer]]\nscenario = "REV-004"\nanswer = "yes"\n'


def read(folder: Path, text: str) -> dict[str, answers.Answer]:
    (folder / "answers.toml").write_text(text)
    return answers.read(folder / "answers.toml")


def test_what_stands_above_counts_for_all(tmp_path: Path) -> None:
    two = f'{ONE}[[answer]]\nscenario = "REV-005"\nanswer = "no"\nby = "Bea"\n'
    found = read(tmp_path, HEAD + two)
    assert [(one.by, one.answer) for one in found.values()] == [("Ada", "yes"), ("Bea", "no")]
    assert found["REV-004"].at.isoformat() == "2026-01-02T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"has no \[\[answer\]\]"),
        ("answer = 3", r"has no \[\[answer\]\]"),
        ("answer = [3]", "answer 1 is no table"),
        ("[[answer", "not valid TOML"),
        (f"at = 2026-01-02\n{ONE}", "'by'"),
        (f'by = " "\nat = 2026-01-02\n{ONE}', "must name the person who looked"),
        (f'by = "Ada"\n{ONE}', "'at'"),
        (f'by = "Ada"\nat = 2999-01-02\n{ONE}', "lies in the future"),
        (HEAD + ONE.replace("yes", "maybe"), "'answer'"),
        (HEAD + ONE.replace("yes", "n/a"), "needs a 'note' that says why"),
        (HEAD + ONE + "verdict = 'PASS'\n", "'verdict'"),
        (HEAD + ONE + ONE, "REV-004 is answered twice"),
        (HEAD + ONE + 'note = "\\u001b[2J"\n', "without control characters"),
        (HEAD + ONE + 'note = "a\\u202eb"\n', "without control characters"),
        (HEAD + ONE + f'note = "{"x" * 4001}"\n', "'note'"),
        (HEAD + ONE + f"attachments = {['a.png'] * 17}\n", "'attachments'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        read(tmp_path, text)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="larger than 1 MiB"):
        read(tmp_path, "#" * (1024 * 1024 + 1))


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd.txt", "link.txt"])
def test_a_file_of_answers_attaches_nothing_from_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(RequestError, match="lies outside the folder of the answers"):
        answers._within(inner, name)


class TestAttachments:
    def test_a_copy_under_a_name_of_ours(self, tmp_path: Path) -> None:
        source = tmp_path / "a b;$(reboot)\u202egnp.PNG"
        source.write_bytes(b"picture")
        kept = attachments.keep(source, tmp_path, "REV-004")
        name = str(kept["name"])
        assert name.startswith("REV-004-")
        assert name.endswith("-a-b-reboot-gnp.png")
        assert (tmp_path / "attachments" / name).read_bytes() == b"picture"
        assert kept["bytes"] == 7

    def test_equal_names_with_other_contents_stay_apart(self, tmp_path: Path) -> None:
        source = tmp_path / "a.txt"
        names = set()
        for text in ("one", "two"):
            source.write_text(text)
            names.add(attachments.keep(source, tmp_path, "REV-004")["name"])
        assert len(names) == 2

    @pytest.mark.parametrize("name", ["page.html", "picture.svg", "data.xml", "program", "a.exe"])
    def test_what_a_browser_or_a_system_runs_is_refused(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("x")
        with pytest.raises(RequestError, match="put it into a zip"):
            attachments.keep(tmp_path / name, tmp_path, "REV-004")

    def test_what_is_no_file_is_refused(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.txt")
        (tmp_path / "folder.txt").mkdir()
        for name in ("pipe.txt", "folder.txt"):
            with pytest.raises(RequestError, match="not a file"):
                attachments.keep(tmp_path / name, tmp_path, "REV-004")

    def test_size_is_bounded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(attachments, "MOST_BYTES", 4)
        (tmp_path / "a.txt").write_text("12345")
        with pytest.raises(RequestError, match="larger than"):
            attachments.keep(tmp_path / "a.txt", tmp_path, "REV-004")

    def test_a_private_key_is_no_evidence(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("-----BEGIN PRIVATE KEY-----\nabc")
        with pytest.raises(RequestError, match="holds a private key"):
            attachments.keep(tmp_path / "a.txt", tmp_path, "REV-004")
        assert not (tmp_path / "attachments").exists()
