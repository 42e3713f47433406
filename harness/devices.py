"""Embedded devices, found by the entry-point group ``dicom_assay.devices``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final, Protocol, cast

from harness import profile as profiles
from harness import terminal
from harness.errors import BenchError, RequestError
from harness.model import Claim
from harness.profile import Profile

LIST_LIES: Final = "list"
"""Instead of the name of a lie: show them all."""


class ReferenceFactory(Protocol):
    """Makes the profile of the reference device."""

    def __call__(
        self, flaws: Sequence[str] = (), twins: Sequence[str] = (), claims: Collection[Claim] = ()
    ) -> Profile:
        """With the named flaws and benign twins on, claiming that if it can."""
        ...


def embedded_profile(
    flaws: Sequence[str] = (), twins: Sequence[str] = (), claims: Collection[Claim] = ()
) -> Profile:
    """The reference device's profile; where it can, in a configuration with these claims.

    Raises:
        BenchError: It is not installed.
    """
    factory = cast(ReferenceFactory, _load("reference"))
    return factory(flaws, twins, claims)


def null_profile(kind: str) -> Profile:
    """The profile of a null device, with all that the reference device ever claims."""
    return cast(Callable[[str], Profile], _load("null"))(kind)


def lying_profile(lie: str) -> Profile:
    """The reference device's profile when it claims something false.

    Raises:
        RequestError: There is no such lie.
    """
    return cast(Callable[[str], Profile], _load("lying"))(lie)


def profile_for(device: Path | None, lie: str | None) -> Profile:
    """The profile of a file, or of the reference device, which may be made to lie.

    Raises:
        RequestError: A lie is asked of a device of the user's, or there is none of that name.
    """
    if lie is not None and device is not None:
        raise RequestError("--claim-lie is for the reference device: leave out DEVICE.toml")
    if lie is not None:
        return lying_profile(lie)
    return profiles.load(device) if device else embedded_profile()


def tell_lies() -> None:
    """Lists what the reference device can be made to claim falsely."""
    for line in declared("claim-lies"):
        terminal.say(line)


def declared(name: str) -> Sequence[str]:
    """What the reference device declares: "flaws", "twins", "null-kinds" or "claim-lies"."""
    return cast(Callable[[], Sequence[str]], _load(name))()


@cache
def _load(name: str) -> object:
    for entry in entry_points(group="dicom_assay.devices", name=name):
        return cast(object, entry.load())
    raise BenchError(f"the embedded device '{name}' is not installed: reinstall dicom-assay")
