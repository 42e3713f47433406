"""Chair, place and threats in a few lines of Markdown, for the summary of a CI job."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from harness.run import Run
from harness.standing import State
from harness.threats.model import load
from harness.threats.standing import fared, tally
from reports.page.chair import ChairView, chair_of
from reports.page.place import place_of
from reports.page.relevance import Trouble

Quote = Callable[[str], str]
"""Makes any text harmless in Markdown."""

_MOST = 12


def chair_lines(run: Run, quoted: Quote) -> Iterator[str]:
    """What matters to the chair that the run is read from, and in its place; maybe nothing."""
    chair, place = chair_of(run), place_of(run)
    if chair is not None:
        yield from _chair(chair, quoted)
    if place is not None:
        yield f"### Used in: {quoted(place.title)}"
        yield ""
        yield quoted(" ".join((place.text, place.responsible)).strip())
        yield ""
        if place.essential:
            yield "Broken, and essential here:"
            yield ""
            yield from _troubles(place.essential, place.more, quoted)


def threat_lines(run: Run, quoted: Quote) -> Iterator[str]:
    """How the threats fared: counts, and those that got through; nothing where none was played."""
    found = fared(run.document)
    if not any(one.scenarios for one in found.values()):
        return
    counts = (f"{count} {words}" for _, words, count in tally(found.values()))
    yield "### Threats"
    yield ""
    yield f"{', '.join(counts)}."
    yield ""
    through = [one for one in found.values() if one.state is State.BROKEN]
    for one in through[:_MOST]:
        yield f"- {quoted(one.threat)} {quoted(load()[one.threat].title)}: {quoted(one.reason)}"
    if len(through) > _MOST:
        yield f"- and {len(through) - _MOST} more"
    if through:
        yield ""


def _chair(chair: ChairView, quoted: Quote) -> Iterator[str]:
    yield f"### For: {quoted(chair.title)}"
    yield ""
    yield f"**{quoted(chair.headline)}**"
    yield ""
    for one in chair.concerns:
        yield f"**Broken: {quoted(one.topic)}.** {quoted(one.broken)} *Next:* {quoted(one.next)}"
        yield ""
        yield from _troubles(one.failures, one.more, quoted)
    for title, count in chair.undecided:
        yield f"- Not concluded: {quoted(title)}, {count} open"
    for title, count in chair.warned:
        yield f"- Warnings: {quoted(title)}, {count}"
    for title, benefit, count in chair.good:
        yield f"- Good news: {quoted(title)}, in {count} attacks. {quoted(benefit)}"
    if chair.undecided or chair.warned or chair.good:
        yield ""


def _troubles(troubles: Sequence[Trouble], more: int, quoted: Quote) -> Iterator[str]:
    for one in troubles:
        marks = [word for word in (one.kind, one.mark, "waived" if one.waived else "") if word]
        said = f" ({quoted(', '.join(marks))})" if marks else ""
        yield f"- {quoted(one.id)} {quoted(one.title)}{said}"
    if more:
        yield f"- and {more} more"
    yield ""
