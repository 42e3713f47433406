"""What the end and the words of a program say: that it read, refused or crashed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final, Protocol

from harness.verdict import Outcome
from simulators.readers import Ran

_SHELL_SAYS_SIGNAL = range(129, 160)
_FATAL: Final = frozenset({4, 5, 6, 7, 8, 11, 31})
"""ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS: what a wrapper tells as 128 and the number."""

_SANITIZERS: Final = re.compile(
    rb"(?:Address|Memory|Thread|Leak|UndefinedBehavior)Sanitizer[: ]|: runtime error: "
)
_UNHANDLED: Final = re.compile(
    rb"Traceback \(most recent call last\)|terminate called |stack smashing detected|"
    rb"Segmentation fault|double free or corruption|malloc\(\): |free\(\): |"
    rb"Exception in thread |Unhandled exception|panicked at |fatal error: |goroutine \d+ \["
)
_CONTROLS: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\udc80-\udc9f]")
_MOST_CONTROLS: Final = 8
_AROUND: Final = 8


class Documented(Protocol):
    """What the section of a profile says of the ends of a program."""

    @property
    def timeout_s(self) -> float:
        """How long it takes at most."""
        ...

    @property
    def codes_of_success(self) -> tuple[int, ...]:
        """Exit codes that say that it succeeded."""
        ...

    @property
    def codes_of_refusal(self) -> tuple[int, ...]:
        """Exit codes that say that it refused; none where every other one does."""
        ...

    @property
    def failure_marks(self) -> tuple[str, ...]:
        """Texts by which it says that it failed."""
        ...

    @property
    def success_marks(self) -> tuple[str, ...]:
        """Texts of which it says one whenever it succeeded."""
        ...


def crash_of(ran: Ran, section: Documented) -> Sequence[str]:
    """Every evidence that it crashed, in words."""
    found: list[str] = []
    ended = ran.ended
    ended_by_us = ended.timed_out or bool(ran.stopped)
    if ended.signal is not None and not ended_by_us:
        found.append(f"ended by {ended.signal}")
    code = ended.exit_status
    if code is not None and code in _SHELL_SAYS_SIGNAL and code - 128 in _FATAL:
        found.append(f"exit {code}, which says signal {code - 128}")
    found += [f"core file {name}" for name in ran.changes.cores[:1]]
    if spoke := _SANITIZERS.search(ran.output):
        found.append(f"a sanitizer spoke: {_line(ran.output, spoke.start())}")
    # Whoever goes on and reads the file has handled what it tells of.
    spoke = _UNHANDLED.search(ran.output)
    if spoke and code not in section.codes_of_success and not ended_by_us:
        found.append(f"an unhandled error: {_line(ran.output, spoke.start())}")
    return found


def outcome_of(ran: Ran, section: Documented) -> Outcome:
    """Read is RESPONDED, refused is REJECTED; an end that says neither is CLOSED."""
    ended = ran.ended
    if ended.timed_out or ran.stopped:
        return Outcome.TIMEOUT
    if ended.exit_status is None or crash_of(ran, section):
        return Outcome.CLOSED
    says_failure = _has(section.failure_marks, ran.output)
    silent = bool(section.success_marks) and not _has(section.success_marks, ran.output)
    if ended.exit_status in section.codes_of_success:
        return Outcome.REJECTED if says_failure or silent else Outcome.RESPONDED
    codes = section.codes_of_refusal
    known = not codes or ended.exit_status in codes
    return Outcome.REJECTED if known or says_failure else Outcome.CLOSED


def shown(ran: Ran, section: Documented) -> str:
    """How it ended, with its last words, for a sentence."""
    if ran.ended.timed_out:
        end = f"had to be ended after {section.timeout_s:g} s"
    elif ran.stopped:
        end = f"had to be ended for its {ran.stopped}"
    else:
        end = f"exit {ran.ended.signal or ran.ended.exit_status}"
    lines = [line for line in _plain(ran.output).splitlines() if line.strip()]
    return f"{end}: {lines[-1].strip()[:200]}" if lines else end


def control_octets(output: bytes) -> Sequence[str]:
    """Control characters in the output that a terminal obeys, each with what stands around it.

    Tab and line ends are none, nor is a carriage return: a page of text is made of them.
    """
    text = output.decode("utf-8", "surrogateescape")
    places = itertools.islice(_CONTROLS.finditer(text), _MOST_CONTROLS)
    return [ascii(text[max(0, at.start() - _AROUND) : at.end() + _AROUND]) for at in places]


def _has(marks: Sequence[str], output: bytes) -> bool:
    return any(mark.encode() in output for mark in marks)


def _line(output: bytes, at: int) -> str:
    return _plain(output[at:].split(b"\n", 1)[0])[:200].strip()


def _plain(octets: bytes) -> str:
    """Text without anything that a terminal obeys."""
    return "".join(
        c if c == "\n" or c.isprintable() else "?" for c in octets.decode("utf-8", "replace")
    )
