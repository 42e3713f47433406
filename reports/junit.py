"""The JUnit scribe: one ``testcase`` a scenario, for every CI server.

FAIL is a failure; ERROR, INCONCLUSIVE and a scenario without a result are errors, because a build
must not turn green on what nobody found out. NOT_APPLICABLE and REVIEW are skipped with their
reason. WARN passes and says so in ``system-out``, as does a failure that somebody waives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from xml.etree import ElementTree as ET

from harness.run import Run
from harness.verdict import Verdict
from reports.rows import Row, mapped, mappings, rows_of, text, texts, waived_of
from reports.text import visible

_ELEMENT = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.INCONCLUSIVE: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.REVIEW: "skipped",
}


def render(run: Run) -> bytes:
    """The run as JUnit XML (the schema of Jenkins, which GitLab reads too), in UTF-8."""
    root = ET.Element("testsuites", name="dicom-assay")
    waived = waived_of(run)
    for family, rows in groupby(rows_of(run), key=lambda row: row.family):
        root.append(_suite(run, family, list(rows), waived))
    missing = texts(run.document, "not_finished")
    if missing:
        root.append(_unfinished(missing))
    _count(root, list(root))
    del root.attrib["skipped"]  # the schema of Jenkins knows it for a suite, and not for them all
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def _suite(run: Run, family: str, rows: list[Row], waived: Mapping[str, str]) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(family))
    suite.set("timestamp", visible(text(run.document, "started")))
    _properties(suite, _about(run))
    suite.extend(_testcase(row, waived.get(row.id, "")) for row in rows)
    _count(suite, [suite])
    return suite


def _about(run: Run) -> Iterator[tuple[str, str]]:
    """Properties of the run; a suite has them all, since servers show no others."""
    document = run.document
    device, scheme = mapped(document, "device"), mapped(document, "scheme")
    for key in ("manufacturer", "model", "version"):
        yield f"device.{key}", text(device, key)
    yield "seed", text(document, "seed")
    yield "catalogue", text(mapped(document, "tool"), "catalogue")
    yield "complete", text(document, "complete")
    if scheme:
        yield "scheme", text(scheme, "id")
        yield "scheme.level", text(scheme, "level") or "none"
        yield "scheme.reached", text(scheme, "reached")
    for key in ("claims", "waivers"):
        counts = Counter(text(item, "state") for item in mappings(document, key))
        for state, count in sorted(counts.items()):
            yield f"{key}.{state}", str(count)
    if attested := len(mappings(document, "attestations")):
        yield "attestations", str(attested)


def _testcase(row: Row, waiver: str) -> ET.Element:
    case = ET.Element("testcase", name=visible(f"{row.id} {row.title}"))
    case.set("classname", visible(f"dicom-assay.{row.family}.{row.role}"))
    case.set("time", f"{row.duration_s:.3f}")
    _properties(
        case,
        [
            ("verdict", row.verdict.name),
            ("kind", row.kind),
            ("code", row.code),
            ("severity", row.severity),
            ("outcome", row.outcome),
            ("preferred", "yes" if row.preferred else "no"),
            *(("requirement", name) for name in row.requirements),
            *(("threat", name) for name in row.threats),
            *(("weakness", name) for name in row.weakness),
            *(("evidence", name) for name in row.evidence),
        ],
    )
    tag = _ELEMENT.get(row.verdict)
    if tag:
        verdict = ET.SubElement(case, tag, message=visible(row.reason))
        verdict.set("type", visible(row.kind or row.code or row.verdict.name))
        verdict.text = visible("\n".join(_story(row)))
    said = [f"WARN: {row.reason}"] if row.verdict is Verdict.WARN else []
    said += [f"Waived: {waiver}"] if waiver else []
    if said:
        ET.SubElement(case, "system-out").text = visible("\n".join(said))
    return case


def _story(row: Row) -> Iterable[str]:
    """What a person needs to see in the CI server: reasons, cases, mending."""
    yield row.reason
    for finding in row.findings:
        yield f"{finding.verdict.name} {finding.oracle}: {finding.reason}"
    for case in row.cases:
        if case.vary:
            yield f"case {case.vary}: {case.verdict.name} {case.outcome} {case.reason}"
    if row.verdict is Verdict.FAIL and row.remediation:
        yield f"To mend it: {row.remediation}"


def _unfinished(missing: tuple[str, ...]) -> ET.Element:
    """Scenarios that were selected and have no result: loud, so errors."""
    suite = ET.Element("testsuite", name="not finished")
    for name in missing:
        case = ET.SubElement(suite, "testcase", name=visible(name), time="0.000")
        case.set("classname", "dicom-assay.not-finished")
        why = "selected, but the run ended before it had a result"
        ET.SubElement(case, "error", message=why, type="not_finished")
    _count(suite, [suite])
    return suite


def _properties(parent: ET.Element, pairs: Iterable[tuple[str, str]]) -> None:
    found = [(name, value) for name, value in pairs if value]
    if found:
        holder = ET.SubElement(parent, "properties")
        for name, value in found:
            ET.SubElement(holder, "property", name=visible(name, 200), value=visible(value))


def _count(target: ET.Element, suites: list[ET.Element]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    target.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        target.set(attribute, str(sum(1 for case in cases if case.find(tag) is not None)))
    target.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
