"""What a signature under a run says: an in-toto Statement v1 with a test-result predicate.

The subjects are the files of the evidence, each with its SHA-256. The predicate has three words
for how a run ended, and ours are eight; nothing undecided is ever called passed:

- ``FAILED``: something failed, we erred, the run was not finished, or nothing passed at all
- ``WARNED``: nothing of that, but something is broken that only should hold, waits for a person,
  or stayed inconclusive
- ``PASSED``: whatever applied passed

It is evidence before a certification, and certifies nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import SignatureError
from harness.model import JSON

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"

_LISTS = {
    "PASS": "passedTests",
    "WARN": "warnedTests",
    "REVIEW": "warnedTests",
    "INCONCLUSIVE": "warnedTests",
    "FAIL": "failedTests",
    "ERROR": "failedTests",
}


def statement(run_document: Mapping[str, JSON], subjects: Mapping[str, str]) -> dict[str, JSON]:
    """The Statement over the files of a run.

    Args:
        run_document: run.json.
        subjects: Path -> SHA-256 in hexadecimal, at least one.

    Raises:
        SignatureError: There is nothing to state anything about.
    """
    if not subjects:
        raise SignatureError("a statement needs at least one file to be about")
    return {
        "_type": STATEMENT,
        "subject": [
            {"name": name, "digest": {"sha256": digest}}
            for name, digest in sorted(subjects.items())
        ],
        "predicateType": PREDICATE,
        "predicate": predicate(run_document),
    }


def predicate(run_document: Mapping[str, JSON]) -> dict[str, JSON]:
    """The test-result predicate of a run."""
    lists: dict[str, list[JSON]] = {"passedTests": [], "warnedTests": [], "failedTests": []}
    rows = run_document["results"]
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping) and (name := _LISTS.get(str(row["verdict"]))):
            lists[name].append(str(row["id"]))
    missing = run_document.get("not_finished")
    lists["failedTests"] += missing if isinstance(missing, list) else []
    return {
        "result": _result(lists, finished=run_document.get("complete") is True),
        "configuration": configuration(run_document),
        **{name: sorted(tests, key=str) for name, tests in lists.items()},
    }


def configuration(run_document: Mapping[str, JSON]) -> list[JSON]:
    """What the run was made with: the tool with its catalogue, and the device with its profile."""
    tool, device = (_mapping(run_document.get(key)) for key in ("tool", "device"))
    return [
        _descriptor("dicom-assay", tool.get("catalogue"), {"version": tool.get("version", "")}),
        _descriptor(
            "device profile",
            device.get("profile"),
            {key: device.get(key, "") for key in ("manufacturer", "model", "version")},
        ),
    ]


def _result(lists: Mapping[str, list[JSON]], *, finished: bool) -> str:
    if lists["failedTests"] or not finished or not lists["passedTests"]:
        return "FAILED"
    return "WARNED" if lists["warnedTests"] else "PASSED"


def _descriptor(name: str, digest: JSON, annotations: dict[str, JSON]) -> dict[str, JSON]:
    algorithm, _, value = str(digest).partition(":")
    found: dict[str, JSON] = {"name": name, "annotations": annotations}
    if algorithm == "sha256" and value:
        found["digest"] = {"sha256": value}
    else:
        # A descriptor has to name its resource somehow, even where no digest was kept.
        found["uri"] = f"urn:dicom-assay:{name.replace(' ', '-')}"
    return found


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}
