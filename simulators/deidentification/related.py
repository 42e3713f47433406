"""Objects whose values hang together: UIDs that occur more than once, dates in an order."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

from simulators.deidentification.canaries import Aviary
from simulators.deidentification.objects import ANATOMY, Subject, made
from simulators.wire.dataset import DataItem, Element

UIDS: Final[Mapping[int, str]] = {
    0x00080018: "1.1",
    0x0020000D: "2",
    0x0020000E: "3",
    0x00200052: "4",
    0x00200200: "5",
}
"""Where each UID of the object stands at the top level, and how it ends."""

BELOW: Final[Mapping[int, str]] = {
    0x00081155: "1.1",
    0x0020000D: "2",
    0x00200052: "4",
    0x00200200: "5",
}
"""Where some of them stand again, in an item of a sequence that no row removes."""

DATES: Final[Mapping[int, int]] = {
    0x00080020: 0,
    0x00080021: 3,
    0x00080022: 40,
    0x00080023: 400,
}
"""Dates of study, series, acquisition and content, in days after the first."""

STAMP: Final = 0x0008002A
"""Acquisition DateTime."""


def with_uids(token: str, options: tuple[str, ...]) -> Subject:
    """An object that names itself, its study and its frames of reference twice."""
    birds = Aviary(token, options)
    for tag, ending in UIDS.items():
        birds.put(f"2.25.{token}.{ending}", f"({tag >> 16:04X},{tag & 0xFFFF:04X})", action="U")
    inner = tuple(_uid(tag, token, ending) for tag, ending in sorted(BELOW.items()))
    top = [_uid(tag, token, ending) for tag, ending in UIDS.items()]
    held = Element(tag=ANATOMY, vr="SQ", value=(DataItem(elements=inner),))
    return made(birds, (*top, held))


def with_dates(token: str, options: tuple[str, ...]) -> Subject:
    """An object with dates in an order, and one of them again as a time stamp, in an item too.

    A moved date may be another one's original, so that none of them is a canary.
    """
    birds = Aviary(token, options)
    days = dates_of(token)
    stamp = Element(tag=STAMP, vr="DT", value=f"{days[0x00080022]}031337.000000")
    held = Element(tag=ANATOMY, vr="SQ", value=(DataItem(elements=(stamp,)),))
    dates = [Element(tag=tag, vr="DA", value=day) for tag, day in days.items()]
    return made(birds, (*dates, stamp, held))


def dates_of(token: str) -> Mapping[int, str]:
    """The dates of that object."""
    return {tag: shown(Aviary(token, ()).date, days) for tag, days in DATES.items()}


def shown(date: str, days: int) -> str:
    """A date so many days after another."""
    first = datetime.datetime.strptime(date, "%Y%m%d").date()
    return (first + datetime.timedelta(days=days)).strftime("%Y%m%d")


def _uid(tag: int, token: str, ending: str) -> Element:
    return Element(tag=tag, vr="UI", value=f"2.25.{token}.{ending}")
