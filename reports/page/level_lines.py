"""The level of a run, and its waivers, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.run import Run
from reports.page.scheme import ladder_of
from reports.page.waivers import waivers_of

_MOST_GAPS = 40


def level_lines(run: Run, quoted: Callable[[str], str]) -> Iterator[str]:
    """The level in one line, then a table of the gaps; nothing for a run without a scheme.

    Args:
        run: The run.
        quoted: Makes text of a run nothing but text.
    """
    ladder = ladder_of(run)
    if ladder is None:
        return
    sign = {"good": "✅", "part": "🟡", "none": "❌"}[ladder.tone]
    mark = f" ({ladder.mark})" if ladder.mark else ""
    yield f"{sign} **{quoted(ladder.headline)}**: {quoted(ladder.title)}{mark}"
    yield ""
    gaps = [(step.title, gap) for step in ladder.steps for gap in step.gaps]
    if gaps:
        yield f"### Gaps ({len(gaps)})"
        yield ""
        yield "| level | requirement | stands | why | to close it |"
        yield "|:--|:--|:--|:--|:--|"
        for title, gap in gaps[:_MOST_GAPS]:
            cells = (title, gap.requirement, gap.state, gap.reason, gap.remedy)
            yield f"| {' | '.join(map(quoted, cells))} |"
        yield ""
        if len(gaps) > _MOST_GAPS:
            yield f"{len(gaps) - _MOST_GAPS} more gaps are in the HTML report."
            yield ""
    yield f"<sub>{quoted(ladder.note)}</sub>"
    yield ""


def waiver_lines(run: Run, quoted: Callable[[str], str]) -> Iterator[str]:
    """A table of the waivers, the loudest first; nothing for a run without any."""
    found = waivers_of(run)
    if not found:
        return
    yield "### Waivers"
    yield ""
    yield "| scenario | state | expected | came | why | who answers | until |"
    yield "|:--|:--|:--|:--|:--|:--|:--|"
    for one in found:
        state = f"⚠️ {one.state}" if one.state in ("expired", "not met") else one.state
        cells = (one.scenario, one.expected, one.came, one.why, one.owner, one.expires)
        first, *rest = map(quoted, cells)
        yield f"| {first} | {state} | {' | '.join(rest)} |"
    yield ""
