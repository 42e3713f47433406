from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

from harness.run import Run
from reports import junit


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
    assert int(root.get("skipped", "")) == verdicts["NOT_APPLICABLE"] + verdicts["REVIEW"]


def test_suites_add_up(sample: Run) -> None:
    root = _root(sample)
    for key in ("tests", "failures", "errors", "skipped"):
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
