"""One result as the report shows it: the row, its plays, and what the catalogue knows of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from harness import requirements
from harness.model import Role
from harness.run import Run
from harness.verdict import Verdict
from reports.page.exchange import Exchange, exchange_of
from reports.page.proof import Proof, proofs_of
from reports.page.screens import Screen, screens_of
from reports.rows import Row
from reports.text import LIMIT, one_line

_TOLD_CASES = 3
_QUIET = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})
_LINKS: Mapping[re.Pattern[str], str] = {
    re.compile(r"CWE-(\d{1,5})"): "https://cwe.mitre.org/data/definitions/{}.html",
    re.compile(r"(CVE-\d{4}-\d{4,9})"): "https://www.cve.org/CVERecord?id={}",
    re.compile(r"https://(github\.com/[\w.-]+/[\w.-]+/(?:issues|pull)/\d+)"): "https://{}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One play that the verdict rests on; ``case`` is empty without ``vary``."""

    name: str
    case: str
    exchange: Exchange
    proofs: tuple[Proof, ...]
    screens: tuple[Screen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A requirement or threat; ``text`` is empty when the catalogue no longer knows the id."""

    id: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A text and where it leads; no ``href`` means that it leads nowhere that is safe."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """Everything that one entry of the report shows."""

    row: Row
    search: str
    plays: tuple[Play, ...]
    silent_plays: int
    clauses: tuple[Clause, ...]
    threats: tuple[Clause, ...]
    weakness: tuple[Link, ...]
    references: tuple[Link, ...]
    evidence: tuple[Link, ...]
    rationale: tuple[str, ...]
    replay: str
    reasons: tuple[str, ...]


def view_of(row: Row, run: Run) -> FindingView:
    """The entry for one row."""
    plays = _plays(row, run)
    return FindingView(
        row=row,
        search=_search(row),
        plays=plays,
        silent_plays=max(0, len(row.cases) - len(plays)),
        clauses=tuple(_clause(name) for name in row.requirements),
        threats=tuple(_threat(name) for name in row.threats),
        weakness=tuple(outer_link(name) for name in row.weakness),
        references=tuple(outer_link(name) for name in row.references),
        evidence=tuple(inner_link(path) for path in row.evidence),
        rationale=tuple(part for part in re.split(r"\n\s*\n", row.rationale) if part.strip()),
        replay=_again(row, run),
        reasons=_reasons(row),
    )


def inner_link(path: str) -> Link:
    """A link into the run folder; a path that leaves it, or is no plain path, is text only."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or ".." in parts or not path.isprintable():
        return Link(text=path)
    return Link(text=path, href="./" + quote(path, safe="/"))


def _plays(row: Row, run: Run) -> tuple[Play, ...]:
    """The first plays with the scenario's verdict; a quiet verdict is told by one."""
    names = run.chosen.get(row.id, ())
    named = [(name, "", row.verdict) for name in names]
    if row.cases:
        both = zip(names, row.cases, strict=False)
        named = [(name, case.vary, case.verdict) for name, case in both]
    worst = [(name, vary) for name, vary, verdict in named if verdict is row.verdict]
    told = worst[: 1 if row.verdict in _QUIET else _TOLD_CASES]
    plays = ((name, vary, run.plays.get(name, ())) for name, vary in told)
    return tuple(
        Play(
            name=name,
            case=vary,
            exchange=exchange_of(seen),
            proofs=proofs_of(seen),
            screens=screens_of(seen, run),
        )
        for name, vary, seen in plays
        if seen
    )


def _reasons(row: Row) -> tuple[str, ...]:
    """The judge's reason first, then what else the oracles objected to."""
    others = [item for item in row.findings if item.verdict > Verdict.PASS]
    return tuple(dict.fromkeys([row.reason, *(item.reason for item in others)]))


def _clause(name: str) -> Clause:
    known = requirements.load().get(name)
    if known is None:
        return Clause(id=name, text="")
    return Clause(id=name, text=known.text, note=f"{known.level} · {known.source}")


def _threat(name: str) -> Clause:
    known = requirements.threats().get(name)
    return Clause(id=name, text=known.title if known else "")


def outer_link(name: str) -> Link:
    """A link to what the world knows of a weakness or a reference; text only when it is neither."""
    for pattern, address in _LINKS.items():
        found = pattern.fullmatch(name)
        if found:
            return Link(text=name, href=address.format(found.group(1)))
    return Link(text=name)


def _again(row: Row, run: Run) -> str:
    """The command that plays it again, or that answers it where a person was asked."""
    word = "attest" if row.role == Role.DEVICE.value else "replay"
    return f"assay {word} {shlex.quote(folder_of(run))} {shlex.quote(one_line(row.id))}"


def folder_of(run: Run) -> str:
    """The folder as it is typed from where ``assay run`` was started, never an absolute path."""
    folder = run.folder
    return f"runs/{folder.name}" if folder.parent.name == "runs" else folder.name


def _search(row: Row) -> str:
    """Lower-case text that the free search looks through."""
    words = (
        *(row.id, row.title, row.family_name, row.kind, row.code, row.outcome, row.reason),
        *(*row.requirements, *row.threats, *row.weakness, *row.references),
        *(f"{case.vary} {case.outcome}" for case in row.cases),
    )
    return one_line(" ".join(words).lower(), LIMIT - 100)
