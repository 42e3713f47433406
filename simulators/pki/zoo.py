"""The zoo: every kind of certificate that a device may meet, wrong in one way or odd but valid.

``specimens(theme="dates", shown_by="client", rule="must")`` selects; ``specimen.make(authority)``
makes one. Importing this module generates nothing.
"""

from __future__ import annotations

import difflib
from functools import cache

from simulators.pki.species import (
    chain,
    constraints,
    dates,
    form,
    identity,
    names,
    revoked,
    strength,
    trust,
    usages,
)
from simulators.pki.specimen import Need, Role, Rule, Specimen, Theme

__all__ = ["Need", "Role", "Rule", "Specimen", "Theme", "specimen", "specimens"]

_ALL = tuple(
    one
    for house in (
        trust,
        dates,
        names,
        usages,
        constraints,
        chain,
        revoked,
        strength,
        form,
        identity,
    )
    for one in house.SPECIMENS
)


def specimens(
    theme: Theme | None = None, shown_by: Role | None = None, rule: Rule | None = None
) -> tuple[Specimen, ...]:
    """All specimens of that theme, role and rule, in a stable order; None is every one."""
    return tuple(
        one
        for one in _ALL
        if theme in (None, one.theme)
        and (shown_by is None or shown_by in one.shown_by)
        and rule in (None, one.rule)
    )


def specimen(name: str) -> Specimen:
    """The specimen of that name.

    Raises:
        KeyError: There is none; the message names those that come near.
    """
    found = _by_name().get(name)
    if found is None:
        near = difflib.get_close_matches(name, _by_name(), n=3)
        raise KeyError(f"no specimen {name!r}; near: {', '.join(near) or 'none'}")
    return found


@cache
def _by_name() -> dict[str, Specimen]:
    return {one.name: one for one in _ALL}
