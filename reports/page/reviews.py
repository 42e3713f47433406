"""What a person was asked: open questions with what to do, and answers with who stands for them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON, Question
from harness.reviewing import attestation, reviews
from harness.run import Run
from reports.page.finding import Link, folder_of, inner_link
from reports.page.told import Quote
from reports.rows import mapped, mappings, text

_TONES = {"yes": "PASS", "no": "FAIL", "n/a": "NOT_APPLICABLE"}
_SIGNATURES = {
    attestation.VALID: ("PASS", "signed", "Signed by a key that the profile trusts."),
    attestation.UNKNOWN_KEY: (
        "WARN",
        "signed, unknown key",
        "Signed, but the profile does not name this key.",
    ),
    attestation.UNSIGNED: (
        "REVIEW",
        "unsigned",
        "Not signed: anybody who could write the record gave it.",
    ),
    attestation.INVALID: (
        "FAIL",
        "signature invalid",
        "The signature does not fit: this answer counts for nothing.",
    ),
}
_MOST = 200
"""More answers than this are in run.json only."""
_MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenView:
    """A question that waits for a person."""

    scenario: str
    title: str
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenView:
    """One answer; ``counts`` is False for one that was superseded, or does not hold."""

    scenario: str
    question: str
    answer: str
    tone: str
    who: str
    at: str
    note: str
    state: str
    state_tone: str
    signed: str
    state_meaning: str
    keyid: str
    attachments: tuple[tuple[Link, str, str], ...]
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsView:
    """The section: what is open, what counts, and what stays in the record besides.

    ``command`` asks all that is open.
    """

    open: tuple[OpenView, ...]
    given: tuple[GivenView, ...]
    earlier: tuple[GivenView, ...]
    more: int
    told: str
    command: str


def reviews_of(run: Run) -> ReviewsView | None:
    """The questions and answers of a run; None where it asked nobody."""
    asked = reviews.asked(run.results, run.plays)
    every = _given(run)
    if not asked and not every:
        return None
    waiting = [one for one in asked if one.open]
    shown = every[:_MOST]
    given = tuple(one for one in shown if one.counts)
    return ReviewsView(
        open=tuple(
            OpenView(scenario=one.scenario, title=one.title, question=one.question)
            for one in waiting
        ),
        command=f"assay attest {shlex.quote(folder_of(run))}",
        given=given,
        earlier=tuple(one for one in shown if not one.counts),
        more=len(every) - len(shown),
        told=_told(len(waiting), [one for one in every if one.counts]),
    )


def review_lines(run: Run, quoted: Quote) -> Iterator[str]:
    """The section in a few lines of Markdown; nothing where the run asked nobody."""
    view = reviews_of(run)
    if view is None:
        return
    yield "### Reviews by a person"
    yield ""
    yield view.told
    yield ""
    for one in view.given[:_MOST_LINES]:
        yield f"- {quoted(one.scenario)}: **{quoted(one.answer)}**, {quoted(one.who)}, {one.signed}"
    for waiting in view.open[:_MOST_LINES]:
        yield f"- {quoted(waiting.scenario)}: waits: {quoted(waiting.question.ask)}"
    yield ""


def _told(waiting: int, given: Sequence[GivenView]) -> str:
    signed = sum(one.state == attestation.VALID for one in given)
    words = [
        f"{waiting} question{'s' if waiting != 1 else ''} open" if waiting else "No question open"
    ]
    words.append(f"{len(given)} answered, {signed} of them signed by a trusted key")
    return f"{'; '.join(words)}."


def _given(run: Run) -> list[GivenView]:
    """Every answer; of each scenario the last one that holds counts."""
    rows = mappings(run.document, "attestations")
    last = {
        text(row, "scenario"): index for index, row in enumerate(rows) if _state(row) != "invalid"
    }
    return [
        _view(row, counts=last.get(text(row, "scenario")) == index)
        for index, row in enumerate(rows)
    ]


def _state(row: Mapping[str, JSON]) -> str:
    return text(mapped(row, "signature"), "state")


def _view(row: Mapping[str, JSON], *, counts: bool) -> GivenView:
    state = _state(row)
    tone, signed, meaning = _SIGNATURES.get(state, ("INCONCLUSIVE", "signature unclear", ""))
    said = (text(row, key) for key in ("by", "role", "organisation"))
    return GivenView(
        scenario=text(row, "scenario"),
        question=text(row, "question"),
        answer=text(row, "answer"),
        tone=_TONES.get(text(row, "answer"), "INCONCLUSIVE"),
        who=", ".join(word for word in said if word),
        at=f"{text(row, 'at')[:16].replace('T', ' ')} UTC",
        note=text(row, "note"),
        state=state,
        state_tone=tone,
        signed=signed,
        state_meaning=meaning,
        keyid=text(mapped(row, "signature"), "keyid"),
        attachments=tuple(_attachment(one) for one in mappings(row, "attachments")),
        counts=counts,
    )


def _attachment(one: Mapping[str, JSON]) -> tuple[Link, str, str]:
    """A link into the run folder, with size and digest."""
    name, size = text(one, "name"), one.get("bytes")
    link = inner_link(f"attachments/{name}")
    octets = size if isinstance(size, int) else 0
    plural = "" if octets == 1 else "s"
    shown = f"{octets:,} octet{plural}" if octets < 10_000 else f"{octets / 1_000_000:.2f} MB"
    return Link(text=name, href=link.href), shown, text(one, "sha256")
