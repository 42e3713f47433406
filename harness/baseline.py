"""Expected verdicts: known findings that somebody answers for, strict both ways, with an end.

A failure that is expected is not unexpected; an expected failure that does not happen is. An
expired entry expects nothing any more.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from harness.errors import ProfileError
from harness.model import JSON
from harness.run import Result, Run
from harness.verdict import Verdict

_BAD = frozenset({"FAIL", "ERROR"})


class Expectation(BaseModel):
    """One ``[[expect]]`` entry: which verdict, with which kind or code, why, who, until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str
    verdict: str
    reason: str = Field(description="kind of the failure, or code of the inconclusive verdict")
    why: str = Field(min_length=3)
    owner: str = Field(min_length=1)
    expires: datetime.date

    @field_validator("verdict")
    @classmethod
    def _is_a_verdict(cls, value: str) -> str:
        if value not in Verdict.__members__:
            raise ValueError(f"there are {', '.join(Verdict.__members__)}")
        return value


class Baseline(BaseModel):
    """A baseline file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expect: list[Expectation] = Field(default_factory=list)

    @field_validator("expect")
    @classmethod
    def _each_once(cls, value: list[Expectation]) -> list[Expectation]:
        names = [entry.scenario for entry in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"{name} is expected twice")
        return value

    def waivers(self) -> list[JSON]:
        """Its entries, for the head of a record."""
        return [entry.model_dump(mode="json") for entry in self.expect]


NOTHING_EXPECTED = Baseline()
"""Without a baseline every failure is unexpected."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against a baseline: what was expected, and what was not."""

    expected: tuple[str, ...]
    unexpected: tuple[str, ...]


def load(path: Path) -> Baseline:
    """Reads a baseline.

    Raises:
        ProfileError: One line that names the file and the key.
    """
    try:
        return Baseline.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ProfileError(f"--baseline {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"--baseline {path}: not valid TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise ProfileError(f"--baseline {path}: '{key}': {problem['msg']}") from error


def judge(run: Run, baseline: Baseline, today: datetime.date | None = None) -> Comparison:
    """Compares; each entry of ``unexpected`` is a line for people."""
    now = today or datetime.datetime.now(datetime.UTC).date()
    wanted = {entry.scenario: entry for entry in baseline.expect}
    expected: list[str] = []
    unexpected: list[str] = []
    for row in run.results:
        entry = wanted.pop(str(row["id"]), None)
        if entry is None or entry.expires < now:
            ended = f" (the expectation expired on {entry.expires})" if entry else ""
            if row["verdict"] in _BAD:
                unexpected.append(f"{row['id']}: {row['verdict']}{ended}")
        elif _as_expected(row, entry):
            expected.append(f"{entry.scenario}: {entry.why} ({entry.owner})")
        else:
            unexpected.append(
                f"{entry.scenario}: expected {entry.verdict} ({entry.reason}), "
                f"got {row['verdict']} ({row['kind'] or row['code'] or '-'})"
            )
    return Comparison(tuple(expected), tuple(unexpected))


def _as_expected(row: Result | Mapping[str, object], entry: Expectation) -> bool:
    reason = row["kind"] or row["code"] or ""
    return row["verdict"] == entry.verdict and reason == entry.reason
