"""Evidence that a run holds besides its results: who tested, for how long, by what, how fully.

Headings of a test report (as those of FDA's guidance) are met by facts, not by scenarios. Each fact
here is read from the document of a run; what the profile's ``[assessment]`` leaves out is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from harness.model import JSON

Evidence = Literal[
    "assessment.testers", "assessment.independence", "assessment.expertise", "assessment.scope",
    "assessment.methods", "assessment.effort", "scope.authorised", "run.period",
    "run.complete", "run.tool", "results.concluded",
]  # fmt: skip
"""Names of the facts."""

_CONCLUSIVE = frozenset({"PASS", "WARN", "FAIL"})
_OPEN = frozenset({"INCONCLUSIVE", "ERROR", "REVIEW"})


def present(name: Evidence, document: Mapping[str, JSON]) -> tuple[bool, str]:
    """Whether a run holds this evidence, and the sentence that says what it is or what is missing.

    Args:
        name: The fact.
        document: The run, as in run.json.
    """
    section, _, key = name.partition(".")
    if section == "assessment":
        said = _mapping(document, "assessment").get(key)
        shown = ", ".join(map(str, said)) if isinstance(said, list | tuple) else str(said or "")
        return bool(shown), f"{key}: {shown}" if shown else f"[assessment] {key} is not stated"
    return _FACTS[name](document)


def _authorised(document: Mapping[str, JSON]) -> tuple[bool, str]:
    scope = _mapping(document, "scope")
    by = str(scope.get("authorised_by") or "")
    networks = scope.get("networks")
    shown = ", ".join(map(str, networks)) if isinstance(networks, list | tuple) else ""
    if by:
        return True, f"networks {shown}, authorised by {by}"
    return False, "[scope] authorised_by is not stated"


def _period(document: Mapping[str, JSON]) -> tuple[bool, str]:
    started, finished = str(document.get("started") or ""), str(document.get("finished") or "")
    if started and finished:
        return True, f"from {started} to {finished}"
    return False, "the run has no end"


def _complete(document: Mapping[str, JSON]) -> tuple[bool, str]:
    if not document.get("complete"):
        return False, "the run is incomplete"
    left = document.get("not_selected")
    if not isinstance(left, list):
        return False, "the run does not say what it left out; run it again"
    if left:
        return (
            False,
            f"{len(left)} scenarios were left out; run it without --select, --tag, --smoke",
        )
    return True, "every scenario of the catalogue has a result"


def _tool(document: Mapping[str, JSON]) -> tuple[bool, str]:
    tool = _mapping(document, "tool")
    version, catalogue = str(tool.get("version") or ""), str(tool.get("catalogue") or "")
    said = f"dicom-assay {version}, catalogue {catalogue[:19]}, seed {document.get('seed')}"
    return bool(version and catalogue), said


def _concluded(document: Mapping[str, JSON]) -> tuple[bool, str]:
    rows = document.get("results")
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    if not any(row.get("verdict") in _CONCLUSIVE for row in found):
        return False, "no result of the run says anything about the device"
    unsure = [str(row.get("id")) for row in found if row.get("verdict") in _OPEN]
    if unsure:
        return False, f"{len(unsure)} results are open: {', '.join(unsure[:6])}"
    return True, f"{len(found)} results, all concluded, with their evidence"


_FACTS: Mapping[str, Callable[[Mapping[str, JSON]], tuple[bool, str]]] = {
    "scope.authorised": _authorised,
    "run.period": _period,
    "run.complete": _complete,
    "run.tool": _tool,
    "results.concluded": _concluded,
}


def _mapping(document: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    value = document.get(key)
    return value if isinstance(value, Mapping) else {}
