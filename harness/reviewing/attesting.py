"""How answers get into a run that is over: one line of its record each, at once and for good.

The chain of the record goes on, so that nobody can slip an answer in between. What was answered
before somebody stopped stays.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from harness import run as runs
from harness.errors import RecordError, RequestError
from harness.model import Observation
from harness.proof.signing import Signer
from harness.record import RecordWriter
from harness.reports import write_report
from harness.reviewing import answers, attestation, reviews
from harness.reviewing.answers import Answer
from harness.reviewing.reviews import Asked
from harness.run import Run
from harness.witness import RUN, VERDICT_KEYS

Give = Callable[[Asked, Answer], None]
"""Puts one answer into the record."""


def questions(run: Run, ids: Sequence[str] = ()) -> list[Asked]:
    """The questions with those ids; without ids, those that wait for an answer.

    Raises:
        RecordError: The run has not come to its end.
        RequestError: It asks nothing, or not that.
    """
    if not run.document["complete"]:
        raise RecordError(
            f"{run.folder}: has not come to its end; continue it with 'assay run --resume' first"
        )
    found = {one.scenario: one for one in reviews.asked(run.results, run.plays)}
    if not found:
        raise RequestError(
            f"{run.folder}: asks nobody; add [reviews] to the profile and play it again"
        )
    wanted = [name.upper() for name in ids]
    answers.refuse_strangers(wanted, found, "ID")
    return [found[name] for name in wanted] or [one for one in found.values() if one.open]


@contextlib.contextmanager
def giving(run: Run, signer: Signer | None = None, folder: Path | None = None) -> Iterator[Give]:
    """Opens the record of a run for answers, for one process at a time.

    Args:
        run: The run.
        signer: Who signs each answer.
        folder: Where attachments lie that a file of answers names; None for those of flags.

    Raises:
        RecordError: The record cannot be written, is broken, or somebody else is at it.
    """
    path = run.folder / "record.jsonl"
    bound_to = attestation.binding(run.head)
    with _alone(path):
        writer = RecordWriter(path)
        try:

            def give(asked: Asked, answer: Answer) -> None:
                said = answers.attested(
                    answer, asked.question, run.folder, bound_to, folder=folder, signer=signer
                )
                for kind, data in attestation.observed(said):
                    seen = Observation(at_s=0.0, actor=attestation.REVIEWER, kind=kind, data=data)
                    writer.append(asked.scenario, seen)

            yield give
        finally:
            writer.close()
            _conclude(run)


def _conclude(run: Run) -> None:
    """Writes down what follows from new answers: verdict lines, run.json and the report."""
    after = runs.load(run.folder)
    before = {row["id"]: row["verdict"] for row in run.results}
    writer = RecordWriter(run.folder / "record.jsonl")
    try:
        for row in after.results:
            if row["verdict"] != before[row["id"]]:
                # As at the end of a play: this line stays readable in a redacted bundle.
                data = {key: row[key] for key in VERDICT_KEYS if key in row}
                seen = Observation(at_s=0.0, actor="engine", kind="verdict", data=data)
                writer.append(RUN, seen)
    finally:
        writer.close()
    after = runs.load(run.folder)
    runs.write_document(run.folder, after.document)
    if (run.folder / "report.html").exists():
        write_report(after, "html", run.folder / "report.html")


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two writers would tear the chain of a record."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except BlockingIOError as error:
        raise RecordError(
            f"{path}: somebody else is answering; try again when they are done"
        ) from error
