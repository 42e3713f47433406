"""Whether a browser can be driven on this machine; who judges only needs to know that it cannot."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from typing import Final

from harness.model import Claim, Scenario

NEEDING: Final = frozenset(
    {
        Claim.BROWSER_PAGES,
        Claim.BROWSER_DOCUMENT,
        Claim.BROWSER_VIEWER,
        Claim.BROWSER_LAUNCH,
        Claim.BROWSER_ACTION,
    }
)
"""Claims that nobody can look into without a browser."""

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def program() -> str | None:
    """The Chromium of this machine, or None."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def split(catalogue: Mapping[str, Scenario]) -> tuple[dict[str, Scenario], list[str]]:
    """What can be played on this machine, and the ids of what cannot for want of a browser."""
    if not missing():
        return dict(catalogue), []
    left_out = [name for name, scenario in catalogue.items() if scenario.needs & NEEDING]
    return {name: one for name, one in catalogue.items() if name not in left_out}, left_out


def missing() -> str:
    """What a browser cannot be driven without, and how to get it; nothing if it can."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is missing: pip install 'dicom-assay[browser]'"
    if program() is None:
        return "Chromium is missing: apt-get install chromium, or your system's way to it"
    return ""
