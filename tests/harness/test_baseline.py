"""Baselines: strict both ways, and not for ever."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from harness import baseline
from harness.errors import ProfileError
from harness.run import Run
from tests.harness.conftest import Stand
from tests.harness.fakes import make_scenario, served

TODAY = datetime.date(2026, 6, 1)
ENTRY = """
[[expect]]
scenario = "{scenario}"
verdict = "{verdict}"
reason = "{reason}"
why = "ticket 17"
owner = "A. Roentgen"
expires = {expires}
"""


def entry(
    scenario: str = "ASC-001",
    verdict: str = "FAIL",
    reason: str = "accepted",
    expires: str = "2026-06-01",
) -> str:
    return ENTRY.format(scenario=scenario, verdict=verdict, reason=reason, expires=expires)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "baseline.toml"


def compare(file: Path, verdict: str, reason: str = "", *entries: str) -> baseline.Comparison:
    kind, code = (reason, "") if verdict == "FAIL" else ("", reason)
    row = {"id": "ASC-001", "verdict": verdict, "kind": kind, "code": code}
    run = Run(folder=file.parent, document={"results": [row]})
    file.write_text("".join(entries))
    return baseline.judge(run, baseline.load(file), TODAY)


@pytest.mark.parametrize("verdict", ["FAIL", "ERROR"])
def test_without_a_baseline_what_is_bad_is_unexpected(file: Path, verdict: str) -> None:
    assert compare(file, verdict).unexpected == (f"ASC-001: {verdict}",)


@pytest.mark.parametrize("verdict", ["PASS", "WARN", "INCONCLUSIVE", "NOT_APPLICABLE", "REVIEW"])
def test_what_is_not_bad_is_not_unexpected(file: Path, verdict: str) -> None:
    assert compare(file, verdict) == baseline.Comparison((), ())


def test_what_is_expected_is_told_with_reason_and_owner(file: Path) -> None:
    found = compare(file, "FAIL", "accepted", entry())
    assert found == baseline.Comparison(("ASC-001: ticket 17 (A. Roentgen)",), ())


def test_a_code_may_be_expected_too(file: Path) -> None:
    expected = entry(verdict="INCONCLUSIVE", reason="NOT_EMITTED")
    assert compare(file, "INCONCLUSIVE", "NOT_EMITTED", expected).unexpected == ()
    (line,) = compare(file, "INCONCLUSIVE", "PRECONDITION_UNMET", expected).unexpected
    assert line.endswith("got INCONCLUSIVE (PRECONDITION_UNMET)")


def test_an_expected_failure_that_passes_is_unexpected(file: Path) -> None:
    (line,) = compare(file, "PASS", "", entry()).unexpected
    assert line == "ASC-001: expected FAIL (accepted), got PASS (-)"


def test_another_kind_of_failure_is_unexpected(file: Path) -> None:
    (line,) = compare(file, "FAIL", "crash", entry()).unexpected
    assert line == "ASC-001: expected FAIL (accepted), got FAIL (crash)"


def test_an_expired_entry_expects_nothing_any_more(file: Path) -> None:
    ended = entry(expires="2026-05-31")
    (line,) = compare(file, "FAIL", "accepted", ended).unexpected
    assert line == "ASC-001: FAIL (the expectation expired on 2026-05-31)"
    assert compare(file, "PASS", "", ended) == baseline.Comparison((), ())


def test_what_was_not_selected_is_not_expected(file: Path) -> None:
    assert compare(file, "PASS", "", entry("ASC-002")).unexpected == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("expect = 3", "'expect'"),
        ("[[expected]]", "'expected'"),
        (entry() + "severity = 'low'", "'expect.0.severity'"),
        (entry().replace("owner", "owned"), "'expect.0.owner'"),
        (entry().replace("ticket 17", ""), "'expect.0.why'"),
        (entry(expires='"soon"'), "'expect.0.expires'"),
        (entry(verdict="FAILED"), "'expect.0.verdict'"),
        (entry() + entry(), "ASC-001 is expected twice"),
        ("expect = = 1", "not valid TOML"),
    ],
)
def test_a_bad_one_is_one_line_that_names_the_key(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(ProfileError) as caught:
        baseline.load(file)
    assert str(caught.value).startswith(f"--baseline {file}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_one_is_named(file: Path) -> None:
    with pytest.raises(ProfileError, match="No such file"):
        baseline.load(file)


class TestCommand:
    """`assay run --baseline` decides the exit code."""

    FAR = "2999-01-01"

    def test_a_known_failure_is_as_expected(self, stand: Stand, file: Path) -> None:
        stand.scenarios[1] = make_scenario(body=served)
        file.write_text(entry(expires=self.FAR))
        said = stand.run("--baseline", str(file))
        assert said.code == 0
        assert "expected: ASC-001: ticket 17 (A. Roentgen)" in said.err

    def test_one_that_is_mended_is_not(self, stand: Stand, file: Path) -> None:
        file.write_text(entry(expires=self.FAR))
        said = stand.run("--baseline", str(file))
        assert said.code == 1
        assert "unexpected: ASC-001: expected FAIL (accepted), got PASS (-)" in said.err

    def test_one_that_is_expired_is_not(self, stand: Stand, file: Path) -> None:
        stand.scenarios[1] = make_scenario(body=served)
        file.write_text(entry(expires="2020-01-01"))
        assert stand.run("--baseline", str(file)).code == 1

    def test_a_bad_baseline_is_refused_before_anything_starts(
        self, stand: Stand, file: Path
    ) -> None:
        file.write_text("[[expected]]")
        said = stand.run("--baseline", str(file))
        assert said.code == 2
        assert said.err.startswith(f"assay: --baseline {file}: ")
        assert not stand.benches
