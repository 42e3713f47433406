"""Canaries: values that stand for a patient, each in one place, and known again anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from harness import deidentification
from harness.model import JSON
from simulators.wire.dataset import DataItem, Element

CODE_MEANING: Final = 0x00080104
REFERENCED_INSTANCE: Final = 0x00081155

_DATES: Final = 50
_FIRST_YEAR: Final = 1901
_TEXTS: Final = frozenset(
    ("AE", "CS", "LO", "LT", "SH", "ST", "UC", "UN", "UR", "UT", "OB", "OW")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Canary:
    """One value that must not come out.

    Attributes:
        text: What it is known by.
        place: Where it was put, in words.
        action: What PS3.15 has done with the attribute under the claimed options; empty where it
            has no row, and goes by a rule.
        decides: Whether finding it is a FAIL: its rule was read, and no option lets it be cleaned.
        tag: The attribute in which alone it is looked for: a date may well stand in another one,
            moved there or there by right. 0 looks at every octet.
    """

    text: str
    place: str
    action: str = ""
    decides: bool = True
    tag: int = 0

    def data(self) -> dict[str, JSON]:
        """For an observation."""
        return {"place": self.place, "action": self.action, "decides": self.decides}


class Aviary:
    """Makes the canaries of one object, each with a number of its own.

    Args:
        token: Marks the play.
        options: The options that the device claims.
    """

    def __init__(self, token: str, options: tuple[str, ...]) -> None:
        self.token = token
        self.canaries: list[Canary] = []
        self._options = options

    @property
    def date(self) -> str:
        """The one date of the object; never the first of a month, to which dates are rounded."""
        number = int(self.token[:6])
        return f"{_FIRST_YEAR + number % _DATES}{1 + number % 12:02}{9 + number % 18:02}"

    def text(self, place: str, *, action: str = "", decides: bool = True) -> str:
        """A new text that any value representation of text can hold."""
        made = f"ZQ{len(self.canaries):03}{self.token[:9]}"
        self.put(made, place, action=action, decides=decides)
        return made

    def put(
        self, text: str, place: str, *, action: str = "", decides: bool = True, tag: int = 0
    ) -> None:
        """Notes a value that must not come out; arguments as for `Canary`."""
        self.canaries.append(Canary(text, place, action, decides, tag))

    def listed(self, tag: int, vr: str, where: str = "") -> Element | None:
        """An attribute of the table with a canary; None where this VR can hold none, or may.

        Args:
            tag: The attribute.
            vr: Its value representation.
            where: In which part of the object, in words.
        """
        row = deidentification.row_of(tag)
        if row is None:
            return None
        action = row.action(self._options)
        moved = vr in ("DA", "DT") and action == "C"
        if action == "K" or (vr == "TM" and action == "C"):
            return None
        make = _MAKERS.get(vr)
        if make is None:
            return None
        place = f"({tag >> 16:04X},{tag & 0xFFFF:04X}){where}"
        decides = row.read and (moved or action != "C")
        return make(self, tag, vr, _Rule(place, action, decides))


@dataclass(frozen=True, slots=True)
class _Rule:
    place: str
    action: str
    decides: bool


def _text(birds: Aviary, tag: int, vr: str, rule: _Rule) -> Element:
    made = birds.text(rule.place, action=rule.action, decides=rule.decides)
    return Element(tag=tag, vr=vr, value=made)


def _name(birds: Aviary, tag: int, vr: str, rule: _Rule) -> Element:
    made = birds.text(rule.place, action=rule.action, decides=rule.decides)
    return Element(tag=tag, vr=vr, value=f"{made}^CANARY")


def _date(birds: Aviary, tag: int, vr: str, rule: _Rule) -> Element:
    birds.put(birds.date, rule.place, action=rule.action, decides=rule.decides, tag=tag)
    time = f"031337.{birds.token[:6]}" if vr == "DT" else ""
    return Element(tag=tag, vr=vr, value=birds.date + time)


def _number(birds: Aviary, tag: int, vr: str, rule: _Rule) -> Element:
    made = f"{17 + len(birds.canaries) % 3}{len(birds.canaries):03}{birds.token[:4]}"
    birds.put(made, rule.place, action=rule.action, decides=rule.decides)
    return Element(tag=tag, vr=vr, value=made)


def _time(birds: Aviary, tag: int, vr: str, rule: _Rule) -> Element:
    made = f"031337.{birds.token[:6]}"
    birds.put(made, rule.place, action=rule.action, decides=rule.decides, tag=tag)
    return Element(tag=tag, vr=vr, value=made)


def _uid(birds: Aviary, tag: int, vr: str, rule: _Rule) -> Element:
    made = f"2.25.{birds.token}.{9000 + len(birds.canaries)}"
    birds.put(made, rule.place, action=rule.action, decides=rule.decides)
    return Element(tag=tag, vr=vr, value=made)


def _sequence(birds: Aviary, tag: int, vr: str, rule: _Rule) -> Element:
    """A sequence whose item holds what no row of its own would remove."""
    if "U" in rule.action:
        inner = _uid(birds, REFERENCED_INSTANCE, "UI", rule)
    else:
        inner = _text(birds, CODE_MEANING, "LO", rule)
    return Element(tag=tag, vr=vr, value=(DataItem(elements=(inner,)),))


_MAKERS: Final[Mapping[str, Callable[[Aviary, int, str, _Rule], Element]]] = {
    **dict.fromkeys(_TEXTS, _text),
    "DA": _date,
    "DS": _number,
    "DT": _date,
    "IS": _number,
    "PN": _name,
    "SQ": _sequence,
    "TM": _time,
    "UI": _uid,
}
"""What makes a canary by VR; numbers in binary are too common to be known again."""
