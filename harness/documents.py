"""The generated documents: pure functions from the registry to the text of a file.

``docs/catalogue.md`` says what each scenario does, ``docs/traceability.md`` and the folder of that
name which requirement is tested by what, ``docs/threat-model.md`` and its picture who may want
what, and ``docs/schema`` holds the JSON Schemas. The same registry gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from harness import coverage, markup, reference_defects, schemas, traceability
from harness.coverage import Family
from harness.model import JSON, Role, Scenario
from harness.threats import pages as threat_pages

Catalogue = Mapping[str, Scenario]

OURS = "scenarios"
"""The package of our own scenarios: what a vendor's pack adds is in no document of ours."""


def generated(catalogue: Catalogue) -> dict[str, str]:
    """Every generated file: its text by its path in the repository."""
    own = {name: one for name, one in catalogue.items() if _module(one).startswith(f"{OURS}.")}
    return {
        "docs/catalogue.md": catalogue_page(own),
        **traceability.pages(own),
        reference_defects.PAGE: reference_defects.page(),
        "docs/threat-model.md": threat_pages.page(own, traceability.NOTICE),
        "docs/threat-model.svg": threat_pages.picture(own),
        "docs/schema/catalogue.schema.json": _json(schemas.catalogue_schema()),
        "docs/schema/device.schema.json": _json(schemas.device_schema()),
        "docs/schema/load.schema.json": _json(schemas.load_schema()),
        "docs/schema/scheme.schema.json": _json(schemas.scheme_schema()),
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
        traceability.NOTICE,
        f"{len(catalogue)} scenarios in {len(tested)} families; {twins} of them are twins, honest "
        "exchanges that must succeed before a refusal counts. `assay explain ID` shows one of them "
        "in the terminal; [traceability](traceability.md) shows them by requirement.",
        markup.table(
            ("Family", "Scope", "Acceptor", "Requestor", "Reader", "Asking", "Twins"),
            [
                (f"[{family.id}](#{_anchor(family)}) {family.name}", family.scope, *_counts(found))
                for family, found in tested.items()
            ],
        ),
        "The role is the device's: an *acceptor* listens, a *requestor* calls, and so does a "
        "*user-agent*, by DICOMweb, which is counted with it; a *reader* is started for each file. "
        "A scenario is played only against a device that claims what it "
        "*needs*, and passes only when its *twin* succeeded; its *control* is the seeded flaw "
        "that makes it fail in our own calibration.",
    ]
    for family, found in tested.items():
        lines += _family_section(family, found)
    lines += ["## Families without a scenario", _families_left_out(grouped)]
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
        "Asks": markup.text(f"{one.question.ask} {one.question.look}") if one.question else "",
        "Twin": _twin(one),
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


def _twin(one: Scenario) -> str:
    if one.twin:
        return markup.link(one.twin)
    return "none: a person looks" if one.question else "none: this is an honest exchange"


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


def _counts(found: Iterable[Scenario]) -> tuple[str, str, str, str, str]:
    listed = list(found)
    acceptor = sum(one.role is Role.ACCEPTOR for one in listed)
    requestor = sum(one.role in (Role.REQUESTOR, Role.USER_AGENT) for one in listed)
    reader = sum(one.role is Role.READER for one in listed)
    asking = sum(one.role is Role.DEVICE for one in listed)
    twins = sum(one.positive for one in listed)
    return str(acceptor), str(requestor), str(reader), str(asking), str(twins)


def _module(one: Scenario) -> str:
    return str(getattr(one.body, "__module__", ""))


def _anchor(family: Family) -> str:
    """The anchor that GitHub gives the family's heading."""
    kept = "".join(c for c in f"{family.id}: {family.name}".lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")


def _json(document: Mapping[str, JSON]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
