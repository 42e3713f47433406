"""docs/ci.md: YAML that parses, and no command, option or choice that does not exist."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from harness import baseline
from harness.cli import assay
from harness.reports import formats
from harness.schemes.model import load

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def strings(value: object) -> Iterator[str]:
    """Every string of a YAML document."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def documents() -> list[object]:
    return [YAML(typ="safe").load(text) for kind, text in BLOCKS if kind == "yaml"]


def commands() -> list[str]:
    scripts = [text for kind, text in BLOCKS if kind == "sh"]
    scripts += [text for document in documents() for text in strings(document)]
    scripts += re.findall(r"`(assay [^`]+)`", PAGE)
    lines = [line.strip() for script in scripts for line in script.splitlines()]
    return sorted({line for line in lines if line.startswith("assay ") and "..." not in line})


def test_the_page_has_recipes() -> None:
    assert len(documents()) == 2
    assert len(commands()) > 12


def test_the_jobs_have_what_their_service_needs() -> None:
    github, gitlab = documents()
    assert isinstance(github, Mapping)
    assert isinstance(gitlab, Mapping)
    steps = github["jobs"]["assay"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    assert {"script", "artifacts"} <= gitlab["assay"].keys()


@pytest.mark.parametrize("line", commands())
def test_every_command_exists_with_its_options(line: str) -> None:
    words = shlex.split(re.split(r"\s(?:>>?|\|)\s", line)[0])[1:]
    context = click.Context(assay)
    command = assay.get_command(context, words[0]) if isinstance(assay, click.Group) else None
    assert command is not None, words[0]
    if words[1:]:
        # Parses as the command itself would: an unknown option, choice or word is an error.
        made = command.make_context(words[0], list(words[1:]), resilient_parsing=False)
        if words[0] == "report":
            assert made.params["kind"] in formats()
        if made.params.get("scheme"):
            assert made.params["scheme"] in load()


def test_the_baseline_of_the_page_is_one(tmp_path: Path) -> None:
    (text,) = [text for kind, text in BLOCKS if kind == "toml"]
    assert tomllib.loads(text)
    (tmp_path / "baseline.toml").write_text(text)
    (entry,) = baseline.load(tmp_path / "baseline.toml").expect
    assert entry.scenario == "ASC-003"
