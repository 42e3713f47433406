"""The generated documents: pure functions from the registry to the text of a file.

``docs/catalogue.md`` says what each scenario does, ``docs/traceability.md`` which requirement is
tested by what, and ``docs/schema`` holds the JSON Schemas. The same registry gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from harness import coverage, markup, requirements, schemas
from harness.coverage import Family, Status
from harness.model import JSON, Role, Scenario
from harness.requirements import Confidence, Requirement

Catalogue = Mapping[str, Scenario]

OURS = "scenarios"
"""The package of our own scenarios: what a vendor's pack adds is in no document of ours."""

_NOTICE = (
    "<!-- Made by scripts/generate-docs from the registry: change the scenarios, not this page. -->"
)
_CONFIDENCE = {
    Confidence.READ: "read in the standard",
    Confidence.SECONDARY: "as others cite it",
    Confidence.MEMORY: "from memory",
}


def generated(catalogue: Catalogue) -> dict[str, str]:
    """Every generated file: its text by its path in the repository."""
    own = {name: one for name, one in catalogue.items() if _module(one).startswith(f"{OURS}.")}
    return {
        "docs/catalogue.md": catalogue_page(own),
        "docs/traceability.md": traceability_page(own),
        "docs/schema/catalogue.schema.json": _json(schemas.catalogue_schema()),
        "docs/schema/device.schema.json": _json(schemas.device_schema()),
        "docs/schema/load.schema.json": _json(schemas.load_schema()),
        "docs/schema/statement.schema.json": _json(schemas.statement_schema()),
        "docs/schema/tls-policy.schema.json": _json(schemas.tls_policy_schema()),
    }


def catalogue_page(catalogue: Catalogue) -> str:
    """Markdown: all scenarios by family, each with what it does, why, and how to mend."""
    grouped = coverage.by_family(catalogue)
    tested = {family: found for family, found in grouped.items() if found}
    twins = sum(1 for scenario in catalogue.values() if scenario.positive)
    lines = [
        "# Catalogue of scenarios",
        _NOTICE,
        f"{len(catalogue)} scenarios in {len(tested)} families; {twins} of them are twins, honest "
        "exchanges that must succeed before a refusal counts. `assay explain ID` shows one of them "
        "in the terminal; [traceability](traceability.md) shows them by requirement.",
        markup.table(
            ("Family", "Scope", "Acceptor", "Requestor", "Twins"),
            [
                (f"[{family.id}](#{_anchor(family)}) {family.name}", family.scope, *_counts(found))
                for family, found in tested.items()
            ],
        ),
        "The role is the device's: an *acceptor* listens, a *requestor* calls. A scenario is "
        "played only against a device that claims what it *needs*, and passes only when its *twin* "
        "succeeded; its *control* is the seeded flaw that makes it fail in our own calibration.",
    ]
    for family, found in tested.items():
        lines += _family_section(family, found)
    lines += ["## Families without a scenario", _families_left_out(grouped)]
    return markup.page(lines)


def traceability_page(catalogue: Catalogue) -> str:
    """Markdown: requirements by standard and threats, with their scenarios or the reason."""
    verified, stated = coverage.verified_by(catalogue), coverage.gaps()
    known = requirements.load()
    tested = sum(1 for found in verified.values() if found)
    rows = [
        (markup.requirement_link(gap.requirement), gap.status.value, markup.text(gap.reason))
        for gap in stated.values()
        if gap.requirement in known
    ]
    lines = [
        "# Traceability",
        _NOTICE,
        f"{tested} of {len(known)} requirements are verified by at least one scenario. Texts are "
        "our paraphrases; what was not read in the standard itself never decides a failure alone.",
        "- [By requirement](#by-requirement)\n- [Gaps and their reasons](#gaps-and-their-reasons)\n"
        "- [By threat](#by-threat)\n- [By weakness](#by-weakness)",
        "## By requirement",
    ]
    for standard in dict.fromkeys(requirement.standard for requirement in known.values()):
        lines += [f"### {standard}", _requirements_table(standard, verified)]
    lines += [
        "## Gaps and their reasons",
        "*partial*: scenarios reach a part of it; *manual*: a person has to look; *not-tested*: "
        "nothing tests it yet.",
        markup.table(("Requirement", "Status", "Reason"), rows) if rows else "None.",
        "## By threat",
        markup.table(("Threat", "Direction", "What happens", "Scenarios"), _threat_rows(catalogue)),
        "## By weakness",
        markup.table(("Weakness", "Scenarios"), _weakness_rows(catalogue)),
    ]
    return markup.page(lines)


