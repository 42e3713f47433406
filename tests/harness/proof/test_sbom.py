"""The tool's own bill of materials."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import version

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from harness.proof.sbom import ROOT, bill_of_materials, installed

MADE = datetime(2026, 3, 1, tzinfo=UTC)


def test_it_is_valid_by_the_published_schema() -> None:
    raw = bill_of_materials(MADE, "run").decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(raw) is None


def test_it_names_what_is_installed_and_how_it_hangs_together() -> None:
    made = json.loads(bill_of_materials(MADE, "run"))
    assert made["metadata"]["component"]["name"] == ROOT
    parts = {one["name"]: one for one in made["components"]}
    assert parts["cryptography"]["version"] == version("cryptography")
    assert parts["cryptography"]["licenses"]
    assert set(installed()) - {ROOT} <= set(parts)
    below = {one["ref"]: one.get("dependsOn", []) for one in made["dependencies"]}
    named = below[made["metadata"]["component"]["bom-ref"]]
    assert parts["pydicom"]["bom-ref"] in named


def test_the_same_run_has_the_same_bill_and_another_has_not() -> None:
    assert bill_of_materials(MADE, "run") == bill_of_materials(MADE, "run")
    assert bill_of_materials(MADE, "run") != bill_of_materials(MADE, "another")


def test_it_tells_nothing_of_the_machine() -> None:
    assert b"file:" not in bill_of_materials(MADE, "run")
