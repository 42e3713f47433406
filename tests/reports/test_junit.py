from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import junitparser
import pytest
import xmlschema

from harness.run import Run
from reports import junit
from reports.rows import rows_of

SCHEMA = Path(__file__).parents[1] / "data" / "junit-10.xsd"
RUNS = ("sample", "incomplete", "concluded_run", "hostile_run", "hostile_concluded_run")


@cache
def _schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMA))


def _root(run: Run) -> ET.Element:
    return ET.fromstring(junit.render(run))


def _case(root: ET.Element, name: str) -> ET.Element:
    return next(c for c in root.iter("testcase") if (c.get("name") or "").startswith(name))


def test_counts_agree_with_the_verdicts(sample: Run) -> None:
    root = _root(sample)
    verdicts = Counter(str(row["verdict"]) for row in sample.results)
    assert int(root.get("tests", "")) == len(sample.results) == len(list(root.iter("testcase")))
    assert int(root.get("failures", "")) == verdicts["FAIL"]
    assert int(root.get("errors", "")) == verdicts["ERROR"] + verdicts["INCONCLUSIVE"]
    skipped = sum(int(suite.get("skipped", "")) for suite in root)
    assert skipped == verdicts["NOT_APPLICABLE"] + verdicts["REVIEW"]


def test_suites_add_up(sample: Run) -> None:
    root = _root(sample)
    for key in ("tests", "failures", "errors"):
        assert sum(int(s.get(key, "")) for s in root.iter("testsuite")) == int(root.get(key, ""))


def test_each_verdict_has_its_element(sample: Run) -> None:
    root = _root(sample)
    failure = _case(root, "PAR-002").find("failure")
    assert failure is not None
    assert failure.get("type") == "crash"
    assert "To mend it" in (failure.text or "")
    error = _case(root, "CRT-004").find("error")
    assert error is not None
    assert error.get("type") == "PRECONDITION_UNMET"
    skipped = _case(root, "STO-103").find("skipped")
    assert skipped is not None
    assert "retrieve-scu" in (skipped.get("message") or "")
    assert "WARN" in (_case(root, "TLS-005").findtext("system-out") or "")
    assert [child.tag for child in _case(root, "ASC-001")] == ["properties"]


def test_properties_trace_to_requirements(sample: Run) -> None:
    found = [
        (prop.get("name"), prop.get("value"))
        for prop in _case(_root(sample), "ASC-003").iter("property")
    ]
    assert ("requirement", "HOUSE/BOUNDED-MEMORY") in found
    assert ("weakness", "CWE-789") in found
    assert ("severity", "critical") in found


def test_a_missing_result_is_an_error(incomplete: Run) -> None:
    case = _case(_root(incomplete), "RES-001")
    assert case.find("error") is not None


def test_hostile_text_parses_and_adds_no_element(hostile_run: Run) -> None:
    root = _root(hostile_run)
    tags = {element.tag for element in root.iter()}
    assert tags <= {
        *("testsuites", "testsuite", "properties", "property", "testcase"),
        *("failure", "error", "skipped", "system-out"),
    }
    words = ET.tostring(root, "unicode")
    assert not any(char in words for char in "\x00\x1b\u202e\u2066\ud800")
    assert "]]>" not in words


def test_output_is_stable(sample: Run) -> None:
    assert junit.render(sample) == junit.render(sample)


@pytest.mark.parametrize("name", RUNS)
def test_it_is_valid_but_for_properties_of_test_cases(
    name: str, request: pytest.FixtureRequest
) -> None:
    """The schema is older than they are; Jenkins, GitLab and pytest know them all the same."""
    root = _root(request.getfixturevalue(name))
    assert not _schema().is_valid(root)
    for case in root.iter("testcase"):
        for properties in case.findall("properties"):
            case.remove(properties)
    assert [error.reason for error in _schema().iter_errors(root)] == []


def test_another_reader_finds_what_we_say(sample: Run, tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_bytes(junit.render(sample))
    read = junitparser.JUnitXml.fromfile(str(path))
    kinds = Counter(type(item).__name__ for suite in read for case in suite for item in case.result)
    verdicts = Counter(row.verdict.name for row in rows_of(sample))
    assert kinds == {
        "Failure": verdicts["FAIL"],
        "Error": verdicts["ERROR"] + verdicts["INCONCLUSIVE"],
        "Skipped": verdicts["NOT_APPLICABLE"] + verdicts["REVIEW"],
    }
    assert sum(suite.tests or 0 for suite in read) == len(sample.results)


def test_suites_say_level_claims_and_waivers(concluded_run: Run) -> None:
    root = _root(concluded_run)
    suite = root.find("testsuite")
    assert suite is not None
    told = {prop.get("name"): prop.get("value") for prop in suite.iterfind("properties/property")}
    assert (told["scheme"], told["scheme.level"]) == ("dicom-baseline", "none")
    assert (told["claims.contradicted"], told["waivers.met"]) == ("1", "1")
    failed = _case(root, "ASC-003")
    assert failed.find("failure") is not None
    assert (failed.findtext("system-out") or "").startswith("Waived: The next release")
