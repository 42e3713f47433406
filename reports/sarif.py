"""The SARIF scribe (OASIS SARIF 2.1.0): results beside the line of device.toml that they are about.

Every result is there, not failures alone, since ``kind`` says what each is: a viewer of SARIF shows
``fail`` and leaves the rest out, and an auditor sees what passed. A waived failure stays a failure,
with a suppression that says who answers for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports.anchors import Anchor, anchors_of
from reports.identity import digest, named_uuid, packed, product_of, run_words
from reports.page.finding import inner_link
from reports.rows import Row, rows_of, text, waived_of
from reports.sarif_rules import level_of, message, taxonomies_of
from reports.sarif_run import driver_of, invocation_of, properties_of
from reports.text import one_line

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_KINDS = {
    Verdict.NOT_APPLICABLE: "notApplicable",
    Verdict.PASS: "pass",
    Verdict.WARN: "fail",
    Verdict.REVIEW: "review",
    Verdict.INCONCLUSIVE: "open",
    Verdict.FAIL: "fail",
    Verdict.ERROR: "open",
}
_TOLD_CASES = 20
"""Most cases of one scenario that its message names."""


def render(run: Run) -> bytes:
    """The run as one SARIF log, in ASCII."""
    rows = rows_of(run)
    log: dict[str, JSON] = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(run, rows)]}
    return packed(log)


def _run(run: Run, rows: Sequence[Row]) -> JSON:
    anchors, waived = anchors_of(run.folder), waived_of(run)
    files = _Files()
    results: list[JSON] = []
    for at, row in enumerate(rows):
        results.append(_result(run, row, at, anchors.of(row), waived.get(row.id, ""), files))
    product = "/".join(one_line(word, 100) for word in product_of(run))
    return {
        "tool": {"driver": driver_of(run, rows)},
        "taxonomies": taxonomies_of(rows),
        "automationDetails": {
            "id": f"dicom-assay/{product}/{one_line(text(run.document, 'started'), 100)}",
            "description": {"text": "Pre-certification evidence, not a certificate."},
            "guid": named_uuid("sarif", *run_words(run)),
        },
        "invocations": [invocation_of(run, rows)],
        "artifacts": files.listed(),
        "results": results,
        "columnKind": "unicodeCodePoints",
        "properties": properties_of(run),
    }


class _Files:
    """The files that results name, each once, in the order in which they are named."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def location(self, uri: str) -> dict[str, JSON]:
        """A reference to the file."""
        return {"uri": uri, "index": self._places.setdefault(uri, len(self._places))}

    def listed(self) -> list[JSON]:
        """All of them."""
        return [
            {"location": {"uri": uri, "index": at}, "roles": [self._role(uri)]}
            for uri, at in self._places.items()
        ]

    @staticmethod
    def _role(uri: str) -> str:
        return "attachment" if uri.startswith(("wire/", "device/")) else "analysisTarget"


def _result(run: Run, row: Row, at: int, anchor: Anchor, waiver: str, files: _Files) -> JSON:
    kind = _KINDS[row.verdict]
    level = "none"
    if kind == "fail":
        level = "warning" if row.verdict is Verdict.WARN else level_of(row.severity)
    result: dict[str, JSON] = {
        "ruleId": one_line(row.id),
        "ruleIndex": at,
        "kind": kind,
        "level": level,
        "message": {"text": _said(row)},
        "locations": [_location(row, anchor, files)],
        "partialFingerprints": {"scenario/v1": digest(*product_of(run), row.id)},
        "guid": named_uuid("sarif-result", *run_words(run), row.id),
        "attachments": list(_attachments(row, files)),
        "properties": _details(row),
    }
    if waiver:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": message(waiver)}
        ]
    return result


def _said(row: Row) -> str:
    loud = row.verdict > Verdict.PASS
    worst = [case for case in row.cases if loud and case.verdict is row.verdict and case.vary]
    lines = [f"{row.verdict.name}: {row.reason}", f"Required: {row.title}"]
    lines += [f"Case {case.vary}: {case.reason}" for case in worst[:_TOLD_CASES]]
    if len(worst) > _TOLD_CASES:
        lines.append(f"And {len(worst) - _TOLD_CASES} more cases.")
    return message("\n".join(lines))


def _location(row: Row, anchor: Anchor, files: _Files) -> JSON:
    return {
        "physicalLocation": {
            "artifactLocation": files.location(anchor.uri),
            "region": {"startLine": anchor.line},
        },
        "logicalLocations": [
            {
                "name": one_line(row.id),
                "fullyQualifiedName": one_line(f"{row.family}/{row.role}/{row.id}"),
                "kind": "function",
            }
        ],
    }


def _attachments(row: Row, files: _Files) -> Iterator[JSON]:
    for link in map(inner_link, row.evidence):
        if link.href:
            uri = link.href.removeprefix("./")
            yield {
                "artifactLocation": files.location(uri),
                "description": {"text": "Evidence, in the run folder."},
            }


def _details(row: Row) -> JSON:
    pairs: Iterable[tuple[str, JSON]] = (
        ("verdict", row.verdict.name),
        ("failure", one_line(row.kind, 100)),
        ("code", one_line(row.code, 100)),
        ("outcome", one_line(row.outcome, 100)),
        ("severity", one_line(row.severity, 100)),
        ("duration_s", round(row.duration_s, 3)),
        ("cases", len(row.cases)),
    )
    return {key: value for key, value in pairs if value not in ("", None)}
