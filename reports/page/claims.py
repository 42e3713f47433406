"""The claims of a run, contradicted ones first: what was claimed, what was seen, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from harness.model import JSON
from harness.run import Run
from reports.rows import mapped, mappings, text, texts

_GROUPS = (
    ("contradicted", "FAIL", "The device does otherwise than this document says."),
    ("observed but not claimed", "WARN", "It was seen, and the document is silent or denies it."),
    ("confirmed", "PASS", "What was observed agrees with the document."),
    ("not observable", "NOT_APPLICABLE", "No test of this run can tell; somebody has to look."),
)
_SOURCES = {"profile": "device.toml", "statement": "conformance statement", "mds2": "MDS2 form"}
_OPEN = frozenset({"contradicted", "observed but not claimed"})
_MOST_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """One claim; ``scenarios`` are those of the run that show it."""

    source: str
    key: str
    text: str
    claimed: str
    observed: str
    reason: str
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The claims of one state; ``share`` and ``start`` in per cent of all."""

    state: str
    tone: str
    meaning: str
    claims: tuple[ClaimView, ...]
    open: bool
    start: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsView:
    """All claims; ``files`` are name, what it is, and digest of each document."""

    total: int
    groups: tuple[Group, ...]
    files: tuple[tuple[str, str, str], ...]
    told: str


def claims_of(run: Run) -> ClaimsView | None:
    """The claims of a run, worst first; None where it has none."""
    rows = mappings(run.document, "claims")
    if not rows:
        return None
    played = {str(row["id"]) for row in run.results}
    groups = tuple(_groups(rows, played))
    told = ", ".join(f"{len(group.claims)} {group.state}" for group in groups)
    files = mappings(mapped(run.head, "claims"), "files")
    named = tuple(
        (text(one, "name"), _SOURCES.get(text(one, "source"), ""), text(one, "sha256"))
        for one in files
    )
    return ClaimsView(total=len(rows), groups=groups, files=named, told=told)


def claim_lines(run: Run, quoted: Callable[[str], str]) -> Iterator[str]:
    """The claims as Markdown: counts, and what is contradicted or not claimed."""
    view = claims_of(run)
    if view is None:
        return
    yield "### Claims"
    yield ""
    yield f"{view.told}."
    yield ""
    chosen = [(group, one) for group in view.groups if group.open for one in group.claims]
    if not chosen:
        return
    yield "| claim | stands in | claimed | observed | state | shown by |"
    yield "|:--|:--|:--|:--|:--|:--|"
    for group, one in chosen[:_MOST_LINES]:
        cells = (one.key, one.source, one.claimed, one.observed, group.state)
        yield f"| {' | '.join(map(quoted, cells))} | {quoted(', '.join(one.scenarios))} |"
    yield ""
    if len(chosen) > _MOST_LINES:
        yield f"And {len(chosen) - _MOST_LINES} more."
        yield ""


def _groups(rows: list[Mapping[str, JSON]], played: set[str]) -> Iterator[Group]:
    start = 0.0
    for state, tone, meaning in _GROUPS:
        chosen = [row for row in rows if text(row, "state") == state]
        if chosen:
            share = 100 * len(chosen) / len(rows)
            yield Group(
                state=state,
                tone=tone,
                meaning=meaning,
                claims=tuple(_view(row, played) for row in chosen),
                open=state in _OPEN,
                start=round(start, 2),
                share=round(share, 2),
            )
            start += share


def _view(row: Mapping[str, JSON], played: set[str]) -> ClaimView:
    source = text(row, "source")
    return ClaimView(
        source=_SOURCES.get(source, source),
        key=text(row, "id").partition("/")[2],
        text=text(row, "text"),
        claimed=text(row, "claimed"),
        observed=text(row, "observed"),
        reason=text(row, "reason"),
        scenarios=tuple(one for one in texts(row, "evidence") if one in played),
    )
