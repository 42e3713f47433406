"""What the reference device claims as a user agent of DICOMweb where a scenario needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from harness import profile as profiles
from harness.profile_agent import AgentService

TIMEOUT_S: Final = 6.0
ANSWER_TIMEOUT_S: Final = 2.0
MAX_MEMORY: Final = 32 << 20

_REFERENCE: Final = ("{python}", "-m", "simulators.devices.reference", "agent")
_NULL: Final = ("{python}", "-m", "simulators.devices.null.agent")
_ARGUMENTS: Final[Mapping[AgentService, tuple[str, ...]]] = {
    "search": (),
    "retrieve": (
        "--study", "{study}", "--series", "{series}", "--instance", "{instance}", "--out", "{out}",
    ),
    "store": ("--file", "{file}"),
}  # fmt: skip


def agented(read: profiles.Profile, arguments: Sequence[str]) -> profiles.Profile:
    """The profile that claims to be a user agent too, started with further arguments."""
    return read.model_copy(update={"user_agent": _section(_REFERENCE, arguments)})


def null_agent(kind: str) -> profiles.AgentSection:
    """What a null device claims of it."""
    return _section((*_NULL, kind), ())


def _section(program: Sequence[str], arguments: Sequence[str]) -> profiles.AgentSection:
    usual = ("--url", "{url}", "--token", "{token}")
    return profiles.AgentSection(
        commands={
            name: [*program, name, *usual, *more, *arguments] for name, more in _ARGUMENTS.items()
        },
        timeout_s=TIMEOUT_S,
        answer_timeout_s=ANSWER_TIMEOUT_S,
        max_memory=MAX_MEMORY,
        done_codes=(0,),
        failed_codes=(1,),
        success_marks=("done",),
        writes=True,
    )
