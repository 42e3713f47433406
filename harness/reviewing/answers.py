"""Answers to the questions of a run: from a file, from flags, or from a person at a terminal."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from harness.errors import RequestError
from harness.model import JSON, Question, Scenario
from harness.profile import Profile
from harness.proof.keys import keyid_of, load_public
from harness.proof.signing import Signer
from harness.reviewing import attachments
from harness.reviewing.attestation import binding, sealed

_MOST_BYTES = 1024 * 1024
_TURNS_TEXT_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Answer(BaseModel):
    """One ``[[answer]]``: who says what, when, and with which evidence.

    Attributes:
        scenario: Id of the scenario that asks.
        answer: "yes" means that the requirement holds.
        by: Name of the person who looked.
        role: Their function.
        organisation: For whom they work.
        at: When they looked; UTC where no zone is given.
        note: What they saw; for "n/a", why the question does not apply.
        attachments: Files, relative to the file of answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str = Field(min_length=1, max_length=40)
    answer: Literal["yes", "no", "n/a"]
    by: str = Field(min_length=1, max_length=200)
    role: str = Field(default="", max_length=200)
    organisation: str = Field(default="", max_length=200)
    at: datetime.datetime
    note: str = Field(default="", max_length=4000)
    attachments: tuple[str, ...] = Field(default=(), max_length=attachments.MOST)

    @field_validator("by", "role", "organisation", "note")
    @classmethod
    def _plain(cls, value: str) -> str:
        strange = {c for c in value if c in _TURNS_TEXT_ROUND or (ord(c) < 32 and c not in "\n\t")}
        if strange or "\x7f" in value:
            raise ValueError("must be plain text, without control characters")
        return value.strip()

    @field_validator("at")
    @classmethod
    def _in_the_past(cls, value: datetime.datetime) -> datetime.datetime:
        aware = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        # A day of grace: a date without a zone may be tomorrow's in UTC.
        if aware > datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1):
            raise ValueError("lies in the future: nobody has looked yet")
        return aware

    @model_validator(mode="after")
    def _someone_says_why(self) -> Self:
        if not self.by:
            raise ValueError("'by' must name the person who looked")
        if self.answer == "n/a" and not self.note:
            raise ValueError("an answer 'n/a' needs a 'note' that says why it does not apply")
        return self


def of(data: Mapping[str, object], where: str) -> Answer:
    """One answer from values that somebody typed.

    Raises:
        RequestError: One line that names the key and the way out.
    """
    try:
        return Answer.model_validate(data)
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        raise RequestError(f"{where}: {f'{key!r}: ' if key else ''}{message}") from error


def read(path: Path) -> dict[str, Answer]:
    """The answers of a TOML file by scenario; its top level may hold defaults for all of them.

    Raises:
        RequestError: The file cannot be read, or an answer is malformed or given twice.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        if len(raw) > _MOST_BYTES:
            raise RequestError(f"{path}: larger than 1 MiB: no file of answers")
        data = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise RequestError(f"{path}: cannot read the answers: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(f"{path}: not valid TOML: {error}") from error
    rows = data.pop("answer", [])
    if not isinstance(rows, list) or not rows:
        raise RequestError(f"{path}: has no [[answer]]")
    found: dict[str, Answer] = {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise RequestError(f"{path}: answer {number} is no table")
        one = of({**data, **row}, f"{path}: answer {number}")
        if one.scenario in found:
            raise RequestError(f"{path}: {one.scenario} is answered twice")
        found[one.scenario] = one
    return found


def of_profile(profile: Profile, catalogue: Mapping[str, Scenario]) -> dict[str, Answer]:
    """The answers that ``[reviews] answers`` names, checked against what is asked.

    Raises:
        RequestError: The file cannot be read, or answers what nobody asks.
    """
    if profile.reviews is None or not profile.reviews.answers:
        return {}
    path = profile.folder / profile.reviews.answers
    found = read(path)
    refuse_strangers(found, [one.id for one in catalogue.values() if one.question], str(path))
    return found


def brought(
    given: Mapping[str, Answer], profile: Profile, selected: Iterable[Scenario],
    head: Mapping[str, JSON], run: Path,
) -> dict[str, dict[str, JSON]]:  # fmt: skip
    """The answers of the profile as the record of a run takes them, by scenario.

    Raises:
        RequestError: An attachment cannot be taken.
    """
    answers = profile.reviews.answers if profile.reviews else ""
    folder = (profile.folder / answers).parent
    bound_to = binding(head)
    return {
        one.id: attested(given[one.id], one.question, run, bound_to, folder=folder)
        for one in selected
        if one.question and one.id in given
    }


def reviewers(profile: Profile) -> list[JSON]:
    """Ids of the keys whose signature under an answer the profile trusts.

    Raises:
        SignatureError: A file holds no public key.
    """
    named = profile.reviews.keys if profile.reviews else ()
    return [keyid_of(load_public(profile.folder / name, "[reviews] keys")) for name in named]


def refuse_strangers(given: Collection[str], known: Collection[str], where: str) -> None:
    """Refuses answers to what nobody asked.

    Raises:
        RequestError: It names the first of them.
    """
    for name in given:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise RequestError(f"{where}: {name[:40]} is no question here; there are: {listed}")


def attested(
    one: Answer, question: Question, run: Path, bound_to: str, *, folder: Path | None = None,
    signer: Signer | None = None,
) -> dict[str, JSON]:  # fmt: skip
    """The answer as it goes into the record, with its attachments in the run folder.

    Args:
        one: The answer.
        question: What was asked.
        run: The run folder.
        bound_to: Which run it is about (:func:`harness.reviewing.attestation.binding`).
        folder: Where its attachments lie; those of a file of answers may not lie outside it. None
            for what a person named in a flag.
        signer: Who signs.

    Raises:
        RequestError: An attachment cannot be taken.
        SignatureError: The key cannot sign now.
    """
    files = [_within(folder, name) for name in one.attachments]
    kept: list[JSON] = [attachments.keep(file, run, one.scenario) for file in files]
    said: dict[str, JSON] = {
        "run": bound_to,
        "scenario": one.scenario,
        "question": question.ask,
        "answer": one.answer,
        "by": one.by,
        "role": one.role,
        "organisation": one.organisation,
        "at": one.at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "note": one.note,
        "attachments": kept,
    }
    return sealed(said, [signer] if signer else [])


def _within(folder: Path | None, name: str) -> Path:
    if folder is None:
        return Path(name)
    base = folder.resolve()
    file = (base / name).resolve()
    if not file.is_relative_to(base):
        raise RequestError(
            f"attachments: {name[:80]!r} lies outside the folder of the answers; put it there"
        )
    return file