def _family_section(family: Family, found: Sequence[Scenario]) -> list[str]:
    rows = [
        (
            markup.link(one.id),
            one.role.value,
            one.severity.value,
            markup.text(one.title),
            markup.link(one.twin),
        )
        for one in found
    ]
    head = [f"## {family.id}: {family.name}"] + ([family.scope] if family.scope else [])
    table = markup.table(("Id", "Role", "Severity", "What is required of the device", "Twin"), rows)
    return [*head, table, *(block for one in found for block in _scenario_section(one))]


def _scenario_section(one: Scenario) -> list[str]:
    source = PurePosixPath("..", *_module(one).split(".")).with_suffix(".py")
    facts = {
        "Verifies": ", ".join(markup.requirement_link(name) for name in one.verifies),
        "Threats": ", ".join(one.threats),
        "Weakness": ", ".join(markup.cwe(name) for name in one.weakness),
        "Seen in": markup.text(", ".join(one.references)),
        "Needs": ", ".join(sorted(one.needs)),
        "Twin": markup.link(one.twin) if one.twin else "none: this is an honest exchange",
        "Control": f"`{one.control}`",
        "Judged by": "; ".join(f"`{oracle.name}`" for oracle in one.oracles),
        "Cases": _cases(one) if one.vary else "",
        "Played": _played(one),
        "Source": f"[{source.name}]({source})",
    }
    listed = "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)
    return [
        f"### {one.id}",
        f"**{markup.text(one.title)}**",
        markup.text(one.rationale),
        listed,
        f"*Remedy.* {markup.text(one.remediation)}",
    ]


def _played(one: Scenario) -> str:
    how = [one.role.value, one.severity.value, one.safety.value, f"at most {one.budget_s:g} s"]
    return ", ".join([*how, "alone"] if one.alone else how)


def _cases(one: Scenario) -> str:
    most = 12
    shown = [
        ", ".join(f"{key} {json.dumps(value, ensure_ascii=False)}" for key, value in case.items())
        for case in one.vary[:most]
    ]
    rest = len(one.vary) - len(shown)
    return (
        f"{len(one.vary)}: "
        + markup.text("; ".join(shown))
        + (f"; and {rest} more" if rest else "")
    )


def _requirements_table(standard: str, verified: Mapping[str, Sequence[str]]) -> str:
    known = [one for one in requirements.load().values() if one.standard == standard]
    rows = [
        (
            f'<a id="{markup.slug(one.id)}"></a>{one.id}',
            one.level.value,
            markup.text(one.text),
            _source(one),
            _tested_by(one, verified[one.id]),
        )
        for one in known
    ]
    return markup.table(("Requirement", "Level", "Text", "Source", "Tested by"), rows)


def _source(one: Requirement) -> str:
    known = _CONFIDENCE.get(one.confidence)
    return markup.text(one.source) + (f" ({known})" if known else "")


def _tested_by(one: Requirement, scenarios: Sequence[str]) -> str:
    gap = coverage.gaps().get(one.id)
    links = ", ".join(markup.link(name, page="catalogue.md") for name in scenarios)
    if gap is None:
        return links or "nothing, without a reason"
    return f"{links} (partial)" if links and gap.status is Status.PARTIAL else gap.status.value


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


def _families_left_out(grouped: Mapping[Family, Sequence[Scenario]]) -> str:
    rows = [
        (
            family.id,
            markup.text(family.name),
            markup.text(family.scope),
            markup.text(family.untested),
        )
        for family, found in grouped.items()
        if not found
    ]
    return markup.table(("Family", "Name", "Scope", "Why not"), rows)


def _counts(found: Iterable[Scenario]) -> tuple[str, str, str]:
    listed = list(found)
    acceptor = sum(one.role is Role.ACCEPTOR for one in listed)
    twins = sum(one.positive for one in listed)
    return str(acceptor), str(len(listed) - acceptor), str(twins)


def _module(one: Scenario) -> str:
    return str(getattr(one.body, "__module__", ""))


def _anchor(family: Family) -> str:
    """The anchor that GitHub gives the family's heading."""
    kept = "".join(c for c in f"{family.id}: {family.name}".lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")


def _json(document: Mapping[str, JSON]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
