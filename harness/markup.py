"""Markdown for the generated documents: links, tables, and prose that shows as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from harness import requirements

_CODE = re.compile(r"(`+[^`]*`+)")


def slug(requirement: str) -> str:
    """The anchor of a requirement."""
    return re.sub(r"[^a-z0-9]+", "-", requirement.lower()).strip("-")


def link(scenario: str | None, page: str = "") -> str:
    """A link to a scenario's section of the catalogue; a dash for none."""
    return f"[{scenario}]({page}#{scenario.lower()})" if scenario else "-"


def requirement_link(name: str, folder: str = "traceability/") -> str:
    """A link to a requirement's row on the page of its set.

    Args:
        name: Its id; one that is not known here is shown without a link.
        folder: Where those pages are, seen from the page that the link is for.
    """
    known = requirements.load().get(name)
    return f"[{name}]({folder}{slug(known.standard)}.md#{slug(name)})" if known else name


def cwe(name: str) -> str:
    """A link to a weakness at its publisher."""
    number = name.removeprefix("CWE-")
    return f"[{name}](https://cwe.mitre.org/data/definitions/{number}.html)"


def text(prose: str) -> str:
    """Prose that Markdown shows as it is written; what stands in backquotes stays code."""
    pieces = _CODE.split(prose)
    pieces[::2] = [re.sub(r"([*<\[\]])", r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what would break a row is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(content: str) -> str:
    return content.replace("|", "\\|").replace("\n", " ")


def page(blocks: Iterable[str]) -> str:
    """Blocks as a page, with a blank line between them."""
    return "\n\n".join(blocks) + "\n"
