"""What the user asked of the fuzzing scenarios: how many mutants, or one reproducer alone."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.errors import ProfileError

FAMILY = "FUZ"
"""The family whose scenarios play as many mutants as are asked for."""

FOLDER = "fuzz"
"""Where the findings stand in a run folder, as reproducers."""

MOST = 10_000_000

_LEAST_RATE = 20.0
"""Mutants a second that a slow device still takes: what the budget of a long campaign allows."""

_MOST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzing:
    """What is asked of scenarios that play mutants.

    Attributes:
        mutants: How many each of them plays; None for the scenario's own small number.
        reproducer: A stored finding to be played instead.
    """

    mutants: int | None = None
    reproducer: Path | None = None

    def more_time_s(self, family: str) -> float:
        """Seconds that a play of this family needs beyond its usual budget."""
        return (self.mutants or 0) / _LEAST_RATE if family == FAMILY else 0.0


NOTHING_ASKED = Fuzzing()
"""Each scenario plays its own small number of mutants."""


def reproducer_in(run: Path, name: str) -> Path | None:
    """The stored finding of a run with that name (``FUZ-001.2``); None when there is none."""
    path = run / FOLDER / f"{name}.json"
    return path if "/" not in name and path.is_file() else None


def scenario_of(reproducer: Path) -> str:
    """The id of the scenario that plays a reproducer.

    Raises:
        ProfileError: The file cannot be read, or is no reproducer.
    """
    try:
        if reproducer.stat().st_size > _MOST_BYTES:
            raise ProfileError(f"{reproducer}: larger than any reproducer of ours")
        document = json.loads(reproducer.read_text("utf-8"))
        return str(document["scenario"])
    except OSError as error:
        raise ProfileError(f"{reproducer}: cannot read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ProfileError(f"{reproducer}: is no reproducer of a finding") from error


def selected(
    patterns: Iterable[str], fuzzing: Fuzzing, known: Iterable[str] = ()
) -> tuple[tuple[str, ...], Fuzzing]:
    """Patterns of ``--select`` with a reproducer, where one is named, in place of its scenario.

    A number of mutants that is asked for selects the fuzzing scenarios besides what is selected.

    Args:
        patterns: Globs on scenario ids, or paths of reproducers.
        fuzzing: What is asked so far.
        known: Ids of all scenarios.

    Raises:
        ProfileError: A file is no reproducer, or there are several.
    """
    files = [Path(one) for one in patterns if one.endswith(".json")]
    if len(files) > 1:
        raise ProfileError("--select: one reproducer at a time")
    if files:
        return (scenario_of(files[0]),), Fuzzing(mutants=fuzzing.mutants, reproducer=files[0])
    chosen = tuple(patterns)
    fuzz = f"{FAMILY}-*"
    wanted = fuzzing.mutants is not None and chosen and not fnmatch.filter(chosen, fuzz)
    return ((*chosen, fuzz) if wanted and fnmatch.filter(known, fuzz) else chosen), fuzzing
