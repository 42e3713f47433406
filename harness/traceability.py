"""Which requirement is tested by what: an overview, and a page for each set.

Pure functions from the registry to Markdown; :mod:`harness.documents` names the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from harness import coverage, markup, requirements
from harness.coverage import Coverage, Status
from harness.model import Scenario
from harness.requirements import Actor, Confidence, Requirement

Catalogue = Mapping[str, Scenario]

NOTICE = (
    "<!-- Made by scripts/generate-docs from the registry: change the scenarios, not this page. -->"
)
_CONFIDENCE = {
    Confidence.READ: "read in the standard",
    Confidence.SECONDARY: "as others cite it",
    Confidence.MEMORY: "from memory",
}
_PROSE = {
    Status.AUTOMATED: "scenarios verify it, or verify what answers it wholly",
    Status.PARTIAL: "scenarios reach a part of it, or reach it through another requirement",
    Status.MANUAL: "a person has to look",
    Status.NOT_TESTED: "nothing tests it yet",
}


def pages(catalogue: Catalogue) -> dict[str, str]:
    """The overview and the page of every set, by path in the repository."""
    found = coverage.covered(catalogue)
    sets = {
        f"docs/traceability/{markup.slug(name)}.md": _set_page(name, rows, found)
        for name, rows in requirements.by_standard().items()
    }
    return {"docs/traceability.md": overview(catalogue), **sets}


def overview(catalogue: Catalogue) -> str:
    """Markdown: how far each set is tested; threats and weaknesses with their scenarios."""
    found = coverage.covered(catalogue)
    tested = sum(1 for one in found.values() if one.direct)
    reached = sum(1 for one in found.values() if one.through and not one.direct)
    lines = [
        "# Traceability",
        NOTICE,
        f"{len(found)} requirements: {tested} are verified by at least one scenario, and "
        f"{reached} more are reached through one that is. Texts are our paraphrases; what was not "
        "read in the standard itself never decides a failure alone.",
        "- [By requirement](#by-requirement)\n- [By threat](#by-threat)\n"
        "- [By weakness](#by-weakness)",
        "## By requirement",
        "\n".join(f"- *{status.value}*: {words}." for status, words in _PROSE.items()),
        markup.table(("Set", "Requirements", *(s.value for s in Status)), _set_rows(found)),
        "## By threat",
        markup.table(("Threat", "Direction", "What happens", "Scenarios"), _threat_rows(catalogue)),
        "## By weakness",
        markup.table(("Weakness", "Scenarios"), _weakness_rows(catalogue)),
    ]
    return markup.page(lines)


def _set_rows(found: Mapping[str, Coverage]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, members in requirements.by_standard().items():
        counts = Counter(found[one.id].status for one in members)
        link = f"[{markup.text(name)}](traceability/{markup.slug(name)}.md)"
        rows.append((link, str(len(members)), *(str(counts[status]) for status in Status)))
    return rows


def _set_page(name: str, members: Sequence[Requirement], found: Mapping[str, Coverage]) -> str:
    counts = Counter(found[one.id].status for one in members)
    said = ", ".join(f"{counts[status]} {status.value}" for status in Status)
    gaps = [
        (f"[{one.id}](#{markup.slug(one.id)})", found[one.id].status.value, _reason(found[one.id]))
        for one in members
        if found[one.id].status is not Status.AUTOMATED
    ]
    lines = [
        f"# {markup.text(name)}",
        NOTICE,
        f"{len(members)} requirements: {said}. [All sets](../traceability.md)",
        markup.table(
            ("Requirement", "Level", "Text", "Source", "Status", "Tested by"),
            [_row(one, found[one.id]) for one in members],
        ),
    ]
    if gaps:
        lines += [
            "## Gaps and their reasons",
            markup.table(("Requirement", "Status", "What is not tested, and why"), gaps),
        ]
    return markup.page(lines)


def _row(one: Requirement, covered: Coverage) -> tuple[str, ...]:
    level = one.level.value + (f", {one.actor.value}" if one.actor is not Actor.BOTH else "")
    condition = f" *{markup.text(one.conditionality)}*" if one.conditionality else ""
    return (
        f'<a id="{markup.slug(one.id)}"></a>{one.id}',
        level,
        markup.text(one.text) + condition,
        _source(one),
        covered.status.value,
        _tested_by(covered),
    )


def _source(one: Requirement) -> str:
    known = _CONFIDENCE.get(one.confidence)
    said = known if known and known not in one.source else ""
    return markup.text(one.source) + (f" ({said})" if said else "")


def _tested_by(covered: Coverage) -> str:
    direct = ", ".join(markup.link(name, page="../catalogue.md") for name in covered.direct)
    through = ", ".join(markup.requirement_link(name, folder="") for name in covered.through)
    parts = [direct, f"through {through}" if through else ""]
    return "; ".join(part for part in parts if part) or "-"


def _reason(covered: Coverage) -> str:
    if covered.reason:
        return markup.text(covered.reason)
    if covered.through:
        return "What counts for it is tested; nothing is tested for it alone."
    return "Only a person is asked." if covered.direct else "No reason is stated."


def _threat_rows(catalogue: Catalogue) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for threat in requirements.threats().values():
        found = [one.id for one in catalogue.values() if threat.id in one.threats]
        links = ", ".join(markup.link(name, page="catalogue.md") for name in found) or "none"
        rows.append((threat.id, threat.direction, markup.text(threat.title), links))
    return rows


def _weakness_rows(catalogue: Catalogue) -> list[tuple[str, ...]]:
    names = {name for one in catalogue.values() for name in one.weakness}
    rows: list[tuple[str, ...]] = []
    for name in sorted(names, key=lambda cwe: int(cwe.removeprefix("CWE-"))):
        found = [one.id for one in catalogue.values() if name in one.weakness]
        links = ", ".join(markup.link(each, page="catalogue.md") for each in found)
        rows.append((markup.cwe(name), links))
    return rows
