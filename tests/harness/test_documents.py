from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from harness import coverage, documents, markup, registry, requirements, schemas
from harness.coverage import Gap, Status
from harness.model import Scenario

ROOT = Path(__file__).parents[2]
RECIPES = [*sorted((ROOT / "devices").glob("*.toml")), ROOT / "simulators/devices/reference.toml"]


@pytest.fixture(name="catalogue", scope="module")
def _catalogue() -> Mapping[str, Scenario]:
    return registry.load()


@pytest.fixture(name="pages", scope="module")
def _pages(catalogue: Mapping[str, Scenario]) -> Mapping[str, str]:
    return documents.generated(catalogue)


@pytest.fixture(name="script")
def _script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with an empty repository to write to."""
    loader = SourceFileLoader("generate_docs", str(ROOT / "scripts/generate-docs"))
    spec = spec_from_loader("generate_docs", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def test_the_documents_in_the_repository_are_fresh(pages: Mapping[str, str]) -> None:
    stale = [name for name, text in pages.items() if (ROOT / name).read_text("utf-8") != text]
    assert stale == [], "run scripts/generate-docs"


def test_the_same_registry_gives_the_same_bytes(
    catalogue: Mapping[str, Scenario], pages: Mapping[str, str]
) -> None:
    assert documents.generated(catalogue) == pages


def test_every_requirement_is_tested_or_has_a_reason(catalogue: Mapping[str, Scenario]) -> None:
    assert coverage.problems(catalogue) == []


def test_every_link_leads_somewhere(pages: Mapping[str, str]) -> None:
    anchors = {name: _anchors(text) for name, text in pages.items() if name.endswith(".md")}
    for name, text in pages.items():
        if not name.endswith(".md"):
            continue
        folder = posixpath.dirname(name)
        for page, anchor in re.findall(r"\]\(([^()#:]+\.md)?#([^)]+)\)", text):
            there = posixpath.normpath(posixpath.join(folder, page)) if page else name
            assert anchor in anchors[there], (name, anchor)
        for path in re.findall(r"\]\(([^()#:]+)\)", text):
            assert (ROOT / folder / path).is_file(), (name, path)


def test_every_scenario_and_every_requirement_has_its_place(
    catalogue: Mapping[str, Scenario], pages: Mapping[str, str]
) -> None:
    for one in catalogue.values():
        assert f"\n### {one.id}\n\n**{markup.text(one.title)}**\n" in pages["docs/catalogue.md"]
    for name, requirement in requirements.load().items():
        page = pages[f"docs/traceability/{markup.slug(requirement.standard)}.md"]
        assert page.count(f"></a>{name} |") == 1


def test_no_page_of_a_set_is_left_over(pages: Mapping[str, str]) -> None:
    folder = ROOT / "docs/traceability"
    assert {f"docs/traceability/{path.name}" for path in folder.iterdir()} <= pages.keys()


def test_tables_are_whole(pages: Mapping[str, str]) -> None:
    for name in (name for name in pages if name.endswith(".md")):
        for table in re.findall(r"(?:^\|.*\n)+", pages[name], re.MULTILINE):
            bars = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(bars) == 1, table


def test_a_pack_of_somebody_else_is_in_no_document_of_ours(
    catalogue: Mapping[str, Scenario], pages: Mapping[str, str]
) -> None:
    def body(stage: object) -> None:
        """Lives in this test, and so in another package."""

    foreign = replace(catalogue["ASC-900"], id="VND-001", body=body)
    assert documents.generated({**catalogue, foreign.id: foreign}) == pages


def test_a_pack_may_have_a_family_of_its_own(catalogue: Mapping[str, Scenario]) -> None:
    foreign = replace(catalogue["ASC-900"], id="VND-001")
    assert "## VND: VND" in documents.catalogue_page({foreign.id: foreign})


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a < b", r"a \< b"),
        ("2 * 3 [x]", r"2 \* 3 \[x\]"),
        ("`a < *b*` and <c>", r"`a < *b*` and \<c>"),
        ("``--fork`` *", r"``--fork`` \*"),
    ],
)
def test_prose_shows_as_it_is_written(written: str, shown: str) -> None:
    assert markup.text(written) == shown


def test_a_cell_cannot_break_its_row() -> None:
    assert markup.table(("A",), [("x|y\nz",)]) == "| A |\n| --- |\n| x\\|y z |"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (
            Gap(requirement="NO/1", status=Status.MANUAL, reason="x"),
            "untested.toml: NO/1 is no requirement",
        ),
        (
            Gap(requirement="PS3.8/9.1.1", status=Status.PARTIAL, reason="x"),
            "PS3.8/9.1.1 is partial, but nothing verifies it or counts for it",
        ),
        (
            Gap(requirement="HOUSE/HONEST-SERVICE", status=Status.NOT_TESTED, reason="x"),
            "HOUSE/HONEST-SERVICE is not-tested, but ASC-900 verifies it",
        ),
    ],
)
def test_a_stale_reason_is_a_problem(
    catalogue: Mapping[str, Scenario], monkeypatch: pytest.MonkeyPatch, gap: Gap, said: str
) -> None:
    monkeypatch.setattr(coverage, "gaps", lambda: {gap.requirement: gap})
    one = {"ASC-900": catalogue["ASC-900"]}
    assert said in coverage.problems(one)
    other = "PS3.8/D.2: no scenario verifies it, nothing counts for it, and no reason is stated"
    assert other in coverage.problems(one)


def test_reasons_for_families_are_neither_missing_nor_stale(
    catalogue: Mapping[str, Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = {"HL7-001": replace(catalogue["ASC-900"], id="HL7-001")}
    found = coverage.problems(one)
    assert "families.toml: ASC has no scenario and no reason" in found
    assert "families.toml: HL7 has scenarios, so 'untested' is stale" in found


def test_every_family_of_the_registry_is_described() -> None:
    assert set(coverage.families()) == set(registry.FAMILIES)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_the_schema_takes_every_recipe(recipe: Path) -> None:
    jsonschema.validate(tomllib.loads(recipe.read_text("utf-8")), schemas.device_schema())


@pytest.mark.parametrize(
    "text",
    [
        "schema = 2\n[device]\nmanufacturer = 'a'\nmodel = 'b'",
        "schema = 1\n[device]\nmanufacturer = 'a'",
        "schema = 1\n[device]\nmanufacturer = 'a'\nmodel = 'b'\ncolour = 'c'",
        "schema = 1\nsource = 'x'\n[device]\nmanufacturer = 'a'\nmodel = 'b'",
    ],
)
def test_the_schema_refuses_what_the_profile_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), schemas.device_schema())


def test_every_key_of_a_profile_is_explained_and_no_other() -> None:
    schema = schemas.device_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    definitions: Any = schema["$defs"]
    sections: list[Any] = [schema, *definitions.values()]
    names = [section["properties"] for section in sections]
    assert all(key["description"] for keys in names for key in keys.values())
    explained = [set(words) for words in schemas.device_keys().values()]
    assert sorted(map(sorted, explained)) == sorted(map(sorted, names))


def test_the_script_writes_what_has_changed_and_then_is_content(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["--check"]) == 1
    assert "docs/catalogue.md is stale" in capsys.readouterr().err
    assert not (tmp_path / "docs").exists()
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0
    capsys.readouterr()
    page = tmp_path / "docs/catalogue.md"
    page.write_text(page.read_text("utf-8").replace("# Catalogue of", "# List of"), "utf-8")
    assert script.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "+# Catalogue of scenarios" in said
    assert "traceability" not in said
    assert script.main(["--chek"]) == 2


def _anchors(text: str) -> set[str]:
    found = set(re.findall(r'<a id="([^"]+)">', text))
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(kept.replace(" ", "-"))
    return found
