"""Rules and taxonomies of a SARIF log: what each scenario asks, and what it rests on.

SARIF 2.1.0, 3.49 (rules) and 3.19.3 (taxonomies). The properties ``tags`` and
``security-severity`` are those by which code hosts sort and filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harness import requirements
from harness.model import JSON
from reports.identity import named_uuid
from reports.markdown import quoted
from reports.rows import Row, severity_rank
from reports.text import LIMIT, one_line, visible

LEVELS = ("error", "error", "warning", "note", "note")
"""Level by rank of the severity; an unknown severity is a note."""

_SCORES = ("9.5", "8.0", "5.5", "3.0")
"""``security-severity``: the middle of the bands critical, high, medium and low of CVSS."""

_CWE = "CWE"
_REQUIREMENTS = "requirements"


def level_of(severity: str) -> str:
    """How loud a failure of this severity is."""
    rank = severity_rank(severity)
    return LEVELS[rank] if rank < len(LEVELS) else "note"


def rules_of(rows: Sequence[Row]) -> list[JSON]:
    """One rule a scenario, in the order of the rows."""
    places = _places(rows)
    return [_rule(row, places) for row in rows]


def taxonomies_of(rows: Sequence[Row]) -> list[JSON]:
    """The weaknesses and the requirements that the rules relate to, each a taxonomy."""
    weakness, verified = (_names(rows, name) for name in ("weakness", "requirements"))
    cwe: dict[str, JSON] = {
        "name": _CWE,
        "organization": "MITRE",
        "guid": named_uuid("taxonomy", _CWE),
        "informationUri": "https://cwe.mitre.org/",
        "shortDescription": {"text": "Common Weakness Enumeration."},
        "isComprehensive": False,
        "taxa": [{"id": name} for name in weakness],
    }
    rests: dict[str, JSON] = {
        "name": _REQUIREMENTS,
        "guid": named_uuid("taxonomy", _REQUIREMENTS),
        "shortDescription": {"text": "Requirements of standards, in our paraphrase."},
        "isComprehensive": False,
        "taxa": [_clause(name) for name in verified],
    }
    return [cwe, rests]


def message(words: str, limit: int = LIMIT) -> str:
    """Text that is no placeholder and no embedded link (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    shown = visible(words, limit).replace("{", "{{").replace("}", "}}")
    return shown.replace("](", r"\](")


def _rule(row: Row, places: Mapping[tuple[str, str], int]) -> JSON:
    rank = severity_rank(row.severity)
    properties: dict[str, JSON] = {
        "tags": _tags(row),
        "precision": "very-high",
        "problem.severity": {"note": "recommendation"}.get(
            level_of(row.severity), level_of(row.severity)
        ),
    }
    if rank < len(_SCORES):
        properties["security-severity"] = _SCORES[rank]
    rule: dict[str, JSON] = {
        "id": one_line(row.id),
        "shortDescription": {"text": message(row.title)},
        "fullDescription": {"text": message(row.rationale or row.title)},
        "help": {"text": _help(row), "markdown": _marked(row)},
        "defaultConfiguration": {"level": level_of(row.severity)},
        "properties": properties,
    }
    related = [*((_CWE, name) for name in row.weakness)]
    related += [(_REQUIREMENTS, name) for name in row.requirements]
    if related:
        rule["relationships"] = [_relation(kind, name, places) for kind, name in related]
    return rule


def _tags(row: Row) -> list[JSON]:
    weakness = [f"external/cwe/{one_line(name).lower()}" for name in row.weakness]
    words = ["security", "dicom", row.family_name, row.role, *weakness, *row.threats]
    return [one_line(word) for word in dict.fromkeys(words) if word]


def _help(row: Row) -> str:
    mend = f"To mend it: {row.remediation}" if row.remediation else ""
    return message("\n\n".join(filter(None, (row.rationale or row.title, mend))), 2 * LIMIT)


def _marked(row: Row) -> str:
    parts = [f"**{quoted(row.title, LIMIT)}**", quoted(row.rationale, LIMIT)]
    if row.remediation:
        parts.append(f"**To mend it.** {quoted(row.remediation, LIMIT)}")
    rests = [*row.requirements, *row.weakness, *row.references]
    if rests:
        parts.append(f"**It rests on** {', '.join(quoted(name) for name in rests)}.")
    return "\n\n".join(part for part in parts if part)


def _relation(kind: str, name: str, places: Mapping[tuple[str, str], int]) -> JSON:
    component: dict[str, JSON] = {
        "name": kind,
        "index": 0 if kind == _CWE else 1,
        "guid": named_uuid("taxonomy", kind),
    }
    target: dict[str, JSON] = {
        "id": one_line(name),
        "index": places[kind, one_line(name)],
        "toolComponent": component,
    }
    return {"target": target, "kinds": ["relevant"]}


def _clause(name: str) -> JSON:
    known = requirements.load().get(name)
    if known is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": message(known.text)},
        "properties": {
            "level": known.level.value,
            "source": known.source,
            "confidence": known.confidence.value,
        },
    }


def _names(rows: Iterable[Row], key: str) -> list[str]:
    return sorted({one_line(name) for row in rows for name in getattr(row, key)})


def _places(rows: Sequence[Row]) -> Mapping[tuple[str, str], int]:
    return {
        (kind, name): at
        for kind, key in ((_CWE, "weakness"), (_REQUIREMENTS, "requirements"))
        for at, name in enumerate(_names(rows, key))
    }
