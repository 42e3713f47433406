"""Embedded devices, found by the entry-point group ``dicom_assay.devices``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, cast

from harness.errors import BenchError
from harness.model import Claim
from harness.profile import Profile


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


def declared(name: str) -> Sequence[str]:
    """What the reference device declares: "flaws", "twins", "null-kinds" or "claim-lies"."""
    return cast(Callable[[], Sequence[str]], _load(name))()


@cache
def _load(name: str) -> object:
    for entry in entry_points(group="dicom_assay.devices", name=name):
        return cast(object, entry.load())
    raise BenchError(f"the embedded device '{name}' is not installed: reinstall dicom-assay")
