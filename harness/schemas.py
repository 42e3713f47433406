"""The machine form of the catalogue, and the JSON Schemas of what people write and read.

One model makes both ``assay list --json`` and its schema; the schema of a device profile is made
from :mod:`harness.profile`, with the words of ``harness/catalogue/device_keys.toml``.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from harness import measurement
from harness.claims.statement import Statement
from harness.claims.topics import Source, by_key
from harness.errors import CatalogueError
from harness.load_document import LoadDocument
from harness.model import JSON, Claim, Role, Safety, Scenario, Severity
from harness.profile import Profile
from harness.schemes.model import Scheme
from harness.tls_policy import Policy

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SECTIONS = {
    "DeviceSection": "device",
    "ScopeSection": "scope",
    "AssessmentSection": "assessment",
    "AcceptorSection": "acceptor",
    "TlsSection": "tls",
    "RequestorSection": "requestor",
    "WebSection": "web",
    "BrowserSection": "browser",
    "ActionSection": "action",
    "LoginSection": "login",
    "AdminSection": "admin",
    "ReaderSection": "reader",
    "AgentSection": "user_agent",
    "AuditSection": "audit",
    "ExporterSection": "exporter",
    "DeidentifierSection": "deidentifier",
    "ExitCodes": "exit_codes",
    "Hl7Section": "hl7",
    "IntegritySection": "integrity",
    "LoadSection": "load",
    "ReviewsSection": "reviews",
    "IdentitySection": "identities",
    "UserSection": "user",
    "AuthorisationSection": "authorisation",
    "ObjectSection": "objects",
    "RuleSection": "rules",
    "ProcessSection": "process",
    "ProcessFile": "files",
    "ClaimsSection": "claims",
}


class _Open(BaseModel):
    """The schema leaves room: more keys may be added, none is renamed."""

    model_config = ConfigDict(frozen=True)


class CatalogueRow(_Open):
    """One scenario."""

    id: str = Field(description="Opaque; never reused or renumbered.")
    title: str = Field(description="A requirement on the device, one sentence.")
    family: str = Field(description="Attack surface: the letters of the id.")
    role: Role = Field(
        description="The side of the association that the device plays; device: a person looks."
    )
    severity: Severity = Field(description="How much a failure matters.")
    requirements: list[str] = Field(description="Ids of the requirements that it verifies.")
    threats: list[str] = Field(description="Ids of the threats that it stands for.")
    weakness: list[str] = Field(description="CWE ids.")
    references: list[str] = Field(description="Public weaknesses that showed the need for it.")
    needs: list[Claim] = Field(description="Claims without which it is NOT_APPLICABLE.")
    twin: str | None = Field(description="The honest exchange that must succeed first, or null.")
    control: str = Field(description="The seeded flaw that makes it FAIL.")
    oracles: list[str] = Field(description="Names of the judgements.")
    budget_s: float = Field(description="Seconds that it may take beside the device's own timers.")
    safety: Safety = Field(description="What it may do to the device.")
    alone: bool = Field(description="Played with nothing else in flight.")
    cases: int = Field(description="How many variations are played, at least 1.")


class CatalogueDocument(_Open):
    """All scenarios that were asked for: ``assay list --json``."""

    schema_: Literal["dicom-assay/catalogue/1"] = Field(
        alias="schema", description="Name and version of this format."
    )
    scenarios: list[CatalogueRow] = Field(description="In the order of their ids.")


def catalogue_document(catalogue: Mapping[str, Scenario]) -> dict[str, JSON]:
    """The scenarios as data."""
    rows = [_row(scenario) for scenario in catalogue.values()]
    document = CatalogueDocument(schema="dicom-assay/catalogue/1", scenarios=rows)
    dumped: dict[str, JSON] = document.model_dump(mode="json", by_alias=True)
    return dumped


def catalogue_schema() -> dict[str, JSON]:
    """JSON Schema of ``assay list --json``."""
    schema = CatalogueDocument.model_json_schema(by_alias=True)
    return _published(schema, "catalogue", "dicom-assay catalogue")


def device_schema() -> dict[str, JSON]:
    """JSON Schema of a device profile, for editors: completion, help and errors while typing.

    Raises:
        CatalogueError: A key has no explanation.
    """
    schema = Profile.model_json_schema(by_alias=True)
    schema["properties"].pop("source", None)
    known = device_keys()
    _describe(schema, known["profile"])
    for name, section in _SECTIONS.items():
        _describe(schema["$defs"][name], known[section])
    schema["description"] = "A device under test: its claims, and the facts that a test needs."
    return _published(schema, "device", "dicom-assay device profile (device.toml)")


def tls_policy_schema() -> dict[str, JSON]:
    """JSON Schema of a TLS policy: of those that we publish, and of those of a house."""
    schema = Policy.model_json_schema(by_alias=True)
    schema["description"] = "A TLS policy: what a device may negotiate, rule by rule."
    title = "dicom-assay TLS policy (catalogue/tls_policies/*.toml, [tls] policies)"
    return _published(schema, "tls-policy", title)


def scheme_schema() -> dict[str, JSON]:
    """JSON Schema of a scheme: of those that we ship, and of those of a house (``--scheme``)."""
    schema = Scheme.model_json_schema(by_alias=True)
    schema["description"] = "A scheme: named levels, each a set of requirements."
    return _published(schema, "scheme", "dicom-assay scheme (catalogue/schemes/*.toml, --scheme)")


def statement_schema() -> dict[str, JSON]:
    """JSON Schema of a conformance statement; each key has the words of its topic."""
    schema = Statement.model_json_schema(by_alias=True)
    words = {key.partition(":")[0]: one.text for key, one in by_key(Source.STATEMENT).items()}
    words["secure_transport.profiles"] = "Secure transport profiles that it keeps to (PS3.15 B)."
    for key, text in words.items():
        definition = schema
        *path, leaf = key.split(".")
        for part in path:
            name = definition["properties"][part]["$ref"].rpartition("/")[2]
            definition = schema["$defs"][name]
        definition["properties"][leaf]["description"] = text
    schema["description"] = "What a device claims, in the shape of the security part of PS3.2."
    title = "dicom-assay conformance statement ([claims] statement)"
    return _published(schema, "statement", title)


def load_schema() -> dict[str, JSON]:
    """JSON Schema of load.json: ``assay load --json``."""
    schema = LoadDocument.model_json_schema(by_alias=True, mode="serialization")
    for name, definition in (("Measurement", schema), *schema["$defs"].items()):
        words = _attributes(getattr(measurement, name).__doc__ or "")
        definition["description"] = definition["description"].partition("Attributes:")[0]
        for key, value in definition["properties"].items():
            if key in words:
                value.setdefault("description", words[key])
    return _published(schema, "load", "dicom-assay load (load.json, assay load --json)")


def device_keys() -> Mapping[str, Mapping[str, str]]:
    """What each key of a profile means, by section."""
    text = (files("harness") / "catalogue" / "device_keys.toml").read_text("utf-8")
    return tomllib.loads(text)


def _row(scenario: Scenario) -> CatalogueRow:
    return CatalogueRow(
        id=scenario.id,
        title=scenario.title,
        family=scenario.family,
        role=scenario.role,
        severity=scenario.severity,
        requirements=list(scenario.verifies),
        threats=list(scenario.threats),
        weakness=list(scenario.weakness),
        references=list(scenario.references),
        needs=sorted(scenario.needs),
        twin=scenario.twin,
        control=scenario.control,
        oracles=[oracle.name for oracle in scenario.oracles],
        budget_s=scenario.budget_s,
        safety=scenario.safety,
        alone=scenario.alone,
        cases=len(scenario.vary) or 1,
    )


def _published(schema: dict[str, Any], name: str, title: str) -> dict[str, JSON]:
    head = {"$schema": _DIALECT, "$id": f"urn:dicom-assay:schema:{name}:1", "title": title}
    cleaned: dict[str, JSON] = {**head, **{k: v for k, v in schema.items() if k != "title"}}
    for definition in (schema, *schema.get("$defs", {}).values()):
        for key in definition.get("properties", {}).values():
            key.pop("title", None)
        definition["description"] = _plain(definition.get("description", ""))
    cleaned["description"] = schema["description"]
    return cleaned


def _describe(definition: dict[str, Any], words: Mapping[str, str]) -> None:
    for key, schema in definition["properties"].items():
        if key not in words:
            raise CatalogueError(f"device_keys.toml does not say what '{key}' means")
        schema["description"] = words[key]


def _attributes(docstring: str) -> dict[str, str]:
    """What the ``Attributes`` of a docstring say, by name; "a, b: ..." is said of both."""
    words: dict[str, str] = {}
    names: list[str] = []
    for line in inspect.cleandoc(docstring).partition("Attributes:\n")[2].splitlines():
        if line.startswith("     "):
            words.update({name: f"{words[name]} {line.strip()}" for name in names})
            continue
        named, _, text = line.strip().partition(": ")
        names = named.split(", ")
        words.update(dict.fromkeys(names, text))
    return words


def _plain(docstring: str) -> str:
    """A docstring without its markup, on one line."""
    return " ".join(docstring.replace("``", "").split())
