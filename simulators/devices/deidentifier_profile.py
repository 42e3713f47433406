"""The reference device as a de-identifier: a program alone, where a scenario needs one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from harness import profile as profiles
from harness.deidentification import Option

OPTIONS: Final[tuple[Option, ...]] = ("retain-longitudinal-modified",)
"""What it keeps to beside the basic profile: the one option without which dates say nothing."""

_COMMAND: Final = (
    "{python}", "-m", "simulators.devices.reference.deidentifier_cli", "{file}", "--out", "{out}",
)  # fmt: skip
_NULL: Final = ("{python}", "-m", "simulators.devices.null.reader")


def deidentifying(read: profiles.Profile, switched: Sequence[str] = ()) -> profiles.Profile:
    """The profile of a program that de-identifies and does nothing else.

    Args:
        read: The usual profile.
        switched: Arguments that switch flaws on.
    """
    options = [part for option in OPTIONS for part in ("--option", option)]
    section = profiles.DeidentifierSection(
        command=[*_COMMAND, *options, *switched],
        timeout_s=5.0,
        exit_codes=profiles.ExitCodes(read=(0,), refused=(1,)),
        success_marks=("de-identified ",),
        profile="basic",
        options=OPTIONS,
    )
    return profiles.Profile(schema=1, device=read.device, deidentifier=section, source=read.source)


def null_section(read: profiles.Profile, kind: str) -> profiles.DeidentifierSection:
    """A de-identifier that claims the same and is null in its own way: it writes nothing."""
    section = deidentifying(read).deidentifier
    assert section is not None
    return section.model_copy(update={"command": [*_NULL, kind, "{file}"]})
